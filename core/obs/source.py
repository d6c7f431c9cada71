"""One Avatar source: what OBS tells it, what its worker says, and what it shows, put together.

What OBS calls (`update`, `set_shown`) only leaves a note; the keeper's thread does the rest.
"""

import time
from dataclasses import replace
from typing import Any, Dict, List, Mapping, Optional, Set

from ..link import protocol
from ..shared.settings import Settings
from ..shared.texts import text
from . import placeholder, virtual_camera
from .changing import change_from_dock
from .driving.driving import Driving
from .keeper import Keeper, Served
from .kept import calls, libobs
from .outgoing import Outgoing
from .output import Output
from .worker_process import WorkerProcess

QUIET_BEFORE_REFRESH = 3.0
"""The property panel is not rebuilt under the hands of a user who changed something within so many seconds."""


class Source(Served):
    """Serves the libobs source at address `source` with `settings`, until `close`.

    screen: the libobs source that its pictures go to, where that is another one.
    """

    FILLS = False
    """Whether the pictures take the shape of those that OBS feeds the worker."""
    WIDEST = 1
    """The greatest ratio of a frame's longer side to its shorter one, as `widest` in WorkerProcess."""

    def __init__(self, source: int, settings: Settings, screen: Optional[int] = None) -> None:
        self.settings = settings
        self.cameras: List[str] = []
        self.monitors: List[str] = []
        self.devices: Dict[str, str] = {}
        self.status = _status(protocol.STARTING, text("Status.NotShownYet"))
        self.frames = 0
        """The number of workers' frames that were shown."""
        self._output = Output(source, screen or source)
        self._driving = Driving(self._note, self.FILLS)
        self._camera_started = False
        self._calibrate_now = True
        self._name = ""
        self._changed_on_page = False
        self._changed_at = 0.0
        self._outgoing = Outgoing({
            **self._driving.messages,
            "settings": lambda: {"values": replace(self.settings, engine=self._keeper.engine).stored},
            "shown": lambda: {"value": self._output.shown},
            "calibrate": lambda: {"now": self._calibrate_now},
            "fetch": dict,
            "called": lambda: {"name": self._name}})
        self._keeper = Keeper(self, self._outgoing, self.WIDEST)
        self._keeper.start()

    @property
    def restarts(self) -> int:
        """How often the worker had to be started again."""
        return self._keeper.policy.restarts

    # ---- from OBS's threads: leave a note, never wait ---------------------------------------------------------------

    def update(self, settings: Settings) -> None:
        with self._outgoing.changed:
            self._changed_at = time.monotonic()
            if settings != self.settings:
                before, self.settings = self.settings, settings
                self._keeper.policy.changed((settings.engine, settings.device) != (before.engine, before.device))
                self._note("settings")

    def set_shown(self, shown: bool) -> None:
        with self._outgoing.changed:
            self._output.shown = shown
            self._note("shown")

    def calibrate(self, now: bool = True) -> None:
        """Take a new reference: the next face, or, unless `now`, the next steady and frontal moment."""
        with self._outgoing.changed:
            self._calibrate_now = now
            self._note("calibrate")

    def fetch_weights(self) -> None:
        """Download what the neural engine needs; only ever because the user asked for it."""
        self._note("fetch")

    def _note(self, kind: str) -> None:
        self._outgoing.note(kind)

    # ---- end --------------------------------------------------------------------------------------------------------

    def retire(self) -> None:
        """The source lives on, but nobody serves it: it must not keep somebody's last grimace."""
        self._output.close()
        self._keeper.let_go()
        self._output.show_placeholder(placeholder.OFF, self.settings.side, last=True)

    def close(self) -> None:
        """No picture goes to OBS after this. May be called twice."""
        self._output.end()
        self._keeper.close()

    # ---- for the keeper, in the source's own thread -----------------------------------------------------------------

    def begin(self) -> None:
        self._output.show_placeholder(placeholder.STARTING, self.settings.side)

    def is_shown(self) -> bool:
        return self._output.shown

    def look_around(self) -> None:
        """Open and close what the settings and showing want: what brings OBS's own pictures, and the virtual camera."""
        self._look_at_name()
        shown = self._output.shown
        wants_camera = self.settings.virtual_camera and shown
        if wants_camera and not self._camera_started:
            calls.on_ui_thread(virtual_camera.start)
        self._camera_started = wants_camera  # once each time it is shown: the user may stop it meanwhile
        try:
            self._driving.attend(self.settings, shown)
        except OSError as error:
            self._set_status(_status(protocol.ERROR, text("Status.NoMemory", error=error)))

    def _look_at_name(self) -> None:
        """The name of the source, which the user may change at any time."""
        name = self._output.alive(libobs.source_get_name)
        if name and name.decode("utf-8", "replace") != self._name:
            self._name = name.decode("utf-8", "replace")
            self._note("called")

    def sent(self, kinds: Set[str]) -> None:
        if "shown" in kinds and not self._output.shown:
            self._output.show_again()
        if "settings" in kinds and self._changed_on_page:
            self._changed_on_page, self._changed_at = False, 0.0  # no hands are on the panel
            self._refresh_panel()

    def fail(self, which: str, sentence: str) -> None:
        if not self._keeper.closing:
            self._set_status(_status(protocol.ERROR, sentence))
            self._output.show_placeholder(which, self.settings.side)

    def worker_gone(self) -> None:
        self._driving.close()

    # ---- for the keeper, in the worker's thread ---------------------------------------------------------------------

    def hear(self, worker: WorkerProcess, message: Mapping[str, Any]) -> None:
        if message["type"] == "frame":
            if self._output.show_frame(worker.link, message["number"]):
                self._keeper.showed()
                self.frames += 1
        elif message["type"] == "status":
            self._set_status(self._with_ban(message))
        elif message["type"] == "devices":
            self.cameras, self.monitors, self.devices = message["cameras"], message["monitors"], message["devices"]
            self._refresh_panel()
        elif message["type"] == "set":
            self._changed_on_page = True
            self._output.alive(lambda source: change_from_dock(source, message["values"]))

    # ---- what the user reads ----------------------------------------------------------------------------------------

    def _set_status(self, status: Mapping[str, Any]) -> None:
        changed = (status["state"], status["message"]) != (self.status["state"], self.status["message"])
        self.status = status
        if changed:
            self._refresh_panel()

    def _with_ban(self, status: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return the worker's status, with the reason why it uses another engine than the user wants."""
        minutes = self._keeper.banned_minutes()
        if not minutes or self.settings.engine == self._keeper.engine:
            return status
        reason = text("Status.EngineLeftAlone", minutes=minutes)
        return dict(status, message=(status["message"] + " " + reason).strip())

    def _refresh_panel(self) -> None:
        if time.monotonic() - self._changed_at > QUIET_BEFORE_REFRESH:
            self._output.alive(libobs.source_update_properties)

    def report(self) -> Dict[str, Any]:
        """Return the status with the figures of this side, for whoever asks OBS."""
        worker = self._keeper.worker
        return dict(self.status, frames=self.frames, restarts=self.restarts, worker_pid=worker.pid if worker is not None else 0)


def _status(state: str, message: str) -> Mapping[str, Any]:
    return {"state": state, "message": message, "fps": 0.0, "drawn": 0.0, "delay_ms": 0.0, "engine": "", "face": False}

"""Serves one Avatar source: brings together what OBS tells it, what its worker says, and what it shows.

The functions that OBS calls (`update`, `set_shown`) only leave a note; the keeper's thread does the rest.
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
"""The time in seconds after a change by the user for which the properties are not rebuilt, to leave them in peace."""


class Source(Served):
    """Serves the libobs source at address `source` with `settings`, until `close`.

    `screen` is the address of the libobs source that its pictures go to, if that is another one.
    """

    FILLS = False
    """Whether the finished pictures take the aspect ratio of the frames that OBS delivers to the worker."""
    WIDEST = 1
    """The largest ratio of a frame's longer side to its shorter one; it is `widest` in WorkerProcess."""

    def __init__(self, source: int, settings: Settings, screen: Optional[int] = None) -> None:
        self.settings = settings
        self.cameras: List[str] = []
        self.monitors: List[str] = []
        self.devices: Dict[str, str] = {}
        self.status = _status(protocol.STARTING, text("Status.NotShownYet"))
        self.frames = 0
        """The number of frames from its workers that were shown."""
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
        """The number of times that the worker had to be started again."""
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
        """Make the next face the reference or, unless `now`, wait for the next steady and frontal moment."""
        with self._outgoing.changed:
            self._calibrate_now = now
            self._note("calibrate")

    def fetch_weights(self) -> None:
        """Download the neural engine's weights. Call this only because the user asked for it."""
        self._note("fetch")

    def _note(self, kind: str) -> None:
        self._outgoing.note(kind)

    # ---- end --------------------------------------------------------------------------------------------------------

    def retire(self) -> None:
        """Stop serving the source, which lives on, and leave a placeholder in it instead of somebody's last grimace."""
        self._output.close()
        self._keeper.let_go()
        self._output.show_placeholder(placeholder.OFF, self.settings.side, last=True)

    def close(self) -> None:
        """End the worker; no picture goes to OBS after this. May be called twice."""
        self._output.end()
        self._keeper.close()

    # ---- for the keeper, in the source's own thread -----------------------------------------------------------------

    def begin(self) -> None:
        self._output.show_placeholder(placeholder.STARTING, self.settings.side)

    def is_shown(self) -> bool:
        return self._output.shown

    def look_around(self) -> None:
        """Start the virtual camera, and open or close the source that drives, as the settings and the visibility require."""
        self._look_at_name()
        shown = self._output.shown
        wants_camera = self.settings.virtual_camera and shown
        if wants_camera and not self._camera_started:
            calls.on_ui_thread(virtual_camera.start)
        self._camera_started = wants_camera  # started once per showing, because the user may stop it meanwhile
        try:
            self._driving.attend(self.settings, shown)
        except OSError as error:
            self._set_status(_status(protocol.ERROR, text("Status.NoMemory", error=error)))

    def _look_at_name(self) -> None:
        """Note the name of the source if it has changed; the user may change it at any time."""
        name = self._output.alive(libobs.source_get_name)
        if name and name.decode("utf-8", "replace") != self._name:
            self._name = name.decode("utf-8", "replace")
            self._note("called")

    def sent(self, kinds: Set[str]) -> None:
        if "shown" in kinds and not self._output.shown:
            self._output.show_again()
        if "settings" in kinds and self._changed_on_page:
            self._changed_on_page, self._changed_at = False, 0.0  # the change came from the page, not from the panel
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
        """Return the worker's status, with the reason if it uses an engine other than the chosen one."""
        minutes = self._keeper.banned_minutes()
        if not minutes or self.settings.engine == self._keeper.engine:
            return status
        reason = text("Status.EngineLeftAlone", minutes=minutes)
        return dict(status, message=(status["message"] + " " + reason).strip())

    def _refresh_panel(self) -> None:
        if time.monotonic() - self._changed_at > QUIET_BEFORE_REFRESH:
            self._output.alive(libobs.source_update_properties)

    def report(self) -> Dict[str, Any]:
        """Return the status and the figures of OBS's side, for obs-websocket requests."""
        worker = self._keeper.worker
        return dict(self.status, frames=self.frames, restarts=self.restarts, worker_pid=worker.pid if worker is not None else 0)


def _status(state: str, message: str) -> Mapping[str, Any]:
    return {"state": state, "message": message, "fps": 0.0, "drawn": 0.0, "delay_ms": 0.0, "engine": "", "face": False}

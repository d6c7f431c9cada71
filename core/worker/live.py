"""Runs the loop of a live worker: newest driving frame in, finished picture out, and a sign of life twice a second."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from models.contract import EngineUnavailable

from ..animation.animator import Animator
from ..link.ends import WorkerEnd
from ..pictures import encoding
from ..shared.setting import Changes
from ..shared.settings import DEFAULTS, Settings
from . import drivers, overlay
from .control import Control
from .dock.opening import Opening
from .dock.source import DockSource
from .drivers.reader import Reader
from .obs_pictures import ObsPictures
from .observing import Observed, Observer
from .screen import Screen
from .showing import OnAir
from .status import Driving, Status

HIDDEN_SECONDS = 1.0
"""The time for which the camera stays open after the source is hidden: its light must not blink at a cut between scenes."""
QUIET_SECONDS = 1.0
"""The time without a driving frame after which the avatar goes to rest, so that a driver that has stopped leaves no grimace."""
IDLE_STEP_SECONDS = 0.04
"""The interval at which a picture is shown and messages from OBS are read when no driving frames come."""


class Live:
    """The live worker: `run` continues until the process ends."""

    def __init__(self, control: Control, link: WorkerEnd, obs_pictures: ObsPictures) -> None:
        self._control = control
        self._link = link
        self._obs_pictures = obs_pictures
        self._screen = Screen(link)
        self._settings = DEFAULTS
        self._configured = False
        """Whether settings have arrived; before that, nothing is opened."""
        self._hidden_since: float | None = time.monotonic()
        self._on_air = OnAir()
        self._reader: Reader | None = None
        self._observer = Observer()
        self._status = Status()
        self._dock = DockSource(link.send, self._look)
        self._page = Opening(self._dock)
        self._last_frame = 0.0
        self._resting = False
        """Whether the picture that is shown now stays as it is."""

    def run(self) -> None:
        """Run the loop for ever. Raises OSError if OBS is gone."""
        while True:
            for message in self._control.messages():
                self._obey(message)
            self._attend_avatar()
            self._open_or_close_driver()
            self._attend_dock()
            observed = self._observer.observed.take(IDLE_STEP_SECONDS)
            self._take_failed()
            animator = self._on_air.animator
            if animator is not None:
                try:
                    self._show(animator, observed)
                except EngineUnavailable as error:
                    self._engine_failed(str(error))
            self._report()

    @property
    def driver_view(self) -> overlay.DriverView | None:
        """The view for `overlay.drawn`, from any thread; None while the driver is closed or has shown nothing yet."""
        return self._observer.driver_view if self._reader is not None else None

    # ---- messages ---------------------------------------------------------------------------------------------------

    def _obey(self, message: Mapping[str, Any]) -> None:
        if message["type"] == "settings":
            self._take_settings(Settings.of(message["values"]))
        elif message["type"] == "shown":
            self._hidden_since = None if message["value"] else (self._hidden_since or time.monotonic())
        elif message["type"] == "fetch":
            self._on_air.fetch()
        elif message["type"] == "called":
            self._dock.name = message["name"]
        elif message["type"] == "calibrate":
            self._calibrate(message["now"])

    def _take_settings(self, settings: Settings) -> None:
        changes = settings.changes(self._settings) if self._configured else frozenset(Changes)
        self._settings, self._configured, self._resting = settings, True, False
        self._on_air.want(settings, anew=Changes.AVATAR in changes)
        if Changes.DRIVER in changes and self._reader is not None:
            self._close_driver()

    def _calibrate(self, now: bool) -> None:
        if self._on_air.animator is not None:
            self._on_air.animator.calibrate(now)

    # ---- avatar -----------------------------------------------------------------------------------------------------

    def _attend_avatar(self) -> None:
        if not self._on_air.turn():
            return
        self._observer.animator = self._on_air.animator
        self._resting = False
        if self._on_air.animator is None and self._on_air.refusal:
            side = self._settings.side
            self._screen.show_placeholder((side, side), "Placeholder.CannotShow", "Placeholder.CannotShow.More")

    def _take_failed(self) -> None:
        failed = self._observer.failed.take(0)
        if failed is not None and failed[0] is self._on_air.animator:
            self._engine_failed(failed[1])

    def _engine_failed(self, sentence: str) -> None:
        self._on_air.engine_failed(sentence)
        self._observer.animator = None

    # ---- driver -----------------------------------------------------------------------------------------------------

    def _open_or_close_driver(self) -> None:
        if not self._configured:
            return
        put_away = self._settings.hidden
        unseen = (self._settings.deactivate_when_not_showing and self._hidden_since is not None
                  and time.monotonic() - self._hidden_since > HIDDEN_SECONDS)
        if self._reader is None and self._hidden_since is None and not put_away:
            self._reader = Reader(drivers.for_settings(self._settings, self._obs_pictures), self._observer.frames)
            self._last_frame = time.monotonic()
        elif self._reader is not None and (unseen or put_away):
            self._close_driver()

    def _close_driver(self) -> None:
        if self._reader is not None:
            self._reader.stop()
        self._reader = None
        self._observer.clear()
        self._status.stopped()  # "live" means that the driver that is open now moves the avatar, not that one once did
        if self._on_air.animator is not None:
            self._on_air.animator.driver_changed()

    # ---- dock page --------------------------------------------------------------------------------------------------

    def _attend_dock(self) -> None:
        if self._on_air.animator is not None or self._on_air.refusal:
            self._page.serve(self._settings.dock)
        if self._dock.calibration_wanted():
            self._calibrate(True)

    def _look(self) -> bytes | None:
        """Return what the driver sees as a JPEG, for the user who asks on the dock page, or None while nothing is open."""
        view = self.driver_view
        return encoding.jpeg(overlay.drawn(view).picture) if view is not None else None

    # ---- pictures ---------------------------------------------------------------------------------------------------

    def _show(self, animator: Animator, observed: Observed | None) -> None:
        now = time.monotonic()
        animator.aspect = self._obs_pictures.aspect if self._obs_pictures.fill else None
        if self._settings.hidden:
            if not self._resting:
                self._resting = True
                self._screen.show_placeholder(animator.size, "Placeholder.Hidden")
        elif observed is not None and observed.animator is animator and self._reader is not None:  # not of one just closed
            self._last_frame, self._resting = now, False
            self._screen.show(animator.draw(observed.seen))
            self._status.moved(observed.seconds)
        elif self._reader is None:
            if not self._resting:
                # This picture stays while the source is hidden, and is there at once when it is shown again.
                self._resting = True
                self._screen.show(animator.rest())
        elif now - self._last_frame > QUIET_SECONDS:
            self._screen.show(animator.wait(now))
            self._status.stopped()

    def _report(self) -> None:
        driving = Driving(self._reader is not None, self._reader.error if self._reader is not None else "")
        status = self._status.due(self._settings, self._on_air, driving, self._page.error)
        if status is not None:
            self._link.send("status", **status)
            self._dock.tell(status, self._settings)

"""Observes driving frames in a separate thread, so that the next face is found while this picture is drawn."""

from __future__ import annotations

import logging
import os
import threading
from typing import NamedTuple

from models.contract import EngineUnavailable

from ..animation.animator import Animator
from ..animation.driving import DrivingFrame
from ..animation.follow.following import Seen
from . import overlay
from .latest_only import LatestOnly

log = logging.getLogger(__name__)


class Observed(NamedTuple):
    animator: Animator
    """The animator that made the observation and draws it."""
    seen: Seen
    seconds: float
    """The driving frame's time of arrival, in seconds of time.monotonic()."""


class Observer:
    """The observing thread, which runs until the process ends.

    Set `animator`, put frames into `frames`, and take what was seen from `observed`.
    """

    def __init__(self) -> None:
        self.animator: Animator | None = None
        self.frames: LatestOnly[DrivingFrame] = LatestOnly()
        self.observed: LatestOnly[Observed] = LatestOnly()
        self.driver_view: overlay.DriverView | None = None
        """The newest driving frame and what was seen in it, for a user who asks to see it; nothing is copied for this."""
        self.failed: LatestOnly[tuple[Animator, str]] = LatestOnly()
        """The animator whose engine has failed, and the sentence for the user."""
        self._clearing = threading.Lock()
        self._cleared = 0
        threading.Thread(target=self._run, name="observing", daemon=True).start()

    def clear(self) -> None:
        """Discard everything in progress, including the frame that is being observed now."""
        with self._clearing:
            self._cleared += 1
            self.driver_view = None
            self.frames.clear()
            self.observed.clear()

    def _run(self) -> None:
        try:
            while True:
                frame, animator = self.frames.take(1.0), self.animator
                if frame is not None and animator is not None:
                    self._observe(animator, frame)
        except Exception:
            log.exception("the worker has failed while observing")
            os._exit(1)  # OBS's side then starts another worker; one that only seemed alive would not be replaced

    def _observe(self, animator: Animator, frame: DrivingFrame) -> None:
        cleared = self._cleared
        try:
            seen = Observed(animator, animator.observe(frame), frame.seconds)
        except EngineUnavailable as error:
            self.failed.put((animator, str(error)))
            return
        with self._clearing:
            if cleared == self._cleared:
                self.observed.put(seen)
                if frame.picture is not None:
                    self.driver_view = overlay.DriverView(frame.picture, animator.observed)

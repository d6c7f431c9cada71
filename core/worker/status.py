"""Reports the worker's state with a sentence for the user, its pictures per second and its delay."""

from __future__ import annotations

import time
from collections import deque
from typing import Any, NamedTuple

from ..link import protocol
from ..shared.settings import Settings
from ..shared.texts import text
from .showing import OnAir

KEPT = 60
"""The number of newest pictures from which the figures are computed."""


class Driving(NamedTuple):
    """The state of the driver."""

    is_open: bool
    error: str
    """What is wrong with the driver, as a sentence for the user; empty while frames come or may still come."""


class Status:
    """The worker's status: call `moved` for every picture that a driving frame moved, and `due` in every round of the loop."""

    def __init__(self) -> None:
        self._shown: deque[float] = deque(maxlen=KEPT)
        """The times at which pictures were shown, in seconds of time.monotonic()."""
        self._delays: deque[float] = deque(maxlen=KEPT)
        """The delays from the arrival of a driving frame to its picture, in milliseconds."""
        self._told_at = 0.0
        self._told = ("", "")

    def moved(self, driven_at: float) -> None:
        """Note that a picture is shown now that was moved by a driving frame; `driven_at` is when that arrived."""
        self._shown.append(time.monotonic())
        self._delays.append((self._shown[-1] - driven_at) * 1000)

    def stopped(self) -> None:
        """Note that no more driving frames come."""
        self._shown.clear()
        self._delays.clear()

    def due(self, settings: Settings, on_air: OnAir, driving: Driving, page_error: str) -> dict[str, Any] | None:
        """Return the fields of the message `status`, twice a second and when the state changes; None in between.

        `page_error` says why there is no dock page although it is wanted; it is empty if nothing is wrong.
        """
        now, state = time.monotonic(), self._state(settings, on_air, driving, page_error)
        if now - self._told_at < protocol.HEARTBEAT_SECONDS and state == self._told:
            return None
        self._told_at, self._told = now, state
        animator = on_air.animator
        used = animator.made_of if animator is not None else settings
        delays = sorted(self._delays)
        return {"state": state[0], "message": state[1], "fps": round(self._fps(now), 1),
                "drawn": round(animator.drawn_per_second, 1) if animator is not None else 0.0,
                "delay_ms": round(delays[len(delays) // 2], 1) if delays else 0.0,
                "engine": used.engine, "face": animator is not None and animator.face}

    def _fps(self, now: float) -> float:
        times = list(self._shown)
        return (len(times) - 1) / (times[-1] - times[0]) if len(times) > 1 and now - times[-1] < 1 else 0.0

    def _state(self, settings: Settings, on_air: OnAir, driving: Driving, page_error: str) -> tuple[str, str]:
        """Return the state and its sentence; of several, the most serious one."""
        note = " ".join(filter(None, (on_air.note, page_error)))
        if settings.hidden:
            return protocol.PAUSED, text("Status.Hidden")
        if on_air.refusal:
            return protocol.ERROR, on_air.refusal
        if on_air.animator is None:
            return protocol.STARTING, text("Status.Preparing")
        if not driving.is_open:
            return protocol.PAUSED, note or text("Status.Paused")
        if driving.error:
            return protocol.ERROR, driving.error
        if not self._delays:
            return protocol.STARTING, text("Status.Waiting")
        if not on_air.animator.face:
            return protocol.NO_FACE, text("Status.NoFace")
        return protocol.LIVE, note

"""Captures a part of the screen, for example a face in a video call."""

from __future__ import annotations

import threading
import time
from typing import Any, NamedTuple

import mss
import numpy as np

from ...shared.texts import text
from .base import DriverError

FRAMES_A_SECOND = 30
SMALLEST_SIDE = 32
"""The shortest allowed side of a region, in pixels: a smaller one cannot hold a usable face."""


class Region(NamedTuple):
    """A region in pixels of the monitor; a width or height of 0 means everything up to its edge."""

    left: int
    top: int
    width: int
    height: int


def monitor_names() -> list[str]:
    """Return one name per monitor, in the order of their numbers from 1; empty if none can be captured."""
    try:
        with mss.MSS() as screen:
            return [text("Screen.Name", number=number, width=monitor["width"], height=monitor["height"])
                    for number, monitor in enumerate(screen.monitors) if number > 0]
    except Exception:  # mss raises whatever the window system reports; then there is nothing to list
        return []


def part_of(monitor: dict[str, int], region: Region) -> dict[str, int]:
    """Return the region in screen coordinates, cropped to the monitor. Raises DriverError if less than SMALLEST_SIDE is
    left."""
    width = min(region.width or monitor["width"], monitor["width"] - region.left)
    height = min(region.height or monitor["height"], monitor["height"] - region.top)
    if width < SMALLEST_SIDE or height < SMALLEST_SIDE:
        raise DriverError(text("Screen.Outside", width=monitor["width"], height=monitor["height"]))
    return {"left": monitor["left"] + region.left, "top": monitor["top"] + region.top, "width": width, "height": height}


class Screen:
    """The `region` of the monitor with the number `monitor`, counted from 1."""

    def __init__(self, monitor: int, region: Region) -> None:
        self.name = f"screen {monitor}"
        self._monitor = monitor
        self._region = region
        self._screen: Any = None
        self._part: dict[str, int] = {}
        self._due = 0.0

    def open(self, stopping: threading.Event) -> None:
        try:
            self._screen = mss.MSS()
            monitors = self._screen.monitors
        except Exception as error:  # see monitor_names
            raise DriverError(text("Screen.CannotCapture", error=error)) from error
        if not 0 < self._monitor < len(monitors):
            raise DriverError(text("Screen.NoSuch", number=self._monitor))
        self._part = part_of(monitors[self._monitor], self._region)

    def read(self, stopping: threading.Event) -> np.ndarray:
        stopping.wait(max(0.0, self._due - time.monotonic()))
        self._due = max(self._due + 1 / FRAMES_A_SECOND, time.monotonic())
        try:
            shot = self._screen.grab(self._part)
        except Exception as error:  # see monitor_names
            raise DriverError(text("Screen.Lost", error=error)) from error
        return np.frombuffer(shot.raw, np.uint8).reshape(shot.height, shot.width, 4)[..., :3].copy()

    def close(self) -> None:
        if self._screen is not None:
            self._screen.close()
            self._screen = None

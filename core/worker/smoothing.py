"""One Euro filter on an observation's keypoints: calm when the face is still, immediate when it moves.

Casiez, Roussel, Vogel: "1 Euro Filter: A Simple Speed-based Low-pass Filter for Noisy Input in Interactive Systems",
CHI 2012. The keypoints are filtered in units of their own extent, so the constants hold for faces of any size.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Optional

import numpy as np

from models.engine import Observation

CUTOFF_HZ = (40.0, 2.5, 0.8)
"""The cutoff for a point at rest, for a smoothing of 0, 50 and 100: lower is calmer and slower."""
BETA = (40.0, 40.0, 12.0)
"""How fast the cutoff grows with speed, in Hz per (face sizes a second), for the same. With less a blink is a half-shut lid."""
DERIVATIVE_CUTOFF_HZ = 2.0
LONGEST_GAP_SECONDS = 0.5
"""After a longer pause the old position says nothing about the new one: the filter starts afresh."""


def _weight(cutoff_hz: np.ndarray | float, seconds: float) -> np.ndarray | float:
    """The weight of the new sample in an exponential average with that cutoff (equation 5 of the paper)."""
    return 1.0 / (1.0 + 1.0 / (2.0 * math.pi * cutoff_hz * seconds))


class Smoother:
    """Call it with every observation and its time, in seconds, in order. `smoothing`: 0 (direct) to 100 (calm)."""

    def __init__(self, smoothing: int = 50) -> None:
        self.smoothing = smoothing
        self._points: Optional[np.ndarray] = None
        self._speed: Optional[np.ndarray] = None
        self._time = 0.0

    def reset(self) -> None:
        self._points = None

    def __call__(self, observation: Observation, time: float) -> Observation:
        points = observation.keypoints
        seconds = time - self._time
        self._time = time
        if self._points is None or not 0 < seconds < LONGEST_GAP_SECONDS or self._points.shape != points.shape:
            self._points, self._speed = points.copy(), np.zeros_like(points)
            return observation
        size = max(float(np.ptp(points[:, :2], axis=0).max()), 1e-6)
        change = (points - self._points) / (size * seconds)
        self._speed += _weight(DERIVATIVE_CUTOFF_HZ, seconds) * (change - self._speed)
        cutoff, beta = (float(np.interp(self.smoothing, (0, 50, 100), values)) for values in (CUTOFF_HZ, BETA))
        weight = _weight(cutoff + beta * np.abs(self._speed), seconds)
        self._points = self._points + weight * (points - self._points)
        return replace(observation, keypoints=self._points.astype(np.float32))

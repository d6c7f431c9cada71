"""Applies the One Euro filter to an observation's keypoints: calm when the face is still, immediate when it moves.

Casiez, Roussel, Vogel: "1 Euro Filter: A Simple Speed-based Low-pass Filter for Noisy Input in Interactive Systems", CHI 2012.
The keypoints are filtered in units of their own extent, so the constants hold for faces of any size.

If a hand covers the mouth or the eyes, the tracker guesses anew in each frame. It does not report this, but it shows: a guess
goes back to where it came from in the next frame, while a face that moves goes on. Such parts are held back.
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from models.contract import Observation
from models.face.topology import (
    BROWS,
    CHIN_SKIN,
    EYES,
    INNER_LIP_LOWER,
    INNER_LIP_UPPER,
    JAW,
    LANDMARKS,
    OUTER_LIP_LOWER,
    OUTER_LIP_UPPER,
    RIGID_POINTS,
)

CUTOFF_HZ = (40.0, 2.5, 0.8)
"""The cutoff in Hz for a point at rest, for a smoothing of 0, 50 and 100: lower is calmer and slower."""
BETA = (40.0, 40.0, 12.0)
"""How fast the cutoff grows with speed, in Hz per (face size per second), for a smoothing of 0, 50 and 100. With smaller
values, the lids only half shut in a blink."""
DERIVATIVE_CUTOFF_HZ = 2.0
TREMBLE_SECONDS = 0.25
"""The time constant over which a part of the face is judged to move on or to tremble back and forth."""
GOES_BACK, GOES_ON = -0.40, -0.15
"""The correlation of consecutive steps at which a part certainly trembles, and at which it certainly moves: it is -0.5 for
guesses and positive for motion."""
TREMBLE_NONE, TREMBLE_FULL = 0.0030, 0.0060
"""The step lengths, in face sizes, below which a part does not count as trembling and from which it fully does: smaller steps
are the camera's noise, which the filter removes anyway."""
LET_GO_SECONDS = 0.5
"""The time constant with which a part that has trembled is released, so that one step that happens to go on does not release
it."""
HELD_SHARE = 0.35
"""The share of the cutoff at rest that is left for a part that trembles."""
LONGEST_GAP_SECONDS = 0.5
"""The longest gap between frames that the filter bridges; after a longer one it starts afresh, because the old position says
nothing about the new one."""


def _weight(cutoff_hz: np.ndarray | float, seconds: float) -> np.ndarray | float:
    """Return the weight of the new sample in an exponential average with that cutoff, 0..1 (equation 5 of the paper)."""
    return 1.0 / (1.0 + 1.0 / (2.0 * math.pi * cutoff_hz * seconds))


_MOUTH = np.unique(np.concatenate([INNER_LIP_UPPER, INNER_LIP_LOWER, OUTER_LIP_UPPER, OUTER_LIP_LOWER, CHIN_SKIN, JAW]))
_EYES = np.unique(np.concatenate([*(eye.outline for eye in EYES), *(eye.iris + np.arange(5) for eye in EYES), BROWS]))
_PARTS = (_MOUTH, _EYES)


class _Tremble:
    """Measures how much the mouth and the eyes tremble, from the steps of their points."""

    def __init__(self) -> None:
        self._last = [np.zeros((len(part), 2)) for part in _PARTS]
        self._onward, self._length, self._held = np.zeros((3, len(_PARTS)))

    def __call__(self, steps: np.ndarray, seconds: float) -> np.ndarray:
        """Return how much each point trembles, float (478, 1): 0 for points that move or rest, 1 for those that tremble.

        `steps` are the movements since the last frame, (478, 2), in face sizes.
        """
        share = 1.0 - math.exp(-seconds / TREMBLE_SECONDS)
        steps = steps - steps[RIGID_POINTS].mean(axis=0)  # the head's own
        found = np.zeros((LANDMARKS, 1))
        for number, part in enumerate(_PARTS):
            here = steps[part]
            self._onward[number] += share * (float((here * self._last[number]).sum(axis=1).mean()) - self._onward[number])
            self._length[number] += share * (float((here ** 2).sum(axis=1).mean()) - self._length[number])
            self._last[number] = here
            back = (GOES_ON - self._onward[number] / max(self._length[number], 1e-12)) / (GOES_ON - GOES_BACK)
            far = (math.sqrt(self._length[number]) - TREMBLE_NONE) / (TREMBLE_FULL - TREMBLE_NONE)
            trembles = min(max(back, 0.0), 1.0) * min(max(far, 0.0), 1.0)
            self._held[number] = max(trembles, self._held[number] * math.exp(-seconds / LET_GO_SECONDS))
            found[part] = self._held[number]
        return found


class Smoother:
    """Smooths a face's keypoints: call it with every observation and its time in seconds, in order.

    `smoothing` ranges from 0 (direct) to 100 (calm).
    """

    def __init__(self, smoothing: int = 50) -> None:
        self.smoothing = smoothing
        self._points: np.ndarray | None = None
        self._speed: np.ndarray | None = None
        self._observed: np.ndarray | None = None
        self._tremble = _Tremble()
        self._time = 0.0

    def reset(self) -> None:
        self._points = None

    def __call__(self, observation: Observation, time: float) -> Observation:
        points = observation.keypoints
        seconds = time - self._time
        self._time = time
        if self._points is None or not 0 < seconds < LONGEST_GAP_SECONDS or self._points.shape != points.shape:
            self._points, self._speed, self._observed = points.copy(), np.zeros_like(points), points
            self._tremble = _Tremble()
            return observation
        size = max(float(np.ptp(points[:, :2], axis=0).max()), 1e-6)
        change = (points - self._points) / (size * seconds)
        self._speed += _weight(DERIVATIVE_CUTOFF_HZ, seconds) * (change - self._speed)
        cutoff, beta = (float(np.interp(self.smoothing, (0, 50, 100), values)) for values in (CUTOFF_HZ, BETA))
        speed = beta * np.abs(self._speed)
        if len(points) == LANDMARKS and self.smoothing > 0:
            held = self._tremble((points - self._observed)[:, :2] / size, seconds)
            weight = _weight(cutoff * (1.0 - (1.0 - HELD_SHARE) * held) + speed * (1.0 - held), seconds)
        else:
            weight = _weight(cutoff + speed, seconds)
        self._observed = points
        self._points = self._points + weight * (points - self._points)
        return replace(observation, keypoints=self._points.astype(np.float32))

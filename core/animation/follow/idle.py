"""Moves the avatar while nobody drives it: it breathes, sways a little and blinks, like a person who waits.

Everything is a pure function of time, so there is no state to lose, and it can be tested frame by frame.
"""

from __future__ import annotations

import math
from dataclasses import replace

import cv2
import numpy as np

from models.contract import Observation
from models.face.topology import LANDMARKS, LOWER_MARGINS, UPPER_MARGINS

SWAY_DEGREES = (1.1, 1.6, 0.8)
"""The largest pitch, yaw and roll of the sway, in degrees."""
SWAY_SECONDS = ((7.3, 11.9), (9.7, 15.1), (12.7, 19.3))
"""Two periods in seconds for each of pitch, yaw and roll; their sum does not repeat within minutes, so nobody sees a loop."""
BREATH_SECONDS = 4.4
BREATH_RISE = 0.006
"""How far the head rises with a breath, as a share of the face's size."""
BLINK_EVERY_SECONDS = 4.1
BLINK_SECONDS = 0.26
BLINK_SCATTER_SECONDS = 2.6
"""The width of the range over which blinks are scattered around their regular times, in seconds."""
GOLDEN = 0.6180339887
"""The fractional part of the golden ratio; those of its multiples are evenly spread and look random."""


def idle(neutral: Observation, seconds: float) -> Observation:
    """Return `neutral` as it looks after waiting for that many seconds; at 0 it is `neutral` itself."""
    points = neutral.keypoints.astype(np.float64)
    size = float(np.ptp(points[:, :2], axis=0).max())
    if len(points) == LANDMARKS:  # only those know where the lids are
        shut = blink(seconds)
        points[UPPER_MARGINS] += shut * (points[LOWER_MARGINS] - points[UPPER_MARGINS])
    turn, _ = cv2.Rodrigues(np.radians([_sway(axis, seconds) for axis in range(3)]))
    centre = points.mean(axis=0)
    points = (points - centre) @ turn.T + centre
    points[:, 1] -= BREATH_RISE * size * (1 - math.cos(2 * math.pi * seconds / BREATH_SECONDS)) / 2
    return replace(neutral, keypoints=points.astype(np.float32), driver_picture=None)


def blink(seconds: float) -> float:
    """Return how far the lids are shut after that many seconds, 0 (open) to 1."""
    number = math.floor(seconds / BLINK_EVERY_SECONDS)
    start = (number + 0.5) * BLINK_EVERY_SECONDS + (number * GOLDEN % 1 - 0.5) * BLINK_SCATTER_SECONDS
    into = (seconds - start) / BLINK_SECONDS
    return math.sin(math.pi * into) ** 2 if 0 < into < 1 else 0.0


def _sway(axis: int, seconds: float) -> float:
    """Return the rotation about x (0), y (1) or z (2) in degrees after that many seconds; it is 0 at the start."""
    waves = [math.sin(2 * math.pi * seconds / period) for period in SWAY_SECONDS[axis]]
    return SWAY_DEGREES[axis] * sum(waves) / len(waves)

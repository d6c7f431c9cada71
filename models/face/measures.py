"""Measures of a face, taken from its landmarks, (478, 3) in pixels; topology defines the picture space."""

from __future__ import annotations

from typing import Any

import numpy as np

from .topology import CHIN, EYES, FOREHEAD_TOP, INNER_LIP_LOWER, INNER_LIP_UPPER, LIP_MIDDLE, TEMPLES, Eye

TINY = 1e-6
"""Least length of anything that is divided by, in pixels, for faces of no extent."""


def smoothstep(start: float, end: float, value: Any) -> Any:
    """0 up to `start`, 1 from `end` on, the cubic Hermite curve between; takes numbers and arrays."""
    t = np.clip((value - start) / (end - start), 0.0, 1.0)
    return t * t * (3.0 - 2.0 * t)


def face_width(points: np.ndarray) -> float:
    """Return the distance between the temples in pixels, depth included, so that a turned face keeps its width."""
    return max(float(np.linalg.norm(points[TEMPLES[0]] - points[TEMPLES[1]])), TINY)


def face_height(points: np.ndarray) -> float:
    """Return the distance from the top of the forehead to the chin in pixels: the unit of most sizes in the engines."""
    return max(float(np.linalg.norm(points[FOREHEAD_TOP] - points[CHIN])), TINY)


def eye_width(points: np.ndarray, eye: Eye) -> float:
    """Return the distance between the corners of an eye, in pixels."""
    return max(float(np.linalg.norm(points[eye.upper[0]] - points[eye.upper[-1]])), TINY)


def eye_openness(points: np.ndarray, eye: Eye) -> float:
    """Return the mean gap between the lid margins, in eye widths: about 0.3 open, 0.02 shut."""
    upper, lower = eye.margins
    gap = np.linalg.norm(points[upper, :2] - points[lower, :2], axis=1).mean()
    return float(gap) / eye_width(points, eye)


def mouth_openness(points: np.ndarray) -> float:
    """Return the gap between the inner lips at their middle, in mouth widths: 0 shut, about 1 for a round open mouth."""
    gap = points[INNER_LIP_UPPER[LIP_MIDDLE], :2] - points[INNER_LIP_LOWER[LIP_MIDDLE], :2]
    return float(np.linalg.norm(gap)) / mouth_width(points)


def mouth_width(points: np.ndarray) -> float:
    """Return the distance between the inner corners of the lips in the picture plane, in pixels."""
    return max(float(np.linalg.norm(points[INNER_LIP_UPPER[0], :2] - points[INNER_LIP_UPPER[-1], :2])), TINY)


def eye_frame(points: np.ndarray, eye: Eye) -> tuple[np.ndarray, np.ndarray, np.ndarray, float]:
    """Return the frame of an eye in the picture plane: middle, unit vectors along and down, all (2,), and width in pixels."""
    left, right = points[eye.upper[0], :2], points[eye.upper[-1], :2]
    width = max(float(np.linalg.norm(right - left)), TINY)
    along = (right - left) / width
    return (left + right) / 2, along, np.array([-along[1], along[0]]), width


def gaze(points: np.ndarray) -> np.ndarray:
    """float64 (2, 2): how far each iris lies from the middle of its eye, along it and down, in eye widths."""
    offsets = []
    for eye in EYES:
        middle, along, down, width = eye_frame(points, eye)
        offset = points[eye.iris, :2] - middle
        offsets.append((offset @ along / width, offset @ down / width))
    return np.array(offsets)

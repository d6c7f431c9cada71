"""How strongly a driver's motion counts.

The network's keypoints have no names, so the head's strength is that of all motion, and place and size are those of all
keypoints together.
"""

from __future__ import annotations

import numpy as np

from ..strengths import Strengths, amplified

ROOM = 0.35
"""Largest displacement of a keypoint that a strength above 1 leads to, in extents of all: beyond, the network draws smears."""


def scaled(driving: np.ndarray, initial: np.ndarray, strengths: Strengths) -> np.ndarray:
    """float64 (3 K, 2): the driver's points, as an observation carries them, with their motion from `initial` scaled."""
    if strengths == Strengths():
        return driving
    places = slice(0, len(driving) // 3)  # the others are ends of arms, which carry the jacobians
    centre, wanted = driving[places].mean(axis=0), initial[places].mean(axis=0)
    size, own_size = _size(driving[places]), _size(initial[places])
    moved = (driving - centre) * (1.0 if strengths.zoom else own_size / size) + (centre if strengths.move else wanted)
    displacements = moved - initial
    longest = float(np.linalg.norm(displacements[places], axis=1).max())
    grown = float(amplified(np.array([longest]), strengths.head, ROOM * own_size)[0])
    return initial + displacements * (grown / longest if longest > 1e-9 else strengths.head)


def _size(places: np.ndarray) -> float:
    """Return the longer side of the bounding box of keypoints, (K, 2)."""
    return max(float(np.ptp(places, axis=0).max()), 1e-6)

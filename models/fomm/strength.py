"""How much of a driver's motion is taken over. The network's points have no names, so the head's strength is that of all
that moves, and place and size are those of all points together."""

from __future__ import annotations

import numpy as np

from ..strengths import Strengths, amplified

ROOM = 0.35
"""The longest way of a point that a strength above 1 gives, in extents of the points: further the network draws smears."""


def scaled(driving: np.ndarray, initial: np.ndarray, strengths: Strengths) -> np.ndarray:
    """float64 (3 K, 2): the driver's points, as an observation carries them, as far from `initial` as is wanted."""
    if strengths == Strengths():
        return driving
    places = slice(0, len(driving) // 3)  # the others are ends of arms, which say how the surroundings lie
    centre, wanted = driving[places].mean(axis=0), initial[places].mean(axis=0)
    size, own_size = _size(driving[places]), _size(initial[places])
    moved = (driving - centre) * (1.0 if strengths.zoom else own_size / size) + (centre if strengths.move else wanted)
    ways = moved - initial
    longest = float(np.linalg.norm(ways[places], axis=1).max())
    grown = float(amplified(np.array([longest]), strengths.head, ROOM * own_size)[0])
    return initial + ways * (grown / longest if longest > 1e-9 else strengths.head)


def _size(places: np.ndarray) -> float:
    return max(float(np.ptp(places, axis=0).max()), 1e-6)

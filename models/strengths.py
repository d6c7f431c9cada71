"""How strongly each part of relative motion is taken over, and how a motion is made larger."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Strengths:
    """How strongly each part of relative motion is taken over: 0 not at all, 1 as it is, up to 2."""

    head: float = 1.0
    """Its turning, moving and nearing."""
    mouth: float = 1.0
    brows: float = 1.0
    eyes: float = 1.0
    """The lids."""
    gaze: float = 1.0
    move: bool = True
    """Whether the head changes its place in the picture,"""
    zoom: bool = True
    """and its size."""


def amplified(way: np.ndarray, strength: float, room: float) -> np.ndarray:
    """`strength` times a vector, bending softly towards the length `room`, but never shorter than a way at strength 1 is."""
    length = float(np.linalg.norm(way))
    if strength <= 1.0 or length < 1e-9:
        return way * strength
    return way * max(room * np.tanh(strength * length / room) / length, 1.0)

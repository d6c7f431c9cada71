"""Defines how strongly each part of relative motion counts, and amplifies motions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Strengths:
    """The strength of each part of relative motion: 0 is none, 1 is as the driver moves, and 2 is the most."""

    head: float = 1.0
    """The strength of the head's rotation, displacement and change of size, 0..2."""
    mouth: float = 1.0
    """The strength of the expression of mouth, jaw and cheeks, 0..2."""
    brows: float = 1.0
    """The strength of the expression of the brows, 0..2."""
    eyes: float = 1.0
    """The strength of the motion of the lids, 0..2."""
    gaze: float = 1.0
    """The strength of the turns of the eyes, 0..2."""
    move: bool = True
    """Whether the head changes its place in the picture."""
    zoom: bool = True
    """Whether the head changes its size in the picture."""


def amplified(displacement: np.ndarray, strength: float, room: float) -> np.ndarray:
    """Return a vector times `strength`, in the same unit.

    Above a strength of 1, its length approaches `room` softly, but is never less than that of the vector.
    """
    length = float(np.linalg.norm(displacement))
    if strength <= 1.0 or length < 1e-9:
        return displacement * strength
    return displacement * max(room * np.tanh(strength * length / room) / length, 1.0)

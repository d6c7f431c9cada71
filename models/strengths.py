"""How strongly the parts of relative motion count, and how a motion is amplified."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Strengths:
    """How strongly each part of relative motion counts: 0 not at all, 1 as the driver moves, up to 2."""

    head: float = 1.0
    """Strength of the head's rotation, displacement and change of size, 0..2."""
    mouth: float = 1.0
    """Strength of the expression of mouth, jaw and cheeks, 0..2."""
    brows: float = 1.0
    """Strength of the expression of the brows, 0..2."""
    eyes: float = 1.0
    """Strength of the motion of the lids, 0..2."""
    gaze: float = 1.0
    """Strength of the turns of the eyes, 0..2."""
    move: bool = True
    """Whether the head changes its place in the picture."""
    zoom: bool = True
    """Whether the head changes its size in the picture."""


def amplified(displacement: np.ndarray, strength: float, room: float) -> np.ndarray:
    """Return a vector times `strength`.

    Above 1, it bends softly towards the length `room`, but is never shorter than the vector.
    """
    length = float(np.linalg.norm(displacement))
    if strength <= 1.0 or length < 1e-9:
        return displacement * strength
    return displacement * max(room * np.tanh(strength * length / room) / length, 1.0)

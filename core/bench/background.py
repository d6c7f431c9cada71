"""Measures whether the background keeps still.

    swim    mean absolute difference, in grey levels (0..255), between the background of the finished pictures and that of
            the avatar's own picture, while a clip moves the head; what the moved head may cover is left out
"""

from __future__ import annotations

import cv2
import numpy as np

from models.cut import matte
from models.face.measures import face_height

from .looking import Look

CERTAIN = 0.02
"""The coverage by the person, 0..1, below which a pixel counts as background."""
ROOM = 0.12
"""The width, in face heights, of the margin around the person that is left out, because the matte is soft there."""
LEVER = 1.5
"""How many times further than the furthest landmark hair moves when the head tilts."""


def distance(picture: np.ndarray, look: Look) -> np.ndarray:
    """Return how far each pixel of an avatar's picture (BGR) is from the person with its margin, float32 (H, W); 0 inside.

    The mask comes from the picture alone, not from the engine that is being measured.
    """
    person = matte.person(np.ascontiguousarray(picture), look.points) > CERTAIN
    away = cv2.distanceTransform((~person).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    return np.maximum(away - ROOM * face_height(look.points), 0)


class Swim:
    def __init__(self, still: np.ndarray, look: Look, away: np.ndarray) -> None:
        """Start with the avatar's own picture `still`, BGR, the face `look` in it, and `away` as in `distance`."""
        self._still = still
        self._look = look
        self._away = away
        self._differences: list[float] = []

    def add(self, picture: np.ndarray, look: Look) -> None:
        """Add a finished picture and the face in it."""
        way = float(np.linalg.norm(look.points[:, :2] - self._look.points[:, :2], axis=1).max())
        free = self._away > LEVER * way
        if free.any():
            self._differences.append(float(cv2.absdiff(picture[..., :3], self._still)[free].mean()))

    @property
    def levels(self) -> float | None:
        """The measure in grey levels, or None if no background of the picture stays uncovered."""
        return float(np.mean(self._differences)) if self._differences else None

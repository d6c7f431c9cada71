"""Whether the background keeps still.

    swim    mean absolute difference, in grey levels (0..255), between the background of the finished pictures and that of
            the avatar's own picture, while a clip moves the head; where the head covers it it is not looked at
"""

from __future__ import annotations

from typing import List

import cv2
import numpy as np

from models.landmark import matte
from models.landmark.measures import face_height

from .looking import Look

CERTAIN = 0.02
"""A pixel that shows less of the person than this is background."""
ROOM = 0.12
"""Width, in face heights, of the margin around the person that is left out: the head moves over it."""


def region(picture: np.ndarray, look: Look) -> np.ndarray:
    """bool (H, W): the background of an avatar's picture (BGR) that a moving head does not reach.

    The mask comes from the picture alone, not from the engine that is measured.
    """
    person = (matte.person(np.ascontiguousarray(picture), look.points) > CERTAIN).astype(np.uint8)
    side = 2 * int(ROOM * face_height(look.points)) + 1
    return cv2.dilate(person, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))) == 0


class Swim:
    def __init__(self, still: np.ndarray, background: np.ndarray) -> None:
        """still: the avatar's own picture, BGR. background: see `region`."""
        self._still = still[background].astype(np.int16)
        self._background = background
        self._differences: List[float] = []

    def add(self, picture: np.ndarray) -> None:
        if self._still.size:
            shown = picture[..., :3][self._background].astype(np.int16)
            self._differences.append(float(np.abs(shown - self._still).mean()))

    @property
    def levels(self) -> float | None:
        """The measure; None where the picture has no background."""
        return float(np.mean(self._differences)) if self._differences else None

"""Chooses the square of a picture that becomes the avatar: head and shoulders, with room to move."""

from __future__ import annotations

from typing import NamedTuple

import cv2
import numpy as np

from models.contract import Observation

FACE_HEIGHTS = 2.1
"""The side of the square in face heights (forehead to chin), enough for hair, shoulders and a turned head."""
RAISED = 0.04
"""How far the square's centre lies above the face's, in fractions of its side: hair needs more room than the chin."""
SQUARE_TOLERANCE = 0.02
"""How far a picture's sides may differ, as a fraction, for it to count as already framed and to be used whole."""
FRAMED = 2.0
"""A picture that counts as framed is cropped anyway if its side exceeds that of its head-and-shoulders box this many times."""


class Box(NamedTuple):
    """A part of a picture, as left, top, width and height in whole pixels."""

    left: int
    top: int
    width: int
    height: int

    def of(self, picture: np.ndarray) -> np.ndarray:
        return picture[self.top:self.top + self.height, self.left:self.left + self.width]


def box(picture: np.ndarray, face: Observation) -> Box:
    """Return the square part of `picture` around `face`, never beyond the picture's border."""
    height, width = picture.shape[:2]
    around = _around(face, width, height)
    if abs(width - height) <= SQUARE_TOLERANCE * max(width, height) and around.width * FRAMED > min(width, height):
        side = min(width, height)
        return Box((width - side) // 2, (height - side) // 2, side, side)
    return around


def _around(face: Observation, width: int, height: int) -> Box:
    low, high = face.keypoints[:, :2].min(axis=0), face.keypoints[:, :2].max(axis=0)
    side = int(min(max(high - low) * FACE_HEIGHTS, width, height))
    middle = (low + high) / 2 - (0, RAISED * side)
    left, top = np.clip(middle - side / 2, 0, (width - side, height - side)).astype(int)
    return Box(int(left), int(top), side, side)


def even_box(picture: np.ndarray) -> Box:
    """Return all of `picture`, without its last row or column where their number is odd: video codecs need even sizes."""
    height, width = picture.shape[:2]
    return Box(0, 0, width - width % 2, height - height % 2)


def resized(picture: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """Return `picture` at `size` (width, height), smoothly enlarged or averaged down."""
    if size == (picture.shape[1], picture.shape[0]):
        return picture
    shrinks = size[0] < picture.shape[1]
    return cv2.resize(picture, size, interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC)

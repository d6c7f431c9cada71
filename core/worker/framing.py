"""Chooses the square of a picture that becomes the avatar: head and shoulders, with room to move."""

from __future__ import annotations

from typing import Tuple

import cv2
import numpy as np

from models.engine import Observation

FACE_HEIGHTS = 2.1
"""The side of the square in heights of the face (forehead to chin): enough for hair, shoulders and a turned head."""
RAISED = 0.04
"""The square lies this part of its side higher than the middle of the face: hair needs more room than the chin."""
SQUARE_TOLERANCE = 0.02
"""A picture this close to square was framed by somebody already and is taken whole."""


def square(picture: np.ndarray, face: Observation) -> np.ndarray:
    """The part of `picture` around `face`, as wide as high; never beyond the picture's border."""
    height, width = picture.shape[:2]
    if abs(width - height) <= SQUARE_TOLERANCE * max(width, height):
        side, left, top = min(width, height), (width - min(width, height)) // 2, (height - min(width, height)) // 2
    else:
        left, top, side = _around(face, width, height)
    return picture[top:top + side, left:left + side]


def _around(face: Observation, width: int, height: int) -> Tuple[int, int, int]:
    low, high = face.keypoints[:, :2].min(axis=0), face.keypoints[:, :2].max(axis=0)
    side = int(min(max(high - low) * FACE_HEIGHTS, width, height))
    middle = (low + high) / 2 - (0, RAISED * side)
    left, top = np.clip(middle - side / 2, 0, (width - side, height - side)).astype(int)
    return int(left), int(top), side


def resized(picture: np.ndarray, size: Tuple[int, int]) -> np.ndarray:
    """`picture` at `size` (width, height), softly enlarged or averaged down."""
    shrinks = size[0] < picture.shape[1]
    return cv2.resize(picture, size, interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC)


def even(picture: np.ndarray) -> np.ndarray:
    """`picture` without its last row or column where their number is odd: video codecs want even sizes."""
    height, width = picture.shape[:2]
    return picture[:height - height % 2, :width - width % 2]

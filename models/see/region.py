"""The square of a picture that a model looks at, and how it is cut out."""

from __future__ import annotations

from dataclasses import dataclass
from math import atan2, cos, sin

import cv2
import numpy as np

MARGIN = 1.5
"""Side of the region in long sides of the face's box, as in both of MediaPipe's graphs: the models were trained with this
much room around a face, and a moving face stays inside until the next frame."""


@dataclass(frozen=True)
class Region:
    """A square, rotated about its centre, in pixels of the picture; it may reach beyond the border."""

    center_x: float
    center_y: float
    side: float
    rotation: float = 0.0
    """Radians, clockwise on the screen; 0 where the eyes are level."""

    def to_picture(self, size: int) -> np.ndarray:
        """float64 (2, 3): the affine map from pixels of a `size` x `size` cutout to pixels of the picture."""
        c = cos(self.rotation) * self.side / size
        s = sin(self.rotation) * self.side / size
        half = size / 2
        return np.array([[c, -s, self.center_x - half * (c - s)],
                         [s, c, self.center_y - half * (s + c)]])

    def cut(self, picture: np.ndarray, out: np.ndarray, border: int) -> None:
        """Fill `out`, RGB uint8 (size, size, 3), with the region of `picture`, BGR uint8 (H, W, 3), bilinearly sampled.

        border: the cv2.BORDER_ mode for what lies beyond the picture. Source: MediaPipe's ImageToTensorCalculator.
        """
        size = out.shape[0]
        left, top, right, bottom = self._bounds(picture, max(2.0, self.side / size))
        if right <= left or bottom <= top:
            left, top, bottom, right = 0, 0, *picture.shape[:2]
        place = self.to_picture(size)
        place[:, 2] -= left, top
        # OpenCV warps four channels in less than half the time of three.
        four = cv2.cvtColor(picture[top:bottom, left:right], cv2.COLOR_BGR2BGRA)
        warped = cv2.warpAffine(four, place, (size, size), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP, borderMode=border)
        cv2.cvtColor(warped, cv2.COLOR_BGRA2RGB, dst=out)

    def averaged(self, picture: np.ndarray, size: int) -> tuple[Region, np.ndarray]:
        """Return the region and the picture to cut from instead, for a cutout of `size` x `size` pixels.

        Where the cutout has at most half the resolution of the picture, these are the part around the region, reduced by
        averaging whole blocks of pixels, and the region in it; else both are unchanged. Bilinear sampling alone picks a few
        pixels of many. MediaPipe leaves it at that, but then camera noise shakes the landmarks of a close face in a 1080p
        picture twice as much.
        """
        factor = int(self.side / size)
        left, top, right, bottom = self._bounds(picture, factor)
        columns, rows = (right - left) // max(factor, 1), (bottom - top) // max(factor, 1)
        if factor < 2 or columns < 1 or rows < 1:
            return self, picture
        part = cv2.resize(picture[top:top + rows * factor, left:left + columns * factor], (columns, rows),
                          interpolation=cv2.INTER_AREA)
        # Integer coordinates are pixel centres, so the border of the first pixel is at -0.5.
        return Region((self.center_x - left + 0.5) / factor - 0.5, (self.center_y - top + 0.5) / factor - 0.5,
                      self.side / factor, self.rotation), part

    def _bounds(self, picture: np.ndarray, margin: float) -> tuple[int, int, int, int]:
        """(left, top, right, bottom) of the part of `picture` that the region covers with `margin` pixels around.

        Right and bottom are exclusive; they do not exceed left and top where the region covers nothing.
        """
        reach = self.side / 2 * (abs(cos(self.rotation)) + abs(sin(self.rotation))) + margin
        height, width = picture.shape[:2]
        return (max(0, int(self.center_x - reach)), max(0, int(self.center_y - reach)),
                min(width, int(self.center_x + reach)), min(height, int(self.center_y + reach)))


def around(low: np.ndarray, high: np.ndarray, eye_left: np.ndarray, eye_right: np.ndarray) -> Region:
    """Return the region of a face: its box from corner `low` to `high` with a margin, rotated until the eyes are level.

    All are (2,) in pixels; `eye_left` is the eye further left on the screen while the head is upright.
    Source: MediaPipe's DetectionsToRectsCalculator and RectTransformationCalculator (square_long).
    """
    center_x, center_y = (low + high) / 2
    across, down = eye_right - eye_left
    return Region(float(center_x), float(center_y), MARGIN * float(max(high - low)), atan2(down, across))

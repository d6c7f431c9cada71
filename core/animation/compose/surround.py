"""Widens a finished picture to the shape of the camera's, because an Avatar filter must fill the camera's place.

Beside the avatar, its own background continues, mirrored at the edge and blurred; if the engine knows the background without
the person, that is used. It is computed once per avatar.
"""

from __future__ import annotations

import cv2
import numpy as np

LARGEST_ASPECT = 2.0
"""The largest ratio of the longer to the shorter side that is filled; in a more extreme shape, a part stays empty."""
BLUR = 0.06
"""The standard deviation of the blur as a share of the picture's shorter side: what is mirrored must not be recognisable."""
SEAM = 0.06
"""The width of the seam, in which the picture blends into the backdrop, as a share of the picture's shorter side."""


class Surround:
    """Fills the place around the pictures of one avatar.

    `background` is the avatar's picture without the person, BGRA (h, w, 4), or None if it is unknown.
    """

    def __init__(self, background: np.ndarray | None) -> None:
        self._background = background
        self._beside: np.ndarray | None = None
        self._empty = False
        """Whether the backdrop beside the picture is transparent."""
        self._seams: list[tuple[tuple[slice, slice], np.ndarray]] = []
        """The seams: the region of the picture that blends into the backdrop, and the picture's weight there, float32 0..1."""

    def fill(self, picture: np.ndarray, aspect: float) -> np.ndarray:
        """Return `picture`, BGRA (h, w, 4), in the middle of one that is `aspect` times as wide as high, and no smaller."""
        height, width = picture.shape[:2]
        size = _around(width, height, aspect)
        if size == (width, height):
            return picture
        if self._beside is None or self._beside.shape[:2] != size[::-1]:
            self._beside = self._prepared(picture if self._background is None else self._background, size)
        whole = self._beside.copy()
        left, top = (size[0] - width) // 2, (size[1] - height) // 2
        inner, under = (one[top:top + height, left:left + width] for one in (whole, self._beside))
        inner[:] = picture
        for strip, weight in self._seams:
            blended = cv2.blendLinear(picture[strip], under[strip], weight, 1 - weight)
            if self._empty:
                blended[..., :3] = picture[strip][..., :3]  # the black of transparent pixels would show as a dark rim
            inner[strip] = blended
        return whole

    def _prepared(self, picture: np.ndarray, size: tuple[int, int]) -> np.ndarray:
        """Return the backdrop for `picture`, BGRA (h, w, 4) of that (width, height), and set the seams for it."""
        height, width = picture.shape[:2]
        across, down = size[0] - width, size[1] - height
        added = (down // 2, down - down // 2, across // 2, across - across // 2)
        if picture[:, (0, -1), 3].min() < 255:
            self._empty = True
            beside: np.ndarray = np.zeros((size[1], size[0], 4), np.uint8)
        else:
            mirrored = cv2.copyMakeBorder(picture, *added, cv2.BORDER_REFLECT_101)
            beside = mirrored if self._empty else cv2.GaussianBlur(mirrored, (0, 0), BLUR * min(width, height))
        deep = max(1, round(SEAM * min(width, height)))
        ramp = np.linspace(0, 1, deep, dtype=np.float32)
        everywhere = slice(None)
        if across:
            weights = np.broadcast_to(ramp, (height, deep))
            self._seams = [((everywhere, slice(0, deep)), weights.copy()),
                           ((everywhere, slice(width - deep, width)), weights[:, ::-1].copy())]
        else:
            weights = np.broadcast_to(ramp[:, None], (deep, width))
            self._seams = [((slice(0, deep), everywhere), weights.copy()),
                           ((slice(height - deep, height), everywhere), weights[::-1].copy())]
        return beside


def _around(width: int, height: int, aspect: float) -> tuple[int, int]:
    """Return the smallest (width, height) with that aspect ratio that holds width x height; a side that grows becomes even."""
    aspect = min(max(aspect, 1 / LARGEST_ASPECT), LARGEST_ASPECT)
    if aspect >= width / height:
        return max(width, round(height * aspect / 2) * 2), height
    return width, max(height, round(width / aspect / 2) * 2)

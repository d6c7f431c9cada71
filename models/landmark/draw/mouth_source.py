"""Where the inside of the avatar's mouth comes from: the camera's picture of the driver's mouth, or paint.

The camera's is livelier, but only where the camera shows the mouth well. Whatever is judged and measured here changes
slowly, over many frames: a mouth whose colours or source changed from one frame to the next would flicker.
"""

from __future__ import annotations

import cv2
import numpy as np

from ...contract import Observation
from ...face.measures import mouth_openness, mouth_width
from ...face.topology import INNER_LIP_LOWER, INNER_LIP_UPPER, SKIN_SAMPLES

AUTO, CAMERA, DRAWN = "auto", "camera", "drawn"
"""The values of MotionOptions.mouth."""

LEAST_DRIVER_WIDTH = 24
"""Width of the driver's mouth, in pixels, below which it is too coarse to be shown."""
ENLARGED = (1.7, 2.2)
"""Enlargement of the camera's mouth up to which it is sharp enough, and beyond which it is not; in between, the source does
not change."""
DARK = (28.0, 20.0)
"""L* of the driver's skin, 0..100, above which there is enough light, and below which the camera shows noise; in between, the
source does not change."""
BEARDED = (16.0, 24.0)
"""By how much the skin between nose and mouth is darker than the cheeks, in L*, up to which there is no beard, and beyond
which a moustache hangs into the mouth; in between, the source does not change."""
BLACK = (9.0, 6.0)
"""L* of the inside of a wide open mouth above which it can be seen, and below which nothing is seen in it; in between, the
source does not change. Cameras show 13 and more."""
WIDE = 0.2
"""Openness, in mouth widths, beyond which a mouth shows its inside."""
UPPER_LIP_SKIN = np.array([164, 167, 393, 165, 391])
"""The landmarks between nose and upper lip."""

SLOW = 0.05
"""Weight of a new frame in what is measured: the mean spans about two thirds of a second at 30 frames a second."""
FORGIVEN = 0.01
"""Weight of a new frame in the lightness of the inside once that was darker."""
CHANGE = 0.125
"""Share by which the camera gains on paint with each frame."""
GIVE_UP = 0.34
"""Share by which paint gains on the camera with each frame; faster, as what is given up looks wrong."""
GREY = 4.0
"""Chroma of skin below which it is that of a drawing or of a black-and-white picture."""

_SPOT = np.arange(-2, 3)
"""Rows and columns of a spot, relative to its middle."""


class DriverMouth:
    """How one driver's mouth looks in the camera's picture, and how much of it is used; kept from frame to frame."""

    def __init__(self) -> None:
        self.skin = np.zeros(3)
        """float64 (3,): CIE L*a*b* of the driver's skin, L* 0..100."""
        self.brightest = 0.0
        """L* of the brightest parts of the driver's mouth; 0 before any was seen."""
        self._inside = 100.0
        self._beard = 0.0
        self._enlarged = 0.0
        self._from_camera = True
        self._share: float | None = None

    def camera_share(self, driving: Observation, width: float, wanted: str) -> float:
        """Return the share, 0..1, of the camera's picture in an avatar's mouth of `width` pixels; the rest is paint.

        To be called once a frame. No pixel of the driver is read where `wanted` is DRAWN.
        """
        picture = driving.driver_picture
        if wanted == DRAWN or picture is None or not usable(driving):
            self._share = None  # what comes next is another picture: nothing to fade from
            return 0.0
        self._see(picture, driving.keypoints, width / mouth_width(driving.keypoints))
        if wanted == AUTO:
            self._judge()
        target = 1.0 if self._from_camera or wanted == CAMERA else 0.0
        if self._share is None:
            self._share = target
        self._share += float(np.clip(target - self._share, -GIVE_UP, CHANGE))
        return self._share

    def see_brightest(self, lightness: float) -> None:
        """Take the L* of the brightest parts of this frame's mouth into `brightest`."""
        self.brightest += (lightness - self.brightest) * (SLOW if self.brightest else 1.0)

    def _see(self, picture: np.ndarray, points: np.ndarray, enlarged: float) -> None:
        skin = colour_at(picture, points[SKIN_SAMPLES, :2])
        beard = max(0.0, skin[0] - colour_at(picture, points[UPPER_LIP_SKIN, :2])[0])
        share = 1.0 if self._share is None else SLOW
        if self._share is None:
            self.brightest = 0.0
        self.skin = self.skin + (skin - self.skin) * share
        self._beard += (beard - self._beard) * share
        self._enlarged += (enlarged - self._enlarged) * share
        if mouth_openness(points) > WIDE:
            between = (points[INNER_LIP_UPPER[3:-3], :2] + points[INNER_LIP_LOWER[3:-3], :2]) / 2
            inside = colour_at(picture, between)[0]
            # A black mouth shows for moments only, and those should not be drawn: believe it at once, its end slowly.
            self._inside += (inside - self._inside) * (FORGIVEN if inside > self._inside else 1.0)

    def _judge(self) -> None:
        dark = self.skin[0] < DARK[1] or self._inside < BLACK[1]
        if self._enlarged > ENLARGED[1] or dark or self._beard > BEARDED[1]:
            self._from_camera = False
        elif (self._share is None or (self._enlarged < ENLARGED[0] and self.skin[0] > DARK[0]
              and self._inside > BLACK[0] and self._beard < BEARDED[0])):
            self._from_camera = True


def usable(driving: Observation) -> bool:
    """Return whether the driving frame shows the driver's mouth whole and large enough to be cut out."""
    if driving.driver_picture is None:
        return False
    height, width = driving.driver_picture.shape[:2]
    lips = driving.keypoints[np.concatenate([INNER_LIP_UPPER, INNER_LIP_LOWER]), :2]
    within = (lips >= 0).all() and (lips <= (width - 1, height - 1)).all()
    return bool(within) and mouth_width(driving.keypoints) >= LEAST_DRIVER_WIDTH


def colour_at(picture: np.ndarray, places: np.ndarray) -> np.ndarray:
    """float64 (3,): CIE L*a*b*, L* 0..100, of a BGR picture at places (N, 2): the median of small spots."""
    height, width = picture.shape[:2]
    columns, rows = np.clip(places, 2, (max(width - 3, 2), max(height - 3, 2))).astype(int).T
    spots = picture[rows[:, None, None] + _SPOT[:, None], columns[:, None, None] + _SPOT]
    colour = np.median(spots.mean(axis=(1, 2)), axis=0).astype(np.float32) / 255.0
    return cv2.cvtColor(colour.reshape(1, 1, 3), cv2.COLOR_BGR2LAB)[0, 0].astype(np.float64)

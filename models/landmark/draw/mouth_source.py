"""Where the inside of the avatar's mouth comes from: the camera's picture of the driver's mouth, or paint.

The camera's is livelier, but only where it shows the mouth well. What is judged and measured here changes slowly, over
many frames: a mouth that is recoloured, or changes its source, from one frame to the next would flicker.
"""

from __future__ import annotations

import cv2
import numpy as np

from ...contract import Observation
from ...face.measures import mouth_openness, mouth_width
from ...face.topology import INNER_LIP_LOWER, INNER_LIP_UPPER, SKIN_SAMPLES

AUTO, CAMERA, DRAWN = "auto", "camera", "drawn"
"""Values of MotionOptions.mouth."""

LEAST_DRIVER_WIDTH = 24
"""A driver's mouth of fewer pixels is too coarse to be shown."""
ENLARGED = (1.7, 2.2)
"""Enlarged less than the first, the camera's mouth is sharp enough; more than the second, it is not; between, what was
before goes on."""
DARK = (28.0, 20.0)
"""The same for the lightness of the driver's skin (L*, 0..100): in the dark the camera shows noise."""
BEARDED = (16.0, 24.0)
"""The same for how much darker the skin between nose and mouth is than the cheeks: a moustache hangs into the mouth."""
BLACK = (9.0, 6.0)
"""The same for the lightness of the inside of a wide open mouth: in a darker one nothing is seen. Cameras show 13 and more."""
WIDE = 0.2
"""A mouth that is open this far, in its widths, shows its inside."""
UPPER_LIP_SKIN = np.array([164, 167, 393, 165, 391])

SLOW = 0.05
"""Share of a new frame in what is measured: some two thirds of a second at 30 frames a second."""
FORGIVEN = 0.01
"""The same for the inside of a wide open mouth once it was darker."""
CHANGE, GIVE_UP = 0.125, 0.34
"""Shares by which paint gives way to the camera in each frame, and the camera to paint: what is given up looks wrong."""
GREY = 4.0
"""Skin of less chroma is that of a drawing or a black-and-white picture."""

_SPOT = np.arange(-2, 3)
"""Rows and columns of a spot around its middle."""


class DriverMouth:
    """What the driver's mouth looks like in the camera's picture, and how far it is taken from there. One driver's."""

    def __init__(self) -> None:
        self.skin = np.zeros(3)
        """(3,): CIE L*a*b* of the driver's skin, L 0..100."""
        self.brightest = 0.0
        """L* of the brightest parts of the driver's mouth."""
        self._inside = 100.0
        self._beard = 0.0
        self._enlarged = 0.0
        self._from_camera = True
        self._share: float | None = None

    def camera_share(self, driving: Observation, width: float, wanted: str) -> float:
        """0..1: how far the mouth is taken from the camera's picture, for an avatar's mouth of `width` pixels.

        Looks at no pixel of it where `wanted` is DRAWN.
        """
        if wanted == DRAWN or not usable(driving):
            self._share = None  # what comes next is not a change of opinion, it is another picture
            return 0.0
        self._see(driving, width / mouth_width(driving.keypoints))
        if wanted == AUTO:
            self._judge()
        target = 1.0 if self._from_camera or wanted == CAMERA else 0.0
        if self._share is None:
            self._share = target
        self._share += float(np.clip(target - self._share, -GIVE_UP, CHANGE))
        return self._share

    def see_brightest(self, lightness: float) -> None:
        self.brightest += (lightness - self.brightest) * (SLOW if self.brightest else 1.0)

    def _see(self, driving: Observation, enlarged: float) -> None:
        picture, points = driving.driver_picture, driving.keypoints
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
            # A black hole is seen for moments only, and few of them should be shown: it is believed at once, its end is not.
            self._inside += (inside - self._inside) * (FORGIVEN if inside > self._inside else 1.0)

    def _judge(self) -> None:
        dark = self.skin[0] < DARK[1] or self._inside < BLACK[1]
        if self._enlarged > ENLARGED[1] or dark or self._beard > BEARDED[1]:
            self._from_camera = False
        elif (self._share is None or (self._enlarged < ENLARGED[0] and self.skin[0] > DARK[0]
              and self._inside > BLACK[0] and self._beard < BEARDED[0])):
            self._from_camera = True


Look = DriverMouth
"""The name that models.landmark.engine still imports it by."""


def usable(driving: Observation) -> bool:
    """Whether the driving frame shows the driver's mouth well enough to be cut out at all."""
    if driving.driver_picture is None:
        return False
    height, width = driving.driver_picture.shape[:2]
    lips = driving.keypoints[np.concatenate([INNER_LIP_UPPER, INNER_LIP_LOWER]), :2]
    within = (lips >= 0).all() and (lips <= (width - 1, height - 1)).all()
    return bool(within) and mouth_width(driving.keypoints) >= LEAST_DRIVER_WIDTH


def colour_at(picture: np.ndarray, places: np.ndarray) -> np.ndarray:
    """(3,): CIE L*a*b* (L 0..100) at the places, (N, 2): the median of small spots."""
    height, width = picture.shape[:2]
    columns, rows = np.clip(places, 2, (max(width - 3, 2), max(height - 3, 2))).astype(int).T
    spots = picture[rows[:, None, None] + _SPOT[:, None], columns[:, None, None] + _SPOT]
    colour = np.median(spots.mean(axis=(1, 2)), axis=0).astype(np.float32) / 255.0
    return cv2.cvtColor(colour.reshape(1, 1, 3), cv2.COLOR_BGR2LAB)[0, 0].astype(np.float64)

"""What a camera adds to a picture: the noise of light and of the sensor, a little smeared as its processing leaves it."""

from __future__ import annotations

import cv2
import numpy as np

READ_NOISE = 1.5
"""Standard deviation in grey levels (0..255) where there is no light."""
SHOT_NOISE = 0.03
"""Variance a grey level: with the above, 2.5 levels at mid grey, as in a webcam indoors."""
SMEAR = 0.6
"""Gaussian blur of the noise in pixels: demosaicing and compression spread it over neighbours."""


class CameraNoise:
    """The same sequence each time it is made with the same seed."""

    def __init__(self, seed: int = 1) -> None:
        self._random = np.random.default_rng(seed)

    def __call__(self, picture: np.ndarray) -> np.ndarray:
        """The picture, uint8, as the camera would have taken it once more."""
        grain = self._random.standard_normal(picture.shape, np.float32)
        grain = cv2.GaussianBlur(grain, (0, 0), SMEAR)
        grain /= grain.std()
        deviation = np.sqrt(READ_NOISE ** 2 + SHOT_NOISE * picture.astype(np.float32))
        return np.clip(np.rint(picture + deviation * grain), 0, 255).astype(np.uint8)

"""The noise that a camera adds to a picture: that of light and of the sensor, slightly smeared by the camera's processing."""

from __future__ import annotations

import cv2
import numpy as np

READ_NOISE = 1.5
"""The standard deviation of the noise, in grey levels (0..255), where there is no light."""
SHOT_NOISE = 0.03
"""The variance of the noise per grey level: with READ_NOISE, 2.5 levels at mid grey, as in a webcam indoors."""
SMEAR = 0.6
"""The Gaussian blur of the noise in pixels (standard deviation): demosaicing and compression spread it over neighbours."""


class CameraNoise:
    """A sequence of noise that is the same for every instance with the same seed."""

    def __init__(self, seed: int = 1) -> None:
        self._random = np.random.default_rng(seed)

    def __call__(self, picture: np.ndarray) -> np.ndarray:
        """Return the picture, uint8, as the camera would have taken it another time."""
        grain: np.ndarray = cv2.GaussianBlur(self._random.standard_normal(picture.shape, np.float32), (0, 0), SMEAR)
        grain /= grain.std()
        deviation = np.sqrt(READ_NOISE ** 2 + SHOT_NOISE * picture.astype(np.float32))
        return np.clip(np.rint(picture + deviation * grain), 0, 255).astype(np.uint8)

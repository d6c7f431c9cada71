"""Where hair grows on a head."""

from __future__ import annotations

import numpy as np
from scipy.interpolate import PchipInterpolator

AZIMUTHS = 0, 14, 30, 52, 68, 80, 92, 112, 135, 180


class Hairline:
    """The height (0 the eyes, 1 the crown) above which hair grows, by azimuth in degrees (0 the front)."""

    def __init__(self, front: float = 0.64, temple: float = 0.55, sideburn: float = 0.16, side: float = -0.05,
                 ear: float = 0.1, nape: float = -0.4):
        self._height = PchipInterpolator(AZIMUTHS, (front, front, front - 0.01, temple, sideburn, side, ear + 0.02,
                                                    ear - 0.32, nape + 0.12, nape))

    def inside(self, azimuth: np.ndarray, height: np.ndarray, soft: float = 0.05) -> np.ndarray:
        """0..1 over a soft edge."""
        return np.clip((height - self._height(np.abs(azimuth))) / soft + 0.5, 0, 1) * (height > -1)

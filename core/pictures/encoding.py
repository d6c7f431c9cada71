"""Encodes pictures as files in memory."""

from __future__ import annotations

import cv2
import numpy as np

QUALITY = 85
"""The quality, 0..100, of JPEGs that are only shown on a screen."""


def jpeg(picture: np.ndarray, quality: int = QUALITY) -> bytes:
    """Encode a uint8 BGR (H, W, 3) picture as a JPEG; a lower `quality`, 0..100, makes it smaller and less accurate."""
    return cv2.imencode(".jpg", picture, (cv2.IMWRITE_JPEG_QUALITY, quality))[1].tobytes()

"""Pictures as files, in memory."""

from __future__ import annotations

import cv2
import numpy as np

QUALITY = 85
"""Of JPEGs that only a screen shows, 0..100."""


def jpeg(picture: np.ndarray, quality: int = QUALITY) -> bytes:
    """uint8 BGR (H, W, 3) as a JPEG file; smaller and less true with a lower `quality`, 0..100."""
    return cv2.imencode(".jpg", picture, (cv2.IMWRITE_JPEG_QUALITY, quality))[1].tobytes()

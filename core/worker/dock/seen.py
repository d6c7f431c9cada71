"""What the camera sees, for who wants to look: the driving frame with the points that were found in it. Kept nowhere."""

from __future__ import annotations

from typing import Optional

import cv2
import numpy as np

from models.engine import Observation

WIDTH = 480
POINT_COLOUR = (120, 230, 120)
BACKGROUND = 32


def jpeg(observation: Optional[Observation]) -> Optional[bytes]:
    """None where no face is seen."""
    if observation is None:
        return None
    width, height = observation.frame_size
    scale = WIDTH / width
    size = (WIDTH, max(round(height * scale), 1))
    if observation.driver_picture is not None:
        picture = cv2.resize(observation.driver_picture, size, interpolation=cv2.INTER_AREA)
    else:
        picture = np.full((size[1], size[0], 3), BACKGROUND, np.uint8)
    for x, y in np.rint(observation.keypoints[:, :2] * scale).astype(int).tolist():
        cv2.circle(picture, (x, y), 1, POINT_COLOUR, -1, cv2.LINE_AA)
    return cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 80])[1].tobytes()

"""What is behind the avatar, in place of what its picture shows there."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from ...pictures import framing, reading
from ...shared.colours import bgr
from ...shared.texts import text

SETTINGS_USED = ("background", "background_colour", "background_file")
OWN, TRANSPARENT, COLOUR, BLURRED = "own", "transparent", "colour", "blurred"
BLUR = 0.035
"""Of the picture's height (standard deviation): nothing can be read any more, light and colours stay."""


def behind(own: np.ndarray, values: Mapping[str, Any]) -> np.ndarray:
    """The background by the settings, BGRA (H, W, 4), premultiplied by alpha, in place of the picture's `own`.

    Raises reading.PictureError: a sentence for the user.
    """
    kind = values["background"]
    if kind == OWN:
        return own
    if kind == TRANSPARENT:
        return np.zeros_like(own)
    if kind == COLOUR:
        return np.broadcast_to(np.array([*bgr(values["background_colour"]), 255], np.uint8), own.shape).copy()
    if kind == BLURRED:
        return cv2.GaussianBlur(own, (0, 0), BLUR * own.shape[0], borderType=cv2.BORDER_REPLICATE)
    return _picture(values["background_file"], own.shape[1], own.shape[0])


def _picture(path: str, width: int, height: int) -> np.ndarray:
    """The middle of a picture, as large as the avatar's."""
    if not path:
        raise reading.PictureError(text("Background.NotChosen"))
    pixels = reading.read(Path(path)).pixels
    scale = max(width / pixels.shape[1], height / pixels.shape[0])
    size = (max(width, round(pixels.shape[1] * scale)), max(height, round(pixels.shape[0] * scale)))
    covering = framing.resized(pixels, size)
    left, top = (size[0] - width) // 2, (size[1] - height) // 2
    return cv2.cvtColor(np.ascontiguousarray(covering[top:top + height, left:left + width]), cv2.COLOR_BGR2BGRA)

"""Replaces the background that the avatar's picture shows."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np

from ...pictures import framing, reading
from ...shared.colours import bgr
from ...shared.settings import Settings
from ...shared.texts import text

OWN, TRANSPARENT, COLOUR, BLURRED = "own", "transparent", "colour", "blurred"
BLUR = 0.035
"""The standard deviation of the blur as a share of the picture's height: no text stays legible, light and colours remain."""


class Background(NamedTuple):
    """The background that the settings choose."""

    kind: str
    """The kind of background, an id of the setting `background`."""
    colour: int
    """The colour as OBS stores it, see colours.py; used by the kind `colour` only."""
    file: str
    """The path of a picture file; empty if none is chosen."""

    @classmethod
    def of(cls, settings: Settings) -> Background:
        return cls(settings.background, settings.background_colour, settings.background_file)


def behind(own: np.ndarray, wanted: Background) -> np.ndarray:
    """Return the chosen background, BGRA (H, W, 4) premultiplied by alpha, to replace the picture's `own` of the same shape.

    Raises reading.PictureError, whose message is a sentence for the user.
    """
    if wanted.kind == OWN:
        return own
    if wanted.kind == TRANSPARENT:
        return np.zeros_like(own)
    if wanted.kind == COLOUR:
        return np.broadcast_to(np.array([*bgr(wanted.colour), 255], np.uint8), own.shape).copy()
    if wanted.kind == BLURRED:
        return cv2.GaussianBlur(own, (0, 0), BLUR * own.shape[0], borderType=cv2.BORDER_REPLICATE)
    return _picture(wanted.file, own.shape[1], own.shape[0])


def _picture(path: str, width: int, height: int) -> np.ndarray:
    """Return the middle of the picture in a file, scaled to cover width x height: opaque uint8 BGRA (height, width, 4). Raises
    reading.PictureError."""
    if not path:
        raise reading.PictureError(text("Background.NotChosen"))
    pixels = reading.read(Path(path)).pixels
    scale = max(width / pixels.shape[1], height / pixels.shape[0])
    size = (max(width, round(pixels.shape[1] * scale)), max(height, round(pixels.shape[0] * scale)))
    covering = framing.resized(pixels, size)
    left, top = (size[0] - width) // 2, (size[1] - height) // 2
    return cv2.cvtColor(np.ascontiguousarray(covering[top:top + height, left:left + width]), cv2.COLOR_BGR2BGRA)

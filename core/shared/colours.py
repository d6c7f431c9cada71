"""Colours as OBS keeps them in its settings: one number, 0xAABBGGRR. Standard library only."""

import re
from typing import Tuple

OPAQUE = 0xFF000000
LARGEST = 0xFFFFFFFF


def bgr(colour: int) -> Tuple[int, int, int]:
    """Return blue, green and red, each 0..255."""
    return colour >> 16 & 0xFF, colour >> 8 & 0xFF, colour & 0xFF


def written(colour: int) -> str:
    """Return the colour as people write it, #RRGGBB."""
    blue, green, red = bgr(colour)
    return "#%02X%02X%02X" % (red, green, blue)


def read(text: str) -> int:
    """Return the number of a colour written as #RRGGBB, with or without the #. Raises ValueError."""
    if not re.fullmatch("#?[0-9a-fA-F]{6}", text):
        raise ValueError("not a colour: " + text)
    rgb = int(text.lstrip("#"), 16)
    return OPAQUE | (rgb & 0xFF) << 16 | (rgb & 0xFF00) | rgb >> 16

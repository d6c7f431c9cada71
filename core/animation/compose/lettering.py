"""Draws text into pictures: the badge, and the placeholder that the worker shows. Both are drawn once and cached."""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from ...pictures import words

BADGE_TEXT = "AI avatar"
BADGE_HEIGHT = 0.06
"""The height of the badge as a share of the picture's: legible in the small tile of a video call."""
BADGE_MARGIN = 0.025
"""The badge's distance from the left and lower edges, as a share of the picture's height."""

PLACEHOLDER_TOP, PLACEHOLDER_BOTTOM = (44, 46, 54), (26, 27, 32)
"""The colours (RGB) at the top and the bottom of the placeholder; the pictures in core/obs/placeholders look the same."""


@lru_cache(maxsize=4)
def badge(height: int) -> np.ndarray:
    """Return the badge for a picture of that height in pixels: uint8 BGRA (h, w, 4), straight alpha."""
    high = max(14, round(BADGE_HEIGHT * height))
    fine = 4  # drawn larger and averaged down, for smooth corners
    font = ImageFont.load_default(size=high * fine * 0.62)
    left, _top, right, _bottom = font.getbbox(BADGE_TEXT)
    wide = round((right - left) / fine + high * 0.75)
    plate = Image.new("RGBA", (wide * fine, high * fine), (0, 0, 0, 0))
    draw = ImageDraw.Draw(plate)
    draw.rounded_rectangle((0, 0, wide * fine - 1, high * fine - 1), radius=high * fine * 0.3, fill=(16, 17, 22, 200),
                           outline=(255, 255, 255, 150), width=max(fine, high * fine // 24))
    draw.text((wide * fine / 2, high * fine / 2), BADGE_TEXT, font=font, fill=(255, 255, 255, 255), anchor="mm")
    return _bgra(plate.resize((wide, high), Image.Resampling.LANCZOS))


def put_badge(picture: np.ndarray) -> None:
    """Draw the badge into the lower left corner of a BGRA picture, in place. It has to come last: nothing may cover or flip
    it."""
    height, width = picture.shape[:2]
    label = badge(height)[:, :width]
    margin = round(BADGE_MARGIN * height)
    high, wide = label.shape[:2]
    under = picture[height - margin - high:height - margin, margin:margin + wide]
    above, below = label[..., 3:].astype(np.float32) / 255, under[..., 3:].astype(np.float32) / 255
    covered = above + below * (1 - above)
    colour = label[..., :3] * above + under[..., :3] * (below * (1 - above))
    under[..., :3] = np.rint(colour / np.maximum(covered, 1e-6))
    under[..., 3:] = np.rint(covered * 255)


@lru_cache(maxsize=8)
def placeholder(size: tuple[int, int], title: str, sentence: str) -> np.ndarray:
    """Return the picture that is shown when there is no avatar to show: BGRA (h, w, 4), opaque, for a `size` of (width,
    height)."""
    width, height = size
    shade = np.linspace(0, 1, height)[:, None, None]
    backdrop = np.broadcast_to(PLACEHOLDER_TOP + shade * np.subtract(PLACEHOLDER_BOTTOM, PLACEHOLDER_TOP),
                               (height, width, 3))
    image = Image.fromarray(backdrop.astype(np.uint8))
    draw = ImageDraw.Draw(image)
    _silhouette(draw, width, height)
    picture = np.ascontiguousarray(np.asarray(image)[..., ::-1])
    _centred(picture, title, height * 0.68, round(height * 0.06), (240, 236, 235))
    small = max(10, round(height * 0.034))
    for number, line in enumerate(words.lines(sentence, small, width * 0.84)):
        _centred(picture, line, height * 0.75 + number * height * 0.045, small, (180, 172, 170))
    return cv2.cvtColor(picture, cv2.COLOR_BGR2BGRA)


def _centred(picture: np.ndarray, line: str, baseline: float, size: int, colour: tuple[int, int, int]) -> None:
    words.write(picture, line, (picture.shape[1] - words.width(line, size)) / 2, baseline, size, colour)


def _silhouette(draw: ImageDraw.ImageDraw, width: int, height: int) -> None:
    """Draw a plain head and shoulders, which look like nobody in particular."""
    unit, middle, colour = height / 100, width / 2, (86, 89, 100)
    draw.ellipse((middle - 10.5 * unit, 18 * unit, middle + 10.5 * unit, 41 * unit), fill=colour)
    draw.pieslice((middle - 20 * unit, 43 * unit, middle + 20 * unit, 73 * unit), 180, 360, fill=colour)


def _bgra(image: Image.Image) -> np.ndarray:
    return np.ascontiguousarray(np.asarray(image)[..., [2, 1, 0, 3]])

"""One picture with nine poses of an avatar, to see before going on air what it can do."""

from __future__ import annotations

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from models.contract import MotionOptions, Painter, PreparedAvatar
from models.face import poses

from ..shared.texts import text

COLUMNS = 3
CELL = 340
"""Pixels."""
LETTERS = 18
"""Pixels."""


def draw(painter: Painter, avatar: PreparedAvatar) -> np.ndarray:
    """BGR uint8 (3 CELL, 3 CELL, 3)."""
    reference = poses.neutral()
    options = MotionOptions(relative=True, mouth="drawn")
    cells = [_cell(painter.animate(avatar, pose, reference, options).picture, text("Pose." + name))
             for name, pose in poses.all_nine().items()]
    return np.vstack([np.hstack(cells[start:start + COLUMNS]) for start in range(0, len(cells), COLUMNS)])


def _cell(drawn: np.ndarray, caption: str) -> np.ndarray:
    """A drawn picture, BGRA, at the size of a cell, on grey where it is transparent, with its name."""
    small = cv2.resize(drawn, (CELL, CELL), interpolation=cv2.INTER_AREA)
    image = Image.new("RGB", (CELL, CELL), (128, 128, 128))
    image.paste(Image.fromarray(small[..., 2::-1].copy()), mask=Image.fromarray(small[..., 3].copy()))
    pen = ImageDraw.Draw(image)
    font = ImageFont.load_default(size=LETTERS)
    place = (8, CELL - LETTERS - 8)
    left, top, right, bottom = pen.textbbox(place, caption, font=font)
    pen.rectangle((left - 5, top - 4, right + 5, bottom + 4), fill=(26, 27, 32))
    pen.text(place, caption, font=font, fill=(235, 236, 240))
    return np.asarray(image)[..., ::-1]

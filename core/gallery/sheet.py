"""Draws nine poses of an avatar into one picture, to show before going on air what it can do."""

from __future__ import annotations

import cv2
import numpy as np
from PIL import Image

from models.contract import MotionOptions, Painter, PreparedAvatar
from models.face import poses

from ..pictures import words
from ..shared.texts import text

COLUMNS = 3
CELL = 340
"""The side of a cell, in pixels."""
LETTERS = 18
"""The size of the captions' letters, in pixels."""


def draw(painter: Painter, avatar: PreparedAvatar) -> np.ndarray:
    """Draw the nine poses with their names, uint8 BGR (3 CELL, 3 CELL, 3)."""
    reference = poses.neutral()
    options = MotionOptions(relative=True, mouth="drawn")
    cells = [_cell(painter.animate(avatar, pose, reference, options).picture, text("Pose." + name))
             for name, pose in poses.all_nine().items()]
    return np.vstack([np.hstack(cells[start:start + COLUMNS]) for start in range(0, len(cells), COLUMNS)])


def _cell(drawn: np.ndarray, caption: str) -> np.ndarray:
    """Return a drawn BGRA picture at the size of a cell, on grey where it is transparent, with its caption."""
    small = cv2.resize(drawn, (CELL, CELL), interpolation=cv2.INTER_AREA)
    image = Image.new("RGB", (CELL, CELL), (128, 128, 128))
    image.paste(Image.fromarray(small[..., 2::-1].copy()), mask=Image.fromarray(small[..., 3].copy()))
    cell = np.ascontiguousarray(np.asarray(image)[..., ::-1])
    left, baseline = 8, CELL - 12
    top, right = baseline - LETTERS - 1, left + words.width(caption, LETTERS)
    cv2.rectangle(cell, (left - 5, top), (right + 5, baseline + 8), (32, 27, 26), cv2.FILLED)
    words.write(cell, caption, left, baseline, LETTERS, (240, 236, 235))
    return cell

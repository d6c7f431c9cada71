"""Cuts out what stands before one plain colour, as drawings often do: exactly, where a network made for photographs guesses."""

from __future__ import annotations

import cv2
import numpy as np

BORDER = 0.01
"""Width of the border that is looked at, in parts of the shorter side."""
PLAIN = 6
"""Levels that a pixel of a plain backdrop may differ from its colour; a photographed wall differs more."""
PLAIN_SHARE = 0.995
"""Of the upper and side borders that must be plain; figures are cut off by the lower one."""
SIDES = 0.5
"""The sides are looked at down to this part of the height: shoulders reach them further down."""
LEAST, MOST = 0.05, 0.9
"""Share of the picture that may stand out."""
RECTANGLE = 0.95
"""A larger share of its own box is a picture in a frame, not a figure."""
SOFTNESS = 0.8
"""Of the edge, in pixels."""


def coverage(pixels: np.ndarray) -> np.ndarray | None:
    """float32 (H, W), 0..1: how far each pixel of a BGR picture stands before the backdrop; None where that is not plain."""
    height, width = pixels.shape[:2]
    wide = max(1, round(BORDER * min(height, width)))
    half = round(SIDES * height)
    border = np.concatenate([part.reshape(-1, 3) for part in (pixels[:wide], pixels[:half, :wide], pixels[:half, -wide:])])
    colour = np.median(border, axis=0)
    if (np.abs(border - colour).max(axis=1) <= PLAIN).mean() < PLAIN_SHARE:
        return None
    plain = (np.abs(pixels - colour).max(axis=2) <= PLAIN).astype(np.uint8)
    _, labels = cv2.connectedComponents(plain, connectivity=4)
    outer = np.unique(labels[0][plain[0] > 0])
    figure = ~np.isin(labels, outer)
    rows, columns = np.nonzero(figure.any(axis=1))[0], np.nonzero(figure.any(axis=0))[0]
    if not LEAST < figure.mean() < MOST:
        return None
    box = (rows[-1] - rows[0] + 1) * (columns[-1] - columns[0] + 1)
    if figure.sum() > RECTANGLE * box:
        return None
    return cv2.GaussianBlur(figure.astype(np.float32), (0, 0), SOFTNESS)

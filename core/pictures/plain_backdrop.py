"""Cuts out what stands in front of one plain colour, as in many drawings, where a network made for photographs only guesses."""

from __future__ import annotations

import cv2
import numpy as np

BORDER = 0.01
"""The width of the border that is examined, in fractions of the shorter side."""
PLAIN = 6
"""The most grey levels (0..255) that a pixel of a plain backdrop may differ from its colour; photographed walls differ more."""
PLAIN_SHARE = 0.995
"""The share of the upper and side borders that has to be plain; the lower border cuts figures off."""
SIDES = 0.5
"""The fraction of the height down to which the sides are examined; further down, shoulders reach them."""
LEAST, MOST = 0.05, 0.9
"""The least and the greatest share of the picture that may stand out from the backdrop."""
RECTANGLE = 0.95
"""What fills a larger share of its own bounding box than this is a framed picture, not a figure."""
SOFTNESS = 0.8
"""The softness of the cut-out's edge, in pixels."""


def coverage(pixels: np.ndarray) -> np.ndarray | None:
    """Return how much each pixel of a BGR picture stands out, float32 (H, W), 0..1, or None without a plain backdrop."""
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

"""Words written on pictures, with the font that is in OpenCV 5: it has the letters that Pillow's own lacks, such as ü and é."""

from __future__ import annotations

import cv2
import numpy as np

REGULAR = 400
"""The weight of the letters, from 100 (thin) to 900 (black)."""


def width(words: str, size: int) -> int:
    """Return how wide a line of `words` is in pixels, where the letters are `size` pixels high."""
    left, _, wide, _ = cv2.getTextSize((0, 0), words, (0, 0), _font(), size, REGULAR)
    return int(left + wide)


def write(picture: np.ndarray, words: str, left: float, baseline: float, size: int,
          colour: tuple[int, int, int]) -> None:
    """Write one line into a picture, uint8 BGR (H, W, 3), in place. `left` and `baseline`: where its first letter stands."""
    cv2.putText(picture, words, (round(left), round(baseline)), colour, _font(), size, REGULAR)


def lines(words: str, size: int, widest: float) -> list[str]:
    """Return the words in lines of at most `widest` pixels; a word that is wider has a line of its own."""
    broken = [""]
    for word in words.split():
        longer = (broken[-1] + " " + word).strip()
        if not broken[-1] or width(longer, size) <= widest:
            broken[-1] = longer
        else:
            broken.append(word)
    return broken


def _font() -> cv2.FontFace:
    """Return a new one each time, which is cheap: a font is not to be used by two threads at once."""
    return cv2.FontFace("sans")

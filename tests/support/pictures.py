"""What a picture shows, judged roughly: the avatar moves, so nothing here compares pixel by pixel."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np

AVATARS = Path(__file__).resolve().parent.parent.parent / "avatars"

HEAD = (0.10, 0.70, 0.25, 0.75)
"""Top, bottom, left and right as parts of the picture: hair to chin of the shipped avatars."""

MOUTH = (0.45, 0.65, 0.35, 0.65)
ABOVE_BADGE = (0.0, 0.88, 0.0, 1.0)

_SIDE = 128


def region(picture: np.ndarray, part: tuple[float, float, float, float]) -> np.ndarray:
    height, width = picture.shape[:2]
    top, bottom, left, right = part
    return picture[round(top * height):round(bottom * height), round(left * width):round(right * width)]


def colours(picture: np.ndarray) -> np.ndarray:
    """BGR, whatever the picture had, as numbers that can be subtracted."""
    return picture[:, :, :3].astype(np.float32)


@lru_cache(maxsize=8)
def avatar(name: str, size: int) -> np.ndarray:
    """The shipped picture of an avatar, BGR."""
    picture = cv2.imread(str(AVATARS / f"{name}.png"), cv2.IMREAD_COLOR)
    assert picture is not None, f"there is no avatar {name}"
    return cv2.resize(picture, (size, size), interpolation=cv2.INTER_AREA)


def likeness(picture: np.ndarray, reference: np.ndarray) -> float:
    """1 for the same picture, about 0 for unrelated ones: the correlation of all three colours, blurred.

    Blurred, so that a turned head is still a likeness. The badge's rows are left out.
    """
    flat = []
    for one in (picture, reference):
        small = cv2.resize(colours(one), (_SIDE, _SIDE), interpolation=cv2.INTER_AREA)
        small = region(cv2.GaussianBlur(small, (0, 0), 2), ABOVE_BADGE)
        flat.append((small - small.mean()).ravel())
    length = float(np.linalg.norm(flat[0]) * np.linalg.norm(flat[1]))
    return float(flat[0] @ flat[1]) / length if length > 1e-3 else 0.0


def shows_avatar(picture: np.ndarray, name: str) -> bool:
    """A head turned far comes down to 0.7; other avatars, the placeholders and the clip itself stay below 0.3."""
    return likeness(picture, avatar(name, picture.shape[0])) > 0.5


def is_placeholder(picture: np.ndarray) -> bool:
    """A dark grey picture with some writing on it."""
    plain = colours(picture)
    brightness, colourfulness = plain.mean(axis=2), plain.max(axis=2) - plain.min(axis=2)
    return bool(np.median(brightness) < 90 and np.median(colourfulness) < 25 and brightness.max() > 120)


def difference(one: np.ndarray, other: np.ndarray, part: tuple[float, float, float, float] = (0, 1, 0, 1)) -> float:
    """The mean difference in grey levels of 255."""
    return float(np.abs(region(colours(one), part) - region(colours(other), part)).mean())


def most_motion(pictures: Sequence[np.ndarray], part: tuple[float, float, float, float]) -> float:
    """The largest difference between the first and any other picture."""
    return max(difference(pictures[0], later, part) for later in pictures[1:])


def distinct(pictures: Sequence[np.ndarray]) -> int:
    """How many of the pictures differ from all others."""
    return len({picture.tobytes() for picture in pictures})


def still(pictures: Sequence[np.ndarray]) -> np.ndarray:
    """What stays the same over many pictures: the motion averages out."""
    return np.median(np.stack([colours(picture) for picture in pictures]), axis=0)

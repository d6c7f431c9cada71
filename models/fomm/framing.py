"""The square that the network sees: head and shoulders, as in the clips that it was trained with.

Its keypoints are given in pixels of the whole picture, so that a square that follows a face takes nothing away from the motion
of the face.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import torch

FACE_HEIGHTS = 2.1
"""Side of the square, in heights of the face, forehead to chin."""
RAISED = 0.04
"""Height of the square's centre above that of the face, in sides of the square: hair needs more room than the chin."""
FOLLOW = 0.15
"""Share of its distance from the face that the square moves with each frame. Keypoints shift a little with the square: if it
jittered as landmarks do, so would the avatar."""
SEAM = 0.08
"""Width of the seam over which the drawn part fades into the picture around it, in sides of the square."""


@dataclass(frozen=True)
class Square:
    """A square of a picture, in pixels; it may reach beyond the border."""

    left: float
    top: float
    side: float

    @classmethod
    def around(cls, landmarks: np.ndarray) -> Square:
        """Return the square for the landmarks of a face, (N, 2 or more)."""
        low, high = landmarks[:, :2].min(axis=0), landmarks[:, :2].max(axis=0)
        side = float(max((high - low).max(), 1.0) * FACE_HEIGHTS)
        left, top = (low + high) / 2 - side / 2 - (0, RAISED * side)
        return cls(float(left), float(top), side)

    def within(self, width: int, height: int) -> Square:
        """Return the nearest square in whole pixels that does not reach beyond a picture of that size."""
        side = int(min(self.side, width, height))
        left, top = np.clip((self.left, self.top), 0, (width - side, height - side)).astype(int)
        return Square(int(left), int(top), side)

    def towards(self, other: Square | None) -> Square:
        """Return the square one frame further on its way to `other`; unchanged for None."""
        if other is None:
            return self
        return Square(*(now + FOLLOW * (then - now) for now, then in (
            (self.left, other.left), (self.top, other.top), (self.side, other.side))))

    def to_pixels(self, points: np.ndarray) -> np.ndarray:
        """Coordinates -1..1 in the square, (..., 2), as pixels of the picture."""
        return (points + 1) * (self.side - 1) / 2 + (self.left, self.top)

    def from_pixels(self, points: np.ndarray) -> np.ndarray:
        """Pixels of the picture, (..., 2), as coordinates -1..1 in the square."""
        return (points - (self.left, self.top)) * 2 / (self.side - 1) - 1


def cut(picture: np.ndarray, square: Square, size: int) -> tuple[np.ndarray, Square]:
    """Return the square of a picture, BGR uint8 (H, W, 3), as (size, size, 3), and the square in whole pixels that was cut.

    Beyond the border the outermost pixels are repeated: black would look like something that occludes the shoulders.
    """
    left, top, side = round(square.left), round(square.top), max(2, round(square.side))
    height, width = picture.shape[:2]
    # A square outside of the picture gives all of the picture.
    rows = np.clip((max(top, 0), min(top + side, height)), 0, height)
    columns = np.clip((max(left, 0), min(left + side, width)), 0, width)
    if rows[0] >= rows[1] or columns[0] >= columns[1]:
        return cv2.resize(picture, (size, size), interpolation=cv2.INTER_AREA), Square(0, 0, min(height, width))
    inside = picture[rows[0]:rows[1], columns[0]:columns[1]]
    missing = rows[0] - top, top + side - rows[1], columns[0] - left, left + side - columns[1]
    if any(missing):
        above, below, before, after = map(int, missing)
        inside = cv2.copyMakeBorder(inside, above, below, before, after, cv2.BORDER_REPLICATE)
    shrinks = side > size
    resized = cv2.resize(inside, (size, size), interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR)
    return resized, Square(left, top, side)


def tensor(picture: np.ndarray) -> torch.Tensor:
    """Return a picture, BGR uint8 (H, W, 3), as RGB float32 (1, 3, H, W), 0..1."""
    return torch.from_numpy(cv2.cvtColor(picture, cv2.COLOR_BGR2RGB)).permute(2, 0, 1)[None].float() / 255


def pixels(image: torch.Tensor) -> np.ndarray:
    """RGB float32 (1, 3, H, W), 0..1, as a picture, BGR uint8 (H, W, 3)."""
    rounded = (image[0].clamp(0, 1) * 255).round().to(torch.uint8)
    return cv2.cvtColor(rounded.permute(1, 2, 0).contiguous().numpy(), cv2.COLOR_RGB2BGR)


def seam(square: Square, width: int, height: int) -> np.ndarray:
    """float32 (side, side), 0..1: the opacity of a drawn square in a picture of that size.

    It is 1 inside, and fades to 0 at each edge beyond which the picture continues.
    """
    side = int(square.side)
    depth = (np.arange(side, dtype=np.float32) + 0.5) / (SEAM * side)
    rise = np.minimum(depth, 1)
    rise = rise * rise * (3 - 2 * rise)
    flat = np.ones(side, np.float32)
    across = (rise if square.left > 0 else flat) * (rise[::-1] if square.left + side < width else flat)
    down = (rise if square.top > 0 else flat) * (rise[::-1] if square.top + side < height else flat)
    return down[:, None] * across

"""In-between pictures: the last picture that the network drew, warped to newer keypoints without the network.

Between two drawings each part of the face moves as its keypoint does, to first order, and the network's mask tells which part
each place belongs to. So the flow from the last picture to the newest keypoints is the network's own equation 7 with that
picture in the place of the source, and without its most expensive part, finding a mask. Measured on a processor, it takes
2.8 ms in place of the dense motion network's 166, and the picture is as close to the next drawing (to 0.02 dB).

A carried picture keeps the appearance it was drawn with: an eye that closes meanwhile closes in the next drawing.
"""

from __future__ import annotations

from typing import NamedTuple

import cv2
import numpy as np

from .keypoints import Keypoints
from .model import EncodedSource

STILL, MOVING = 0.005, 0.015
"""Motion of a keypoint, in half picture sides, up to which the picture stays as it is, and from which it follows fully.

Measured on real frames, where a perfect network would draw the frame itself: below 0.005 carrying made things worse, as the
picture lost 4 dB to resampling, and landmarks were 0.5 px of 256 off instead of 0.2. From 0.015 on it gains 1 to 4 dB, and
landmarks that were 3 to 13 px off are 0.7 to 1.0 px off (docs/engines.md)."""
FURTHEST = 0.35
"""Motion of a keypoint, in half picture sides, beyond which the picture stays behind until the next drawing. Up to here, a
sixth of the picture, landmarks were 1.3 px off; beyond, single pictures were torn, with landmarks 13 px off."""


class Drawn(NamedTuple):
    """A picture that the network drew."""

    source: EncodedSource
    """The source that it shows."""
    keypoints: Keypoints
    """The pose that it was drawn in."""
    picture: np.ndarray
    """uint8 (H, W, 3): the picture."""
    mask: np.ndarray
    """float32 (K + 1, h, w), sum 1: how far each place follows the background's motion, then each keypoint's."""


def carried(drawn: Drawn, newest: Keypoints) -> np.ndarray:
    """uint8 (H, W, 3): the picture in the pose of `newest`; it may be `drawn.picture` itself."""
    then, now = _numbers(drawn.keypoints), _numbers(newest)
    moved = float(np.linalg.norm(now[0] - then[0], axis=1).max())
    share = _share(moved)
    if share == 0:
        return drawn.picture
    value, jacobian = (before + share * (after - before) for before, after in zip(then, now))
    height, width = drawn.picture.shape[:2]
    back = _upsampled(_displacement(drawn.mask, _motions(*then, value, jacobian)), width, height)
    x, y = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    # A singular jacobian moves its part of the face to no finite place: the picture stays there.
    back = np.nan_to_num(back, copy=False, nan=0.0, posinf=0.0, neginf=0.0)
    return cv2.remap(drawn.picture, x + back[..., 0], y + back[..., 1], cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)


def _numbers(keypoints: Keypoints) -> tuple[np.ndarray, np.ndarray]:
    """Return the places, float64 (K, 2), and the jacobians, (K, 2, 2), of keypoints of one picture."""
    return keypoints.value[0].double().numpy(), keypoints.jacobian[0].double().numpy()


def _share(moved: float) -> float:
    """Return the share of a motion that is carried out, 0..1.

    moved: the largest motion of a keypoint, in half picture sides.
    """
    if not moved > STILL:  # also for NaN
        return 0.0
    rise = min(1.0, (moved - STILL) / (MOVING - STILL))
    return rise * rise * (3 - 2 * rise) * min(1.0, FURTHEST / moved)


def _motions(then: np.ndarray, then_jacobian: np.ndarray, now: np.ndarray, now_jacobian: np.ndarray) -> np.ndarray:
    """float32 (K + 1, 6): each motion's displacement from a place now to where it was, an affine map, the rows of (2, 3).

    Equations 4 and 5; the background comes first and does not move.
    """
    (a, b), (c, d) = now_jacobian.transpose(1, 2, 0)
    with np.errstate(all="ignore"):
        inverse = np.stack([d, -b, -c, a], axis=1).reshape(-1, 2, 2) / (a * d - b * c)[:, None, None]
        affine = then_jacobian @ inverse
        offset = then[:, :, None] - affine @ now[:, :, None]
    maps = np.concatenate([affine - np.eye(2), offset], axis=2).reshape(-1, 6)
    return np.concatenate([np.zeros((1, 6)), maps]).astype(np.float32)


def _displacement(mask: np.ndarray, motions: np.ndarray) -> np.ndarray:
    """float32 (h, w, 2): the displacement from each place now to where it was then, in half picture sides."""
    height, width = mask.shape[1:]
    field = np.tensordot(mask, motions, (0, 0))
    x, y = np.meshgrid(np.linspace(-1, 1, width, dtype=np.float32), np.linspace(-1, 1, height, dtype=np.float32))
    first = _applied(field, x, y)
    # The mask is of then, so a place belongs to the part that was where it came from. A second iteration is no better.
    column, row = (x + first[..., 0] + 1) * ((width - 1) / 2), (y + first[..., 1] + 1) * ((height - 1) / 2)
    halves = [cv2.remap(np.ascontiguousarray(half), column, row, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
              for half in (field[..., :3], field[..., 3:])]  # cv2.remap takes at most four channels
    return _applied(np.concatenate(halves, axis=2), x, y)


def _applied(field: np.ndarray, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """float32 (h, w, 2): affine maps, (h, w, 6), applied to the places, (h, w), that they are at."""
    return np.stack([field[..., at] * x + field[..., at + 1] * y + field[..., at + 2] for at in (0, 3)], axis=2)


def _upsampled(displacement: np.ndarray, width: int, height: int) -> np.ndarray:
    """float32 (height, width, 2): a displacement in pixels. The corners of both grids coincide, unlike in cv2.resize."""
    rows, columns = displacement.shape[:2]
    scale = np.array([[(columns - 1) / (width - 1), 0, 0], [0, (rows - 1) / (height - 1), 0]])
    pixels = displacement * np.array([(width - 1) / 2, (height - 1) / 2], np.float32)
    return cv2.warpAffine(pixels, scale, (width, height), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
                          borderMode=cv2.BORDER_REPLICATE)

"""Which part of the picture is the person: the coverage of each pixel, found once per avatar."""

from __future__ import annotations

import cv2
import numpy as np

from . import bundle
from .measures import face_height, smoothstep
from .topology import FACE_OVAL, NOSE_TIP

GUIDE_RADIUS = 8 / 250
"""Radius of the guided filter in face heights: a few pixels more than the network's mask is off."""
GUIDE_EPSILON = 1e-3
"""Colour variance below which the filter takes a region as flat, for colours 0..1."""
GUIDE_SIDE = 512
"""The filter's coefficients are smooth: more pixels than these on the longer side change nothing but the time."""
CERTAIN_NONE, CERTAIN_FULL = 0.35, 0.9
"""Filtered network output that counts as background, and as person."""
GROWTH = 9
"""Pixels of the network's mask around the component with the face that still belong to it."""


def person(picture: np.ndarray, points: np.ndarray) -> np.ndarray:
    """float32 (H, W), 0..1: how far each pixel shows the person whose face the landmarks are.

    picture: BGR uint8 (H, W, 3). points: (478, 3), pixels. The oval of the face is always part of the person.
    """
    height, width = picture.shape[:2]
    rough = cv2.resize(_component(_segment(picture), points, width, height), (width, height))
    oval = np.zeros((height, width), np.uint8)
    cv2.fillPoly(oval, [points[FACE_OVAL, :2].astype(np.int32)], 1)
    radius = max(1, int(GUIDE_RADIUS * face_height(points)))
    refined = _guided_filter(picture, np.maximum(rough, oval), radius)
    return np.maximum(smoothstep(CERTAIN_NONE, CERTAIN_FULL, refined), oval).astype(np.float32)


def _segment(picture: np.ndarray) -> np.ndarray:
    """float32 (256, 256), 0..1: the network's view of where people are.

    Source: MediaPipe Selfie Segmentation; its graph squeezes any picture into the square.
    """
    interpreter = bundle.selfie_segmentation()
    (given,), (result,) = interpreter.get_input_details(), interpreter.get_output_details()
    side = tuple(given["shape"][2:0:-1])
    small = cv2.cvtColor(cv2.resize(picture, side, interpolation=cv2.INTER_AREA), cv2.COLOR_BGR2RGB)
    interpreter.set_tensor(given["index"], small[None].astype(np.float32) / 255.0)
    interpreter.invoke()
    return interpreter.get_tensor(result["index"])[0, :, :, 0]


def _component(mask: np.ndarray, points: np.ndarray, width: int, height: int) -> np.ndarray:
    """`mask` without the other people: only the connected part that holds the nose, if it holds any."""
    rows, columns = mask.shape
    _, labels = cv2.connectedComponents((mask > 0.5).astype(np.uint8))
    x = int(np.clip(points[NOSE_TIP, 0] * columns / width, 0, columns - 1))
    y = int(np.clip(points[NOSE_TIP, 1] * rows / height, 0, rows - 1))
    if labels[y, x] == 0:
        return mask
    part = cv2.dilate((labels == labels[y, x]).astype(np.uint8), np.ones((GROWTH, GROWTH), np.uint8))
    return mask * part


def _guided_filter(picture: np.ndarray, mask: np.ndarray, radius: int) -> np.ndarray:
    """float32 (H, W): `mask` fitted to the edges of the picture, as a local linear function of its colours.

    Source: He, Sun, Tang, "Guided Image Filtering", 2010, equations 19-21; coefficients at reduced size as in He, Sun,
    "Fast Guided Filter", 2015.
    """
    height, width = mask.shape
    factor = min(1.0, GUIDE_SIDE / max(height, width))
    size = (max(1, round(width * factor)), max(1, round(height * factor)))
    guide = cv2.resize(picture, size, interpolation=cv2.INTER_AREA).astype(np.float32) / 255.0
    target = cv2.resize(mask, size, interpolation=cv2.INTER_AREA).astype(np.float32)
    side = 2 * max(1, round(radius * factor)) + 1

    def mean(values: np.ndarray) -> np.ndarray:
        return cv2.boxFilter(values, cv2.CV_32F, (side, side), borderType=cv2.BORDER_REFLECT)

    centre, level = mean(guide), mean(target)
    covariance = mean(guide * target[..., None]) - centre * level[..., None]
    rows, columns = np.triu_indices(3)
    second = mean(np.ascontiguousarray(guide[..., rows[:3]] * guide[..., columns[:3]]))
    third = mean(np.ascontiguousarray(guide[..., rows[3:]] * guide[..., columns[3:]]))
    variance = np.concatenate([second, third], axis=2) - centre[..., rows] * centre[..., columns]
    slope = _solve_symmetric(variance, covariance)
    offset = level - (slope * centre).sum(axis=2)
    slope = cv2.resize(mean(slope), (width, height), interpolation=cv2.INTER_LINEAR)
    offset = cv2.resize(mean(offset), (width, height), interpolation=cv2.INTER_LINEAR)
    full = picture.astype(np.float32) / 255.0
    return np.clip((slope * full).sum(axis=2) + offset, 0.0, 1.0)


def _solve_symmetric(matrix: np.ndarray, right: np.ndarray) -> np.ndarray:
    """(H, W, 3): x of (M + epsilon) x = right in every pixel, M given as (H, W, 6): 00 01 02 11 12 22."""
    a, b, c, d, e, f = (matrix[..., i] for i in range(6))
    a, d, f = a + GUIDE_EPSILON, d + GUIDE_EPSILON, f + GUIDE_EPSILON
    x, y, z = right[..., 0], right[..., 1], right[..., 2]
    aa, ab, ac = d * f - e * e, c * e - b * f, b * e - c * d
    bb, bc, cc = a * f - c * c, b * c - a * e, a * d - b * b
    determinant = a * aa + b * ab + c * ac
    solved = np.stack([aa * x + ab * y + ac * z, ab * x + bb * y + bc * z, ac * x + bc * y + cc * z], axis=-1)
    return solved / determinant[..., None]

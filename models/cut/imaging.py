"""Filling, masks, bounds and blending: what several parts of an engine do with small pictures."""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np

_SUBPIXEL_BITS = 4
"""Fractional bits of the fixed-point coordinates that OpenCV draws with."""


def push_pull(picture: np.ndarray, known: np.ndarray) -> np.ndarray:
    """float32 (H, W, C): the picture with its unknown pixels filled in smoothly from the known ones.

    picture: float32 (H, W, C). known: float32 (H, W), 0..1, how far each pixel is known.
    Source: Gortler et al., "The Lumigraph", 1996, section 3.4 (pulled up a pyramid, pushed down into the gaps).
    """
    height, width = known.shape
    weighted = picture * known[..., None]
    if min(height, width) <= 2:
        mean = weighted.sum(axis=(0, 1)) / max(float(known.sum()), 1e-6)
        return np.broadcast_to(mean, picture.shape).astype(np.float32)
    half = ((width + 1) // 2, (height + 1) // 2)
    coarse_known = cv2.resize(known, half, interpolation=cv2.INTER_AREA)
    coarse = cv2.resize(weighted, half, interpolation=cv2.INTER_AREA) / np.maximum(coarse_known, 1e-6)[..., None]
    # A coarse pixel counts as known if one of its four pixels is.
    low = push_pull(coarse, np.minimum(coarse_known * 4.0, 1.0))
    return weighted + cv2.resize(low, (width, height), interpolation=cv2.INTER_LINEAR) * (1.0 - known[..., None])


def smooth_outline(corners: np.ndarray, parts: int = 4) -> np.ndarray:
    """float64 (N * parts, 2): the closed Catmull-Rom spline through corners, float (N, 2)."""
    return _catmull_rom(len(corners), parts) @ corners


@cache
def _catmull_rom(corners: int, parts: int) -> np.ndarray:
    """float64 (corners * parts, corners): the points of the spline as weights of its corners."""
    matrix = np.zeros((corners * parts, corners))
    for i in range(corners):
        for j in range(parts):
            t = j / parts
            blend = (-t + 2 * t**2 - t**3, 2 - 5 * t**2 + 3 * t**3, t + 4 * t**2 - 3 * t**3, -t**2 + t**3)
            for neighbour, weight in zip((i - 1, i, i + 1, i + 2), blend):
                matrix[i * parts + j, neighbour % corners] += weight / 2
    return matrix


def outline_mask(outline: np.ndarray, width: int, height: int, blur: float = 0.0) -> np.ndarray:
    """float32 (height, width), 0..1: the inside of a closed outline, float (N, 2), antialiased.

    blur: standard deviation of a Gaussian blur of the mask, in pixels; 0 for none.
    """
    mask: np.ndarray = np.zeros((height, width), np.uint8)
    cv2.fillPoly(mask, [_subpixel(outline)], 255, cv2.LINE_AA, _SUBPIXEL_BITS)
    if blur > 0.0:
        mask = cv2.GaussianBlur(mask, (0, 0), blur)
    return mask.astype(np.float32) / 255.0


def line_mask(line: np.ndarray, width: int, height: int, thickness: np.ndarray, blur: float) -> np.ndarray:
    """float32 (height, width), 0..1: an open line through points, float (N, 2), with a Gaussian blur of `blur` pixels.

    thickness: (N,), at each of the points, in pixels.
    """
    mask = np.zeros((height, width), np.uint8)
    along = np.gradient(line, axis=0)
    across = np.column_stack([-along[:, 1], along[:, 0]]) / np.maximum(np.linalg.norm(along, axis=1, keepdims=True), 1e-6)
    half = across * (thickness / 2)[:, None]
    cv2.fillPoly(mask, [_subpixel(np.concatenate([line + half, (line - half)[::-1]]))], 255, cv2.LINE_AA, _SUBPIXEL_BITS)
    return cv2.GaussianBlur(mask, (0, 0), blur).astype(np.float32) / 255.0


def _subpixel(points: np.ndarray) -> np.ndarray:
    """int32 (N, 2): points in the fixed-point coordinates that OpenCV draws with."""
    return np.round(points * (1 << _SUBPIXEL_BITS)).astype(np.int32)


def sampled(picture: np.ndarray, places: np.ndarray, border: int, out: np.ndarray | None = None) -> np.ndarray:
    """Return the picture sampled bilinearly at float32 (h, w, 2) places, (x, y) in pixels; in `out` if that is given.

    border: what lies beyond the edges, a constant of OpenCV; BORDER_CONSTANT is black, and transparent.
    """
    # OpenCV takes None for the second map where the first one holds both coordinates; its types do not say so.
    return cv2.remap(picture, places, None, cv2.INTER_LINEAR, dst=out, borderMode=border)  # type: ignore[call-overload]


def bounds(points: np.ndarray, margin: int, width: int, height: int) -> tuple[int, int, int, int]:
    """(left, top, right, bottom) of points, float (N, 2), with a margin, clipped to a picture; right and bottom exclusive.

    The box is empty (right <= left or bottom <= top) where the points lie outside of the picture.
    """
    left, top = np.floor(points.min(axis=0)).astype(int) - margin
    right, bottom = np.ceil(points.max(axis=0)).astype(int) + margin
    return max(int(left), 0), max(int(top), 0), min(int(right), width), min(int(bottom), height)


def blend(under: np.ndarray, over: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """under + (over - under) * weight, for pictures (H, W, C) and a weight (H, W)."""
    return under + (over - under) * weight[..., None]

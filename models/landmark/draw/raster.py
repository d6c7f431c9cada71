"""Drawing a textured triangle mesh: a z-buffered rasteriser and the compositing of two layers, compiled by Numba.

The rasteriser moves no colours. It writes a backward map, which has for every covered pixel the place in the source picture
that is seen there; OpenCV then samples the source with its vectorised `remap`.

One thread draws. Giving half of the rows to a second one took as long on the two-core machine where it was measured, and the
other core has the next driving frame to track.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
from numba import njit

from ...cut.imaging import sampled

FAR = np.float32(1e9)
"""Depth of a pixel that no triangle covers."""
_EDGE = 1e-3
"""How far triangles reach over their edges, in barycentric units, so that neighbours leave no pixel between them."""
_JUMP = 6.0
"""Distance in the source, in pixels, beyond which pixels two apart lie on both sides of an edge where one part occludes
another."""
_FLAT = 1e-6
"""Doubled area, in square pixels, below which triangles are seen edge-on and not drawn."""


def _compiled(function: Callable[..., Any]) -> Callable[..., Any]:
    """`function` as machine code that runs without the GIL, cached on disk where possible."""
    try:
        return njit(cache=True, nogil=True, fastmath=True)(function)
    except RuntimeError:  # Numba finds no folder it may write to: compile at each start
        return njit(nogil=True, fastmath=True)(function)


@_compiled
def rasterise(points: np.ndarray, source: np.ndarray, triangles: np.ndarray, backward: np.ndarray,
              depth: np.ndarray) -> None:
    """Draw the mesh into a backward map; nearer triangles (smaller z) occlude further ones.

    points: float32 (V, 3), finite, where each vertex is drawn. source: float32 (V, 2), the place it is taken from.
    triangles: int32 (T, 3), either winding. backward: float32 (H, W, 2), written where a triangle covers the pixel's
    centre. depth: float32 (H, W), FAR where nothing does. All arrays C-contiguous.
    """
    height, width = depth.shape
    depth[:, :] = FAR
    for i in range(triangles.shape[0]):
        a, b, c = triangles[i, 0], triangles[i, 1], triangles[i, 2]
        ay, by, cy = float(points[a, 1]), float(points[b, 1]), float(points[c, 1])
        top = max(int(np.ceil(min(ay, by, cy))), 0)
        bottom = min(int(np.floor(max(ay, by, cy))), height - 1)
        if top > bottom:
            continue
        ax, bx, cx = float(points[a, 0]), float(points[b, 0]), float(points[c, 0])
        left = max(int(np.ceil(min(ax, bx, cx))), 0)
        right = min(int(np.floor(max(ax, bx, cx))), width - 1)
        if left > right:
            continue
        area = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax)
        if abs(area) < _FLAT:
            continue
        # Barycentric coordinates as planes over the picture: l_k(x, y) = px_k x + py_k y + p_k.
        px1, py1 = (cy - ay) / area, (ax - cx) / area
        px2, py2 = (ay - by) / area, (bx - ax) / area
        p1, p2 = -(px1 * ax + py1 * ay), -(px2 * ax + py2 * ay)
        px0, py0, p0 = -px1 - px2, -py1 - py2, 1.0 - p1 - p2
        inverse0, inverse1, inverse2 = _inverse(px0), _inverse(px1), _inverse(px2)
        au, av, az = float(source[a, 0]), float(source[a, 1]), float(points[a, 2])
        bu, bv, bz = source[b, 0] - au, source[b, 1] - av, points[b, 2] - az
        cu, cv, cz = source[c, 0] - au, source[c, 1] - av, points[c, 2] - az
        step_u = np.float32(px1 * bu + px2 * cu)
        step_v = np.float32(px1 * bv + px2 * cv)
        step_z = np.float32(px1 * bz + px2 * cz)
        for y in range(top, bottom + 1):
            l0, l1, l2 = py0 * y + p0, py1 * y + p1, py2 * y + p2
            low, high = _span(l0, inverse0, float(left), float(right))
            low, high = _span(l1, inverse1, low, high)
            low, high = _span(l2, inverse2, low, high)
            first, last = int(np.ceil(low)), int(np.floor(high))
            l1, l2 = l1 + px1 * first, l2 + px2 * first
            u = np.float32(au + l1 * bu + l2 * cu)
            v = np.float32(av + l1 * bv + l2 * cv)
            z = np.float32(az + l1 * bz + l2 * cz)
            for x in range(first, last + 1):
                if z < depth[y, x]:
                    depth[y, x] = z
                    backward[y, x, 0] = u
                    backward[y, x, 1] = v
                u += step_u
                v += step_v
                z += step_z


@_compiled
def _inverse(slope: float) -> float:
    """1 / slope; 0 for an edge parallel to the rows."""
    return 1.0 / slope if abs(slope) > 1e-9 else 0.0


@_compiled
def _span(value: float, inverse_slope: float, low: float, high: float) -> tuple[float, float]:
    """Return the part of low..high in which value + x / inverse_slope is not negative; low > high if there is none."""
    crossing = -(value + _EDGE) * inverse_slope
    if inverse_slope > 0.0:
        return max(low, crossing), high
    if inverse_slope < 0.0:
        return low, min(high, crossing)
    if value < -_EDGE:
        return 1.0, 0.0
    return low, high


@_compiled
def _over(above: np.uint32, below: np.uint32) -> np.uint32:
    """Return a premultiplied pixel composited over another, both uint32.

    Two channels share one multiplication, sixteen bits each, so that a loop over this vectorises.
    """
    two, half, eight = np.uint32(0x00FF00FF), np.uint32(0x00800080), np.uint32(8)
    share = np.uint32(255) - (above >> np.uint32(24))
    even = (below & two) * share + half
    odd = ((below >> eight) & two) * share + half
    # (v + v / 256) / 256, where v includes the rounding half, is v / 255.
    even = ((even + ((even >> eight) & two)) >> eight) & two
    odd = (odd + ((odd >> eight) & two)) & ~two
    return np.uint32(above + (even | odd))


@_compiled
def compose(foreground: np.ndarray, depth: np.ndarray, background: np.ndarray, out: np.ndarray) -> None:
    """Composite the premultiplied foreground over the background; where `depth` is FAR, only the background shows.

    foreground, background, out: uint32 (H, W), each a pixel of four channels with alpha in its highest byte.
    depth: float32 (H, W).
    """
    height, width = depth.shape
    for y in range(height):
        for x in range(width):
            out[y, x] = _over(foreground[y, x] if depth[y, x] < FAR else np.uint32(0), background[y, x])


@_compiled
def soften(foreground: np.ndarray, backward: np.ndarray, depth: np.ndarray, background: np.ndarray, out: np.ndarray,
           box: tuple[int, int, int, int]) -> None:
    """Antialias edges where one part of the mesh occludes another: such a pixel becomes half itself, half its neighbours.

    foreground, depth, background and out as for `compose`, backward as for `rasterise`. box: (left, top, right, bottom),
    right and bottom exclusive, the part of the picture that is looked at; pixels at the border, which have fewer than
    four neighbours, are left alone.
    """
    height, width = depth.shape
    left, top, right, bottom = box
    for y in range(max(top, 1), min(bottom, height - 1)):
        for x in range(max(left, 1), min(right, width - 1)):
            across = (abs(backward[y, x + 1, 0] - backward[y, x - 1, 0])
                      + abs(backward[y, x + 1, 1] - backward[y, x - 1, 1]))
            down = (abs(backward[y + 1, x, 0] - backward[y - 1, x, 0])
                    + abs(backward[y + 1, x, 1] - backward[y - 1, x, 1]))
            if max(across, down) < _JUMP or max(max(depth[y, x - 1], depth[y, x + 1]), max(
                    depth[y, x], max(depth[y - 1, x], depth[y + 1, x]))) >= FAR:
                continue
            mixed = np.uint32(0)
            for shift in (0, 8, 16, 24):
                around = (_channel(foreground[y, x - 1], shift) + _channel(foreground[y, x + 1], shift)
                          + _channel(foreground[y - 1, x], shift) + _channel(foreground[y + 1, x], shift))
                mixed |= np.uint32((4 * _channel(foreground[y, x], shift) + around + 4) >> 3) << np.uint32(shift)
            out[y, x] = _over(mixed, background[y, x])


@_compiled
def _channel(pixel: np.uint32, shift: int) -> np.int64:
    """Return the channel of a uint32 pixel that begins at bit `shift`, 0..255."""
    return np.int64((pixel >> np.uint32(shift)) & np.uint32(255))


class Raster:
    """Draws pictures of one size; holds the buffers for that."""

    def __init__(self, width: int, height: int) -> None:
        self._depth = np.empty((height, width), np.float32)
        self._backward = np.zeros((height, width, 2), np.float32)
        self._moved = np.empty((height, width, 4), np.uint8)

    def draw(self, points: np.ndarray, source: np.ndarray, triangles: np.ndarray, foreground: np.ndarray,
             background: np.ndarray, out: np.ndarray, box: tuple[int, int, int, int]) -> None:
        """Draw the mesh, textured from the premultiplied `foreground`, over `background` into `out`.

        points, source and triangles as for `rasterise`. box: (left, top, right, bottom), where parts of the mesh may occlude
        each other. `foreground`, `background` and `out` are uint8 (h, w, 4); `foreground` may be larger than the picture.
        """
        rasterise(points, source, triangles, self._backward, self._depth)
        sampled(foreground, self._backward, cv2.BORDER_CONSTANT, out=self._moved)
        above, below, result = _pixels(self._moved), _pixels(background), _pixels(out)
        compose(above, self._depth, below, result)
        soften(above, self._backward, self._depth, below, result, box)


def _pixels(picture: np.ndarray) -> np.ndarray:
    """uint32 (H, W): a view of uint8 (H, W, 4), one number per pixel; OBS runs on little-endian machines only."""
    return picture.view(np.uint32)[..., 0]


def warp(picture: np.ndarray, points: np.ndarray, source: np.ndarray, triangles: np.ndarray,
         size: tuple[int, int]) -> np.ndarray:
    """uint8 (h, w, 3) of `size` (width, height): a small flat mesh textured from `picture`, BGR.

    points, source: float32 (V, 2) in pixels of the result and of `picture`. Beyond the mesh the result is the colour in its
    middle. triangles: int32 (T, 3).
    """
    width, height = size
    depth = np.empty((height, width), np.float32)
    backward = np.empty((height, width, 2), np.float32)
    backward[:] = source.mean(axis=0)
    spatial = np.concatenate([points, np.zeros((len(points), 1), np.float32)], axis=1)
    rasterise(spatial, source, triangles, backward, depth)
    return sampled(picture, backward, cv2.BORDER_REPLICATE)


def warm_up() -> None:
    """Compile everything for the types that are used, or load it from disk, so that the first frame does not wait for it."""
    picture = np.zeros((4, 4, 4), np.uint8)
    points = np.array([[0, 0, 0], [3, 0, 0], [0, 3, 0]], np.float32)
    triangles = np.array([[0, 1, 2]], np.int32)
    Raster(4, 4).draw(points, points[:, :2].copy(), triangles, picture, picture, picture.copy(), (0, 0, 4, 4))

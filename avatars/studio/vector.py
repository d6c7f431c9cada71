"""Flat shapes of smooth curves, drawn large and reduced: all that a vector illustration needs."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

SIDE, LARGER = 1024, 4

Points = list[tuple[float, float]]


def smooth_line(points: Points, closed: bool = False, steps: int = 24) -> Points:
    """A Catmull-Rom curve through points; centripetal, so that it does not overshoot."""
    points = np.array(points, float)
    before = points[-1:] if closed else 2 * points[:1] - points[1:2]
    after = points[:2] if closed else 2 * points[-1:] - points[-2:-1]
    padded = np.concatenate([before, points, after])
    found = []
    for p0, p1, p2, p3 in zip(padded, padded[1:], padded[2:], padded[3:]):
        t1, t2, t3 = np.cumsum([np.linalg.norm(b - a) ** 0.5 + 1e-6 for a, b in ((p0, p1), (p1, p2), (p2, p3))])
        for t in np.linspace(t1, t2, steps, endpoint=False):
            a1, a2, a3 = p0 + (p1 - p0) * t / t1, p1 + (p2 - p1) * (t - t1) / (t2 - t1), p2 + (p3 - p2) * (t - t2) / (t3 - t2)
            b1, b2 = a1 + (a2 - a1) * t / t2, a2 + (a3 - a2) * (t - t1) / (t3 - t1)
            found.append(tuple(b1 + (b2 - b1) * (t - t1) / (t2 - t1)))
    return found if closed else [*found, tuple(points[-1])]


def ellipse(x: float, y: float, width: float, height: float) -> Points:
    angle = np.linspace(0, 2 * np.pi, 96, endpoint=False)
    return [(x + width * np.cos(a), y + height * np.sin(a)) for a in angle]


def mirrored(points: Points) -> Points:
    return [(SIDE - x, y) for x, y in points]


class Canvas:
    """1024 by 1024, x to the right, y down."""

    def __init__(self, colour: str):
        self._picture = Image.new("RGB", (SIDE * LARGER,) * 2, colour)

    def fill(self, shape: Points, colour: str, inside: Points | None = None) -> None:
        """`inside` clips the shape."""
        mask = self._mask(shape)
        if inside:
            mask = Image.composite(mask, Image.new("L", mask.size, 0), self._mask(inside))
        self._picture.paste(colour, mask=mask)

    def both(self, shape: Points, colour: str, inside: Points | None = None) -> None:
        """The shape and its mirror image."""
        self.fill(shape, colour, inside)
        self.fill(mirrored(shape), colour, mirrored(inside) if inside else None)

    def stroke(self, points: Points, colour: str, width: float, taper: float = 1.0) -> None:
        """A line that gets thinner to its ends; `taper` 0 keeps its width."""
        line = np.array(smooth_line(points))
        along = np.linspace(0, 1, len(line))
        half = width / 2 * (1 - taper + taper * np.sin(np.pi * (0.04 + 0.92 * along)) ** 0.7)
        tangent = np.gradient(line, axis=0)
        normal = np.stack([-tangent[:, 1], tangent[:, 0]], axis=1) / np.linalg.norm(tangent, axis=1, keepdims=True)
        edge = np.concatenate([line + normal * half[:, None], (line - normal * half[:, None])[::-1]])
        self.fill([tuple(point) for point in edge], colour)

    def both_strokes(self, points: Points, colour: str, width: float, taper: float = 1.0) -> None:
        self.stroke(points, colour, width, taper)
        self.stroke(mirrored(points), colour, width, taper)

    def save(self, path: Path) -> None:
        self._picture.resize((SIDE, SIDE), Image.LANCZOS).save(path, optimize=True)

    def _mask(self, shape: Points) -> Image.Image:
        mask = Image.new("L", self._picture.size, 0)
        ImageDraw.Draw(mask).polygon([(x * LARGER, y * LARGER) for x, y in shape], fill=255)
        return mask

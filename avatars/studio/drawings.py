"""Drawings that are projected onto a face from the front: the android's seams, the elf's marks."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from figure import Figure
from materials import Decal
from PIL import Image, ImageDraw

SIDE = 2048
WINDOW = 4.0
"""Decimetres that a drawing shows; its middle is below the eyes, so that the neck is in it."""


class Drawing:
    """White on black; places are decimetres from the middle between the eyes: x to the figure's left, y up."""

    def __init__(self, figure: Figure):
        self._level, self._bottom = figure.eye_level, figure.eye_level - 2.4
        self._picture = Image.new("L", (SIDE, SIDE), 0)
        self._draw = ImageDraw.Draw(self._picture)

    def at(self, x: float, y: float) -> tuple[float, float]:
        return (x / WINDOW + 0.5) * SIDE, (1 - (y + self._level - self._bottom) / WINDOW) * SIDE

    def line(self, *places: tuple[float, float], width: int = 5) -> None:
        self._draw.line([self.at(*place) for place in places], fill=255, width=width, joint="curve")

    def dot(self, x: float, y: float, radius: float) -> None:
        x, y = self.at(x, y)
        self._draw.ellipse([x - radius, y - radius, x + radius, y + radius], fill=255)

    def diamond(self, x: float, y: float, radius: float) -> None:
        x, y = self.at(x, y)
        self._draw.polygon([(x, y - 1.7 * radius), (x + radius, y), (x, y + 1.7 * radius), (x - radius, y)], fill=255)

    def stroke(self, start, bend, end, width: float) -> None:
        """A curve that swells and tapers."""
        start, bend, end = map(np.array, (start, bend, end))
        for along in np.linspace(0, 1, 120):
            place = (1 - along) ** 2 * start + 2 * along * (1 - along) * bend + along ** 2 * end
            self.dot(*place, width * np.sin(np.pi * min(1, along * 0.9 + 0.08)))

    def decal(self, path: Path, colour: str) -> Decal:
        self._picture.save(path)
        return Decal(str(path), colour, WINDOW / 10, self._bottom / 10)


def seams(figure: Figure, folder: Path) -> Decal:
    drawing = Drawing(figure)
    for side in 1, -1:
        drawing.line((0, 0.95), (0, 0.42), width=4)
        drawing.line((0, 0.42), (side * 0.10, 0.36), (side * 0.46, 0.40), (side * 0.62, 0.22), (side * 0.66, -0.1),
                     (side * 0.58, -0.42), (side * 0.40, -0.60), (side * 0.34, -0.86), (side * 0.20, -1.12))
        drawing.line((side * 0.66, -0.1), (side * 0.86, -0.06), width=4)
        drawing.line((side * 0.62, 0.22), (side * 0.8, 0.5), width=4)
        drawing.dot(side * 0.53, -0.30, 9)
        drawing.line((side * 0.20, -1.12), (side * 0.24, -1.8))
        drawing.line((side * 0.45, -1.0), (side * 0.5, -1.8))
    for height in -1.30, -1.42, -1.54:
        drawing.line((-0.5, height), (0.5, height), width=4)
    return drawing.decal(folder / "seams.png", "#0d1116")


def marks(figure: Figure, folder: Path) -> Decal:
    drawing = Drawing(figure)
    for side in 1, -1:
        drawing.stroke((side * 0.32, -0.24), (side * 0.44, -0.22), (side * 0.56, -0.05), 6)
        drawing.stroke((side * 0.31, -0.32), (side * 0.46, -0.32), (side * 0.60, -0.14), 5)
    for height, radius in (0.50, 9), (0.59, 6.5), (0.66, 4.5):
        drawing.diamond(0, height, radius)
    return drawing.decal(folder / "marks.png", "#c9a24a")

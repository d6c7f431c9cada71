"""The pictures on the eyeballs: painted by code, laid out as MakeHuman's high-poly eyes want it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from colours import display, linear, smooth
from PIL import Image, ImageDraw, ImageFilter
from scipy.ndimage import gaussian_filter, map_coordinates

SIDE = 1024
CENTRES = (0.705, 0.297), (0.29, 0.71)
"""Of the two irises, x and y of the picture."""
RADIUS = 0.1145
RAYS = 720


@dataclass
class EyeLook:
    inner: str = "#7a4a20"
    outer: str = "#3a1f0e"
    ring: str = "#0c0806"
    sclera: str = "#d8d1ca"
    pupil: float = 0.34
    size: float = 0.94
    glow: float = 0.0


def paint(look: EyeLook, path: Path) -> str:
    picture = np.empty((SIDE, SIDE, 3))
    picture[:] = linear(look.sclera)
    rows, columns = np.mgrid[0:SIDE, 0:SIDE]
    fibres = _fibres(np.random.default_rng(1))
    for x, y in CENTRES:
        right, down = columns - x * SIDE, rows - y * SIDE
        distance = np.hypot(right, down) / (RADIUS * look.size * SIDE)
        angle = np.arctan2(down, right) / (2 * np.pi) % 1 * RAYS
        fibre = map_coordinates(fibres, [distance.clip(0, 1) * 63, angle], order=1, mode="wrap")[..., None]
        outwards = smooth((distance - 0.38) / 0.5)[..., None]
        iris = (linear(look.inner) * (1 - outwards) + linear(look.outer) * outwards) * (0.6 + 0.8 * fibre)
        iris = _over(iris, linear(look.ring), (distance - 0.78) / 0.22, 0.85)
        iris = _over(iris, 0.002, (1.12 - distance / look.pupil) / 0.16)
        picture = _over(picture, iris, (1.05 - distance) / 0.10)
    Image.fromarray(display(picture)).save(path)
    return str(path)


def carve(path: Path) -> str:
    """How dark the marble of an eyeball is: the iris a shallow ring, the pupil a hole with a light left standing."""
    picture = Image.new("L", (SIDE, SIDE), 0)
    draw = ImageDraw.Draw(picture)
    for x, y in CENTRES:
        x, y, iris, pupil = x * SIDE, y * SIDE, RADIUS * SIDE, RADIUS * SIDE * 0.5
        for radius, shade in (iris, 150), (iris * 0.9, 70), (pupil, 235):
            draw.ellipse([x - radius, y - radius, x + radius, y + radius], fill=shade)
        draw.ellipse([x - iris * 0.17, y - pupil * 0.85, x + iris * 0.17, y - pupil * 0.1], fill=20)
    picture.filter(ImageFilter.GaussianBlur(3)).save(path)
    return str(path)


def _fibres(random: np.random.Generator) -> np.ndarray:
    total = np.zeros((64, RAYS))
    for width, strength in (1, 0.5), (2.5, 0.7), (6, 0.6):
        layer = gaussian_filter(random.standard_normal((64, RAYS)), (14, width), mode="wrap")
        total += strength * layer / layer.std()
    return (total - total.min()) / (total.max() - total.min())


def _over(below, above, where, strength: float = 1.0):
    share = np.clip(where, 0, 1)[..., None] * strength
    return below * (1 - share) + above * share

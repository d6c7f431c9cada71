"""Brows, lashes and beards: real hair curves on the skin."""

from __future__ import annotations

from dataclasses import dataclass

import materials
import numpy as np
from colours import smooth
from grooming import children, grow
from head import Head
from meshes import metres, strands, tubes, unit
from scipy.interpolate import PchipInterpolator

BROW = (-0.017, 0.0150), (-0.002, 0.0195), (0.013, 0.0205), (0.028, 0.0140)
"""A brow's line from its inner end: outwards and up from the eye's centre, in metres."""


@dataclass
class Brows:
    colour: str = "#24150c"
    count: int = 420
    thickness: float = 0.0055
    length: float = 0.0125
    line: tuple = BROW
    lift: float = 0.0


@dataclass
class Lashes:
    colour: str = "#0a0705"
    upper: int = 130
    lower: int = 36
    length: float = 0.0080


def add_brows(head: Head, look: Brows) -> None:
    random = np.random.default_rng(0)
    out, up = _line(look.line, look.lift)
    roots, middles, tips = [], [], []
    for eye, side in zip(head.eyes, (1, -1)):
        for _ in range(look.count):
            along, off = random.beta(1.05, 1.15), random.uniform(-1, 1)
            width = look.thickness * (1 - 0.75 * along ** 1.6) * (0.75 + 0.25 * min(1, along / 0.12))
            root, normal = head.in_front(eye[0] + out(along) * side, eye[2] + up(along) + off * width / 2)
            line = unit(np.array([out.derivative()(along), up.derivative()(along)]))
            rise = 1 - 1.9 * along if along < 0.5 else -0.25 * np.sign(off)
            lean = unit(line + np.array([-line[1], line[0]]) * (rise + random.normal(0, 0.13)))
            lean = np.array([lean[0] * side, 0, lean[1]])
            lean = unit(lean - normal * (lean @ normal))
            length = look.length * random.uniform(0.75, 1.25) * (1 - 0.3 * along)
            roots.append(root - normal * 0.0002)
            middles.append(root + lean * length * 0.5 + normal * 0.0011)
            tips.append(root + lean * length + normal * 0.0004)
    strands("brows", _bent(roots, middles, tips), materials.hair(look.colour, 0.4), 4.5e-5, 0.25)


def add_solid_brows(head: Head, material, radius: float, lift: float = 0.0, line: tuple = BROW):
    """Brows as rolls on the skin, for what has no hairs."""
    out, up = _line(line, lift)
    lines = np.array([[head.in_front(eye[0] + out(along) * side, eye[2] + up(along))[0] for along in np.linspace(0, 1, 14)]
                      for eye, side in zip(head.eyes, (1, -1))])
    return tubes("brows", lines, radius, material, _brow_profile)


def _brow_profile(along: np.ndarray) -> np.ndarray:
    return 0.25 + 0.75 * np.sin(np.pi * np.clip(along * 0.8 + 0.15, 0, 1)) ** 0.8


def add_lashes(head: Head, look: Lashes) -> None:
    random = np.random.default_rng(0)
    figure = head.figure
    roots, middles, tips = [], [], []
    for letter, side in ("l", 1), ("r", -1):
        for row, count, up in ("2", look.upper, 1), ("1", look.lower, -1):
            start, end, height = _lid(metres(figure.points[figure.base.group(f"helper-{letter}-eyelashes-{row}")]), side)
            for _ in range(count):
                along = random.random() if up > 0 else 0.15 + 0.8 * random.random()
                across = start + (end - start) * along
                root, _ = head.in_front(across * side, height(across) + up * 0.0012)
                length = look.length * (0.6 + 0.55 * along) * random.uniform(0.8, 1.2) * (1 if up > 0 else 0.5)
                fan = ((along - 0.38) * 1.3 + random.normal(0, 0.12)) * side
                out, lift = unit(np.array([fan, -1, 0.25 * up])), unit(np.array([fan, -0.55, 0.9 * up]))
                roots.append(root + [0, 0.0003, 0])
                middles.append(root + out * length * 0.6)
                tips.append(root + out * length * 0.55 + lift * length * 0.6)
    strands("lashes", _bent(roots, middles, tips), materials.plain(look.colour), 6e-5, 0.2)


def add_beard(head: Head, material, count: int, length: float, seed: int = 3, curl: float = 0.0) -> None:
    """A full beard and moustache, trimmed; the cheek line falls from the sideburns to the mouth's corners."""
    random = np.random.default_rng(seed)
    lips = head.painted.lips
    mouth = 0.1 * head.figure.points[lips > 0.3, 1].mean()
    face = head.eye_level - head.chin
    lip_line = (mouth - head.chin) / face

    def density(points: np.ndarray) -> np.ndarray:
        azimuth, _ = head.around(points)
        height, across = (points[:, 2] - head.chin) / face, np.abs(points[:, 0])
        rise = np.interp(np.abs(azimuth), (0, 18, 30, 45, 60, 75, 84), (0.02, 0.04, 0.05, 0.10, 0.22, 0.42, 0.55))
        line = lip_line + rise
        cheeks = smooth((line - height) / 0.07) * smooth((height + 0.35) / 0.22) * (np.abs(azimuth) < 86)
        beside_soul_patch = (across > 0.005) & (across < 0.016) & (height < lip_line - 0.02) & (height > lip_line - 0.18)
        cheeks *= np.where(beside_soul_patch, 0.45, 1)
        moustache = np.exp(-((height - lip_line - 0.13) / 0.055) ** 2) * smooth((0.032 - across) / 0.007) * 1.6
        bare = smooth((head.distance_to(lips > 0.35, points) - 0.0008) / 0.002)
        return np.maximum(cheeks, moustache) * bare * (points[:, 1] < head.middle + 0.03)

    guides, normals = head.roots(max(400, count // 8), density, random)
    height = (guides[:, 2] - head.chin) / face
    lengths = length * random.uniform(0.6, 1.4, len(guides)) * np.where(height < lip_line - 0.02, 1.25, 0.7)

    def comb(points, _azimuth, _height, _along):
        return unit(np.stack([points[:, 0] * 7, np.full(len(points), -0.15), np.full(len(points), -1.0)], axis=1))

    grown = grow(head, guides, normals, lengths, comb, random, steps=7, lift=0.5, fall=0.2, disorder=0.3, above=0.0008)
    roots, normals = head.roots(count, density, random)
    hairs = children(grown, roots, normals, random, clump=0.3, frizz=0.0005, uneven=0.4, curl=curl, turns=3)
    strands("beard", hairs, material, 4.5e-5)


def _line(points: tuple, lift: float):
    places = np.linspace(0, 1, len(points))
    out, up = np.transpose(points)
    return PchipInterpolator(places, out), PchipInterpolator(places, up + lift)


def _lid(points: np.ndarray, side: int):
    """From the mesh of a row of lashes: where its root line starts and ends, mirrored to the left, and its height."""
    across = points[:, 0] * side
    bins = np.linspace(across.min() + 0.0006, across.max() - 0.0006, 9)
    centres = []
    for low, high in zip(bins, bins[1:]):
        near = points[(across >= low - 0.0012) & (across <= high + 0.0012)]
        if len(near):
            centres.append(near[np.argsort(-near[:, 1])[:max(1, len(near) // 3)]].mean(axis=0))
    centres = np.array(centres) * [side, 1, 1]
    return centres[0, 0], centres[-1, 0], np.poly1d(np.polyfit(centres[:, 0], centres[:, 2], 3))


def _bent(roots: list, middles: list, tips: list) -> np.ndarray:
    along = np.linspace(0, 1, 6)[None, :, None]
    roots, middles, tips = (np.array(points)[:, None] for points in (roots, middles, tips))
    return (1 - along) ** 2 * roots + 2 * along * (1 - along) * middles + along ** 2 * tips

"""Hairstyles of real hair curves. Each is a comb field and a length; `grooming` does the rest."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from colours import smooth
from grooming import children, grow
from hairline import Hairline
from head import Head
from meshes import strands, unit

RADIUS = 5e-5


@dataclass
class Short:
    top: float = 0.05
    side: float = 0.014
    back: float = 0.018
    sweep: tuple[float, float, float] = (0.55, 0.6, 0.25)
    """Where the hair on the top is combed to."""
    wave: float = 0.3
    clump: float = 0.4
    fringe: float = 0.0
    """How much of the front falls onto the forehead."""
    hairline: Hairline = field(default_factory=Hairline)
    hairs: int = 42000
    curl: float = 0.0
    turns: float = 3
    seed: int = 1
    low: float = 0.42
    """The height where the sides go over to the top."""
    flat: float = 0.6


def short(head: Head, material, style: Short) -> None:
    random = np.random.default_rng(style.seed)
    density = head.hair_density(style.hairline)
    roots, normals = head.roots(2600, density, random)
    azimuth, height = head.around(roots)
    on_top = smooth((height - style.low) / 0.30)
    below = style.side + (style.back - style.side) * smooth((np.abs(azimuth) - 90) / 60)
    lengths = (on_top * style.top + (1 - on_top) * below) * random.uniform(0.8, 1.2, len(roots))
    phase = random.random(3) * 6

    def comb(points, azimuth, height, _along):
        x, y, _ = points.T
        top = np.array(style.sweep) + style.wave * np.stack(
            [np.sin(y * 90 + phase[0]), 0.5 * np.sin(x * 80 + phase[1]), 0.4 * np.cos(x * 110 + y * 60 + phase[2])], axis=1)
        front = (smooth(1 - np.abs(azimuth) / 60) * smooth((height - 0.45) / 0.2))[:, None] * style.fringe
        top = top * (1 - front) + np.array([style.sweep[0], -1, -0.1]) * front
        behind = smooth((np.abs(azimuth) - 100) / 50)
        down = np.stack([0 * x, 0.45 - 0.35 * behind, -np.ones_like(x)], axis=1)
        share = smooth((height - style.low) / 0.3)[:, None]
        return unit(top) * share + unit(down) * (1 - share)

    guides = grow(head, roots, normals, lengths, comb, random, steps=10, lift=0.4, fall=0.1, stiff=0.62, flat=style.flat)
    roots, normals = head.roots(style.hairs, density, random)
    hairs = children(guides, roots, normals, random, style.clump, 0.0006, 0.3, points=16 if style.curl else 10,
                     curl=style.curl, turns=style.turns)
    strands("hair", hairs, material, RADIUS, 0.3)


@dataclass
class Afro:
    length: float = 0.03
    side: float = 0.5
    """The sides' length as a share of the top's."""
    curl: float = 0.0026
    turns: float = 5
    hairline: Hairline = field(default_factory=Hairline)
    hairs: int = 28000


def afro(head: Head, material, style: Afro) -> None:
    random = np.random.default_rng(1)
    density = head.hair_density(style.hairline)
    roots, normals = head.roots(3500, density, random)
    _, height = head.around(roots)
    lengths = style.length * (style.side + (1 - style.side) * smooth(height / 0.7)) * random.uniform(0.85, 1.15, len(roots))
    centre = np.array([0, head.middle, head.eye_level])
    guides = grow(head, roots, normals, lengths, lambda points, *_: unit(points - centre), random, steps=8, lift=0.9,
                  disorder=0.5, stiff=0.75)
    roots, normals = head.roots(style.hairs, density, random)
    hairs = children(guides, roots, normals, random, 0.75, 0.0015, 0.4, neighbours=1, points=40,
                     curl=style.curl, turns=style.turns)
    strands("hair", hairs, material, RADIUS, 0.6)


@dataclass
class Long:
    ends: float
    """How far below the eyes it ends, in metres."""
    part: float = 0.0
    """Where the parting is on x."""
    wave: float = 0.2
    waves: float = 2.2
    volume: float = 0.010
    clump: float = 0.4
    frizz: float = 0.0006
    uneven: float = 0.12
    clear: float = 0.066
    """How far from the middle it stays in front of the face."""
    spread: float = 0.024
    """How deep the curtains beside the face are, sideways."""
    backwards: float = 0.25
    """How much the front is combed to the back."""
    behind_ears: bool = False
    inwards: float = 0.0
    """How much the ends turn to the neck."""
    hairline: Hairline = field(default_factory=lambda: Hairline(front=0.68, temple=0.62, ear=0.25, nape=0.1))
    hairs: int = 34000
    seed: int = 1


def long(head: Head, material, style: Long) -> None:
    random = np.random.default_rng(style.seed)
    density = head.hair_density(style.hairline)
    roots, normals = head.roots(2000, density, random)
    side = np.where(roots[:, 0] > style.part, 1.0, -1.0)
    from_behind = np.abs(head.around(roots)[0]) > 100
    layer, phase = random.random(len(roots)), random.random(len(roots)) * 1.2
    drop = roots[:, 2] - head.eye_level + style.ends
    around_crown = 0.55 * np.maximum(0, roots[:, 2] - head.eye_level - 0.03)
    lengths = (drop + around_crown) * random.uniform(0.94, 1.04, len(roots))

    def comb(points, azimuth, height, along):
        x, y, _ = points.T
        one = np.ones_like(x)
        top = np.stack([side, np.where(np.abs(azimuth) < 75, style.backwards, 0.35), -0.35 * one], axis=1)
        fall = np.stack([np.sign(x) * (-0.08 - style.inwards * along ** 4), (0.06 - 0.1 * along) * one, -one], axis=1)
        front = smooth((100 - np.abs(azimuth)) / 25) * smooth((0.95 - height) / 0.2)
        need = np.clip((style.clear + style.spread * layer - np.abs(x)) / 0.03, -0.15, 1)
        towards = np.where(np.abs(x) < 0.02, side, np.sign(x))
        fall[:, 0] = fall[:, 0] * (1 - front) + towards * (need * 1.6 - style.inwards * along ** 4) * front
        fall[:, 1] += front * (0.35 * smooth(need))
        fall[:, 1] += from_behind * smooth((head.middle + 0.02 - y) / 0.04) * 1.2
        if style.behind_ears:
            before = smooth((head.middle + 0.03 - y) / 0.03)[:, None]
            fall = fall * (1 - before) + np.stack([0.1 * np.sign(x), one, -0.2 * one], axis=1) * before
        share = smooth((height - 0.74) / 0.24)[:, None]
        way = unit(top) * share + unit(fall) * (1 - share)
        swing = style.wave * smooth(along * 2.5)
        way[:, 0] += swing * np.sin(along * 2 * np.pi * style.waves + phase + y * 25)
        way[:, 1] += swing * 0.7 * np.cos(along * 2 * np.pi * style.waves + phase)
        return way

    guides = grow(head, roots, normals, lengths, comb, random, steps=48, lift=0.12, fall=0.15, disorder=0.05, stiff=0.5,
                  flat=0.95, above=lambda along: style.volume * min(1, along * 5) * (0.35 + layer))
    roots, normals = head.roots(style.hairs, density, random)
    hairs = children(guides, roots, normals, random, style.clump, style.frizz, style.uneven, points=40)
    strands("hair", hairs, material, RADIUS * 1.1, 0.35, 2)

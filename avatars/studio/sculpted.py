"""Hair that is modelled instead of grown: locks of clay or stone, melted into one body."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from colours import smooth
from grooming import curled, grow
from hairline import Hairline
from head import Head
from meshes import tubes, unit


@dataclass
class Locks:
    count: int
    radius: float
    top: float
    side: float
    back: float
    sweep: tuple[float, float, float]
    wave: float = 0.8
    curl: float = 0.0
    turns: float = 1.3
    steps: int = 14
    above: float = 0.006
    melt: float = 0.0012
    soften: int = 4
    disorder: float = 0.3
    hairline: Hairline = field(default_factory=Hairline)
    seed: int = 2


def locks(head: Head, material, style: Locks) -> None:
    random = np.random.default_rng(style.seed)
    roots, normals = head.roots(style.count, head.hair_density(style.hairline), random)
    azimuth, height = head.around(roots)
    on_top = smooth((height - 0.35) / 0.35)
    below = style.side + (style.back - style.side) * smooth((np.abs(azimuth) - 90) / 60)
    lengths = (on_top * style.top + (1 - on_top) * below) * random.uniform(0.8, 1.2, len(roots))
    phase = random.random(3) * 6

    def comb(points, _azimuth, height, _along):
        x, y, z = points.T
        wave = style.wave * 0.6 * np.stack([np.sin(z * 120 + phase[0]) + np.sin(y * 75), np.sin(x * 95 + phase[1]),
                                            np.cos(x * 70 + y * 90 + phase[2])], axis=1)
        down = np.stack([0 * x, np.full_like(x, 0.35), -np.ones_like(x)], axis=1)
        share = smooth((height - 0.35) / 0.4)[:, None]
        return unit(np.array(style.sweep) + wave) * share + unit(down + wave * 0.7) * (1 - share)

    guides = grow(head, roots, normals, lengths, comb, random, steps=style.steps, lift=0.35, fall=0.1, stiff=0.45, flat=0.8,
                  disorder=style.disorder, above=lambda along: style.above * min(1, along * 4 + 0.2))
    if style.curl:
        guides = curled(guides, style.curl, style.turns, np.arange(len(guides)), len(guides), random)
    tubes("locks", guides, style.radius * random.uniform(0.7, 1.3, len(guides)), material, _lock, 8, style.melt, style.soften)


def _lock(along: np.ndarray) -> np.ndarray:
    return np.sin(np.pi * np.clip(along * 0.86 + 0.1, 0, 1)) ** 0.6

"""Grows hair: guides that follow a comb field over the skin, and the many hairs between them."""

from __future__ import annotations

from typing import Callable

import numpy as np
from head import Head
from meshes import across, unit
from scipy.ndimage import gaussian_filter1d
from scipy.spatial import cKDTree

Comb = Callable[[np.ndarray, np.ndarray, np.ndarray, float], np.ndarray]
"""From points, their azimuth, height, and the share of the length grown, to the direction in which the hair goes on."""


def grow(head: Head, roots: np.ndarray, normals: np.ndarray, lengths: np.ndarray, comb: Comb, random: np.random.Generator,
         steps: int = 12, lift: float = 0.35, fall: float = 0.0, above: float | Callable[[float], float] = 0.0015,
         disorder: float = 0.15, stiff: float = 0.6, flat: float = 0.0) -> np.ndarray:
    """Guides (hairs, steps, 3). `above` is how far from the skin they stay; `flat` (0..1) lets them hug it."""
    place, step = roots + normals * 0.0004, lengths / (steps - 1)
    layer = random.random(len(roots))
    bias = random.normal(0, disorder, roots.shape)
    direction = unit(normals * lift + comb(place, *head.around(place), 0.0) * (1 - lift) * 0.6)
    guides = [roots - normals * 0.0006]
    height, normal = np.zeros(len(roots)), normals
    for index in range(1, steps):
        along = index / (steps - 1)
        wish = comb(place, *head.around(place), along) + bias
        wish[:, 2] -= fall * along
        wish = unit(wish)
        if index > 1 and flat:
            near = np.clip(1 - height / 0.025, 0, 1)[:, None] * flat
            wish = unit(wish - normal * (wish * normal).sum(axis=1, keepdims=True) * near)
        direction = unit(direction * stiff + wish * (1 - stiff))
        place = place + direction * step[:, None]
        height, normal = head.nearest(place)
        least = above(along) if callable(above) else above * (0.4 + layer) * min(1, along * 3)
        low = np.maximum(least - height, 0)
        place = place + normal * low[:, None]
        height = height + low
        guides.append(place)
    return np.stack(guides, axis=1)


def children(guides: np.ndarray, roots: np.ndarray, normals: np.ndarray, random: np.random.Generator, clump: float = 0.35,
             frizz: float = 0.0006, uneven: float = 0.12, neighbours: int = 3, points: int = 0, curl: float = 0.0,
             turns: float = 4) -> np.ndarray:
    """Hairs at `roots`, each between its nearest guides; only guides that agree with the nearest count (partings)."""
    distance, which = cKDTree(guides[:, 0]).query(roots, k=max(2, neighbours))
    reach = guides[:, -1] - guides[:, 0]
    agree = (unit(reach[which]) * unit(reach[which[:, :1]])).sum(axis=-1) > 0.6
    weight = agree / (distance + 1e-4) ** 2
    weight /= weight.sum(axis=1, keepdims=True)
    shape = guides - guides[:, :1]
    root = (roots - normals * 0.0006)[:, None]
    hairs = root + (shape[which] * weight[:, :, None, None]).sum(axis=1)
    leader, along = which[:, 0], np.linspace(0, 1, guides.shape[1])[None, :, None]
    pull = clump * along ** 1.3
    hairs = hairs * (1 - pull) + (guides[leader] + (root - guides[leader, :1]) * (1 - pull)) * pull
    hairs = _resampled(hairs, 1 - uneven * random.random(len(roots)), points or guides.shape[1])
    along = np.linspace(0, 1, hairs.shape[1])[None, :, None]
    noise = gaussian_filter1d(random.standard_normal(hairs.shape), 1.5, axis=1) * 1.8
    hairs = hairs + noise * frizz * np.minimum(1, along * 4)
    return curled(hairs, curl, turns, leader, len(guides), random) if curl else hairs


def curled(hairs: np.ndarray, radius: float, turns: float, leader: np.ndarray, leaders: int,
           random: np.random.Generator) -> np.ndarray:
    """Hairs of one leader wind the same way."""
    start = random.random(leaders)[leader] * 2 * np.pi + random.normal(0, 0.5, len(hairs))
    pace = random.uniform(0.8, 1.2, leaders)[leader][:, None] * 2 * np.pi * turns
    along = np.linspace(0, 1, hairs.shape[1])[None]
    angle = (start[:, None] + along * pace)[..., None]
    first, second = across(np.gradient(hairs, axis=1))
    return hairs + (first * np.cos(angle) + second * np.sin(angle)) * radius * np.minimum(1, along * 3)[..., None]


def _resampled(hairs: np.ndarray, length: np.ndarray, points: int) -> np.ndarray:
    """Cut to a share of the length each, with `points` points (Catmull-Rom)."""
    count, last = len(hairs), hairs.shape[1] - 1
    place = np.linspace(0, 1, points)[None] * length[:, None] * last
    before = np.minimum(place.astype(int), last - 1)
    share, row = (place - before)[..., None], np.arange(count)[:, None]
    p0, p1, p2, p3 = (hairs[row, np.clip(before + shift, 0, last)] for shift in (-1, 0, 1, 2))
    return 0.5 * (2 * p1 + (p2 - p0) * share + (2 * p0 - 5 * p1 + 4 * p2 - p3) * share ** 2
                  + (3 * p1 - p0 - 3 * p2 + p3) * share ** 3)

"""The avatar's picture in two layers: a background without the person, and the person, cut out and extended.

The person's layer holds exactly what the background does not explain, so that both composed are the picture itself. For
other backgrounds there is a second layer, which shows the person alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np

from ...contract import BACKDROP
from ...cut.imaging import push_pull
from ...face.measures import face_height, smoothstep

HOLE_COVERAGE = 0.12
"""Coverage by the person beyond which a pixel belongs to the hole that is filled in the background."""
HOLE_GROWTH = 9 / 250
"""Width by which the hole is grown, half of it on each side, in face heights: hair and soft edges tint the pixels there."""
STRAY_REACH = 14 / 250
"""Distance from the hole, in face heights, within which what stands out from the background is hair that the matte missed."""
STRAY_CONTRAST = 2.5
"""Stray hair differs from the smooth background by more than this many times the texture of the background."""
STRAY_NOISE = 3.0
"""Grey levels that stray hair has to differ from the smooth background beyond its share of the texture."""
SEAM = 2 / 250
"""Softness of the seam between picture and fill, in face heights (standard deviation)."""
LOW_FREQUENCY = 9 / 250
"""Scale at which brightness ends and texture begins, in face heights (standard deviation)."""
MIRROR_SHARE = 0.4
"""Share of the mirrored brightness in the fill; the rest is that of the smooth fill, which knows all sides of the hole."""
MIRROR_FULL, MIRROR_NONE = 0.12, 0.40
"""Depths in the hole, in face heights, up to which the mirrored texture shows fully, and from which it does not."""
LEAST_BACKGROUND = 0.03
"""Share of the picture that must be known for the rest to be filled from it."""

COLOUR_REACH = (45 / 250, 3 / 250)
"""Radius around a pixel of the seam within which its colours are estimated, first and last, in face heights."""

PAD = 0.22
"""How far the person's layer reaches beyond the picture, in face heights, for a head that moves away from the edge."""
DOME_START, DOME_END = 0.85, 1.05
"""Radii, in those of the dome that closes a head cut off by the picture's top, between which the dome fades out."""
BODY_START, BODY_END = 0.55, 0.8
"""Heights in the layer, 0 top to 1 bottom: beyond the sides hair fades out above the first, shoulders stay below the second."""


@dataclass(frozen=True)
class Layers:
    """The layers of an avatar."""

    background: np.ndarray
    """uint8 (H, W, 4): BGR premultiplied by alpha, which is 255 unless the picture itself is transparent."""
    foreground: np.ndarray
    """uint8 (H + 2 pad, W + 2 pad, 4): the person, BGR premultiplied by alpha. Closing lids are painted into it (see lids)."""
    pad: int
    """Pixels that the foreground reaches beyond each edge of the picture."""
    cutout: np.ndarray
    """The foreground for any other background: without the colours of the picture's own."""


def separate(picture: np.ndarray, person: np.ndarray, points: np.ndarray) -> Layers:
    """Return the layers of a picture, BGR uint8 (H, W, 3), by the matte of the person, float32 (H, W), 0..1."""
    face = face_height(points)
    background = _background(picture, person, face)
    foreground = _foreground(picture.astype(np.float32), background.astype(np.float32), person)
    pad = max(1, int(PAD * face))
    opaque = cv2.cvtColor(background, cv2.COLOR_BGR2BGRA)
    return Layers(opaque, _padded(foreground, person, pad), pad, _padded(_cutout(picture, person, face), person, pad))


def cut_already(picture: np.ndarray, alpha: np.ndarray, points: np.ndarray) -> Layers:
    """Return the layers of a picture, BGR uint8 (H, W, 3) over BACKDROP, whose alpha, float32 (H, W), 0..1, is the matte."""
    pad = max(1, int(PAD * face_height(points)))
    person = _foreground(picture.astype(np.float32), np.full(picture.shape, BACKDROP, np.float32), alpha)
    foreground = _padded(person, alpha, pad)
    return Layers(np.zeros((*alpha.shape, 4), np.uint8), foreground, pad, foreground.copy())


def room_above(layers: Layers) -> float:
    """Pixels that the person can go down before a part that the picture cuts off comes into view; infinite without one."""
    top = layers.cutout[layers.pad, layers.pad:-layers.pad, 3] > 127
    return min((_rise((right - left) / 2, layers.pad) for left, right in _runs(top)), default=float("inf"))


def _padded(layer: np.ndarray, person: np.ndarray, pad: int) -> np.ndarray:
    """uint8 (H + 2 pad, W + 2 pad, 4): the person's layer, float32 (H, W, 4), continued beyond the edges."""
    wider = cv2.copyMakeBorder(layer, pad, pad, pad, pad, cv2.BORDER_REFLECT_101)
    wider *= _extension(person, pad)[..., None]
    return np.rint(wider).astype(np.uint8)


def _cutout(picture: np.ndarray, person: np.ndarray, face: float) -> np.ndarray:
    """float32 (H, W, 4), 0..255: the person's own colours, premultiplied.

    A pixel of the seam mixes person and wall. Both colours are estimated from those around, then corrected by the pixel.
    Source: Forte, "Approximate Fast Foreground Colour Estimation", 2021 (blur fusion, twice).
    """
    shown, alpha = picture.astype(np.float32), person[..., None]
    own = wall = shown
    for reach in COLOUR_REACH:
        side = 2 * round(reach * face) + 1
        share = cv2.blur(person, (side, side))[..., None]
        around = cv2.blur(own * alpha, (side, side)) / np.maximum(share, 1e-4)
        wall = cv2.blur(wall * (1.0 - alpha), (side, side)) / np.maximum(1.0 - share, 1e-4)
        own = np.clip(around + alpha * (shown - alpha * around - (1.0 - alpha) * wall), 0.0, 255.0)
    return np.dstack([own * alpha, person * 255.0])


def _foreground(picture: np.ndarray, background: np.ndarray, person: np.ndarray) -> np.ndarray:
    """float32 (H, W, 4), 0..255: the premultiplied layer with picture = foreground + (1 - alpha) background.

    Where no colour solves that, alpha is raised to the least that has a solution: a dark strand in front of a bright wall
    covers at least as much of the wall as it darkens it.
    """
    darker = (background - picture) / np.maximum(background, 1.0)
    brighter = (picture - background) / np.maximum(255.0 - background, 1.0)
    least = _strongest(np.maximum(darker, brighter))
    alpha = np.ceil(np.maximum(person, least) * 255.0) / 255.0
    colour = np.clip(picture - (1.0 - alpha[..., None]) * background, 0.0, 255.0 * alpha[..., None])
    return np.dstack([colour, alpha * 255.0]).astype(np.float32)


def _strongest(picture: np.ndarray) -> np.ndarray:
    """(H, W): the largest of three channels; NumPy's own maximum over so short an axis takes ten times as long."""
    return np.maximum(np.maximum(picture[..., 0], picture[..., 1]), picture[..., 2])


def _background(picture: np.ndarray, person: np.ndarray, face: float) -> np.ndarray:
    """uint8 (H, W, 3): the picture without the person.

    The texture of the fill is mirrored at the silhouette, its brightness comes mostly from a smooth fill.
    """
    hole = _grown((person > HOLE_COVERAGE).astype(np.uint8), HOLE_GROWTH * face)
    hole |= _strays(picture.astype(np.float32), _grown(hole, 2 * STRAY_REACH * face))
    if hole.size - np.count_nonzero(hole) < LEAST_BACKGROUND * hole.size:
        return cv2.GaussianBlur(picture, (0, 0), 2 * LOW_FREQUENCY * face)
    smooth = push_pull(picture.astype(np.float32), 1.0 - hole.astype(np.float32))
    mirrored, unmirrored, depth = _mirror(picture, hole)
    low = cv2.GaussianBlur(mirrored, (0, 0), LOW_FREQUENCY * face)
    textured = mirrored + (smooth - low) * (1.0 - MIRROR_SHARE)
    trust = 1.0 - smoothstep(MIRROR_FULL * face, MIRROR_NONE * face, depth)
    trust = trust * (1.0 - 0.6 * cv2.GaussianBlur(unmirrored, (0, 0), 2 * SEAM * face))
    filled = smooth + (textured - smooth) * trust[..., None]
    seam = cv2.GaussianBlur(hole.astype(np.float32), (0, 0), SEAM * face)[..., None]
    blended = picture + (filled - picture) * seam
    return np.rint(np.clip(blended, 0, 255)).astype(np.uint8)


def _grown(mask: np.ndarray, size: float) -> np.ndarray:
    """Return a mask, uint8, dilated by half of `size` pixels."""
    return cv2.dilate(mask, np.ones((int(size) | 1, int(size) | 1), np.uint8))


def _strays(picture: np.ndarray, near: np.ndarray) -> np.ndarray:
    """uint8 (H, W): the pixels of `near`, uint8, that stand out from the background around it, slightly dilated."""
    known = 1.0 - near.astype(np.float32)
    contrast = _strongest(np.abs(picture - push_pull(picture, known)))
    texture = _strongest(push_pull(np.abs(picture - cv2.GaussianBlur(picture, (0, 0), 3)), known))
    strays = contrast > STRAY_CONTRAST * texture + STRAY_NOISE
    return _grown((strays & (near > 0)).astype(np.uint8), 3)


def _mirror(picture: np.ndarray, hole: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the hole filled by point reflection at the nearest known pixel.

    Returns the filled picture, float32 (H, W, 3); 1 where the reflection lies in the hole itself, and the nearest known
    pixel stands in for it, float32 (H, W); the depth in the hole in pixels, float32 (H, W).
    """
    depth, labels = cv2.distanceTransformWithLabels(hole, cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL)
    known_y, known_x = np.nonzero(hole == 0)
    nearest = np.zeros((2, int(labels.max()) + 1), np.int32)
    nearest[:, labels[known_y, known_x]] = known_y, known_x
    near_y, near_x = nearest[:, labels]
    rows, columns = np.indices(hole.shape, np.int32)
    mirror_y = np.clip(2 * near_y - rows, 0, hole.shape[0] - 1)
    mirror_x = np.clip(2 * near_x - columns, 0, hole.shape[1] - 1)
    inside = hole[mirror_y, mirror_x] > 0
    mirror_y, mirror_x = np.where(inside, near_y, mirror_y), np.where(inside, near_x, mirror_x)
    return picture[mirror_y, mirror_x].astype(np.float32), inside.astype(np.float32), depth


def _extension(person: np.ndarray, pad: int) -> np.ndarray:
    """float32 (H + 2 pad, W + 2 pad), 0..1: how much of the person's layer, reflected at the edges, is kept."""
    height, width = person.shape[0] + 2 * pad, person.shape[1] + 2 * pad
    keep = np.ones((height, width), np.float32)
    above = np.zeros((pad, width), np.float32)
    up = np.arange(pad, 0, -1)[:, None]
    for left, right in _runs(person[0] > 0.5):
        half = (right - left) / 2
        rise = _rise(half, pad)
        across = (np.arange(width)[None] - (left + half + pad)) / max(half, 1.0)
        above = np.maximum(above, 1.0 - smoothstep(DOME_START, DOME_END, np.hypot(across, up / rise)))
    keep[:pad] = above
    fade = 1.0 - smoothstep(0.0, 0.8, np.arange(pad) / pad)
    body = smoothstep(BODY_START, BODY_END, np.arange(height) / height)[:, None]
    keep[:, :pad] *= np.maximum(fade[::-1], body)
    keep[:, -pad:] *= np.maximum(fade, body)
    return keep


def _rise(half: float, pad: int) -> float:
    """Height in pixels of the dome over a head that the picture's top cuts off at a width of 2 `half`."""
    return max(min(0.55 * half, 0.8 * pad), 1.0)


def _runs(flags: np.ndarray) -> Iterator[tuple[int, int]]:
    """(start, end) of each run of True longer than six."""
    steps = np.diff(np.concatenate([[0], flags.astype(np.int8), [0]]))
    for start, end in zip(np.flatnonzero(steps == 1), np.flatnonzero(steps == -1)):
        if end - start > 6:
            yield int(start), int(end)

"""The avatar's picture in two layers: a background without the person, and the person, cut out and extended.

The person's layer holds exactly what the background fails to explain, so that both together are the picture itself. For
other backgrounds there is a second one, which shows the person alone.
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
"""Pixels that show more of the person than this are filled in the background,"""
HOLE_GROWTH = 9 / 250
"""and so are those within half of this from them, in face heights: they are tinted by hair and soft edges."""
STRAY_REACH = 14 / 250
"""Up to this distance from there, in face heights, what stands out of the background is a strand the matte missed:"""
STRAY_CONTRAST, STRAY_NOISE = 2.5, 3.0
"""it differs from the smooth background by this many times the background's own texture, and these grey levels."""
SEAM = 2 / 250
"""Softness of the seam between picture and fill, in face heights (standard deviation)."""
LOW_FREQUENCY = 9 / 250
"""Where brightness ends and texture begins, in face heights (standard deviation)."""
MIRROR_SHARE = 0.4
"""Share of the mirrored brightness in the fill; the rest is the smooth fill's, which knows all sides of the hole."""
MIRROR_FULL, MIRROR_NONE = 0.12, 0.40
"""Depth in the hole, in face heights, up to which the mirrored texture shows, and from which only the smooth fill."""
LEAST_BACKGROUND = 0.03
"""With less of the picture known than this share, there is nothing to fill from."""

COLOUR_REACH = (45 / 250, 3 / 250)
"""How far around a pixel of the seam its colours are looked for, first and last, in face heights."""

PAD = 0.22
"""The person's layer reaches this far beyond the picture, in face heights, for a head that moves away from its edge."""
DOME_START, DOME_END = 0.85, 1.05
"""A head that the picture's top cuts off is closed by a dome; its edge fades between these radii."""
BODY_START, BODY_END = 0.55, 0.8
"""Height in the layer (0 top, 1 bottom) from which shoulders go on beyond the sides, where hair fades out."""


@dataclass(frozen=True)
class Layers:
    """Both layers of an avatar."""

    background: np.ndarray
    """uint8 (H, W, 4): BGR premultiplied by alpha, which is full unless the picture itself is transparent."""
    foreground: np.ndarray
    """uint8 (H + 2 pad, W + 2 pad, 4): BGR premultiplied by alpha. Closing lids are painted into it (see lids)."""
    pad: int
    """Pixels of the foreground beyond each edge of the picture."""
    cutout: np.ndarray
    """As the foreground, but for any background: without what belongs to the wall."""


def separate(picture: np.ndarray, person: np.ndarray, points: np.ndarray) -> Layers:
    """The layers of a picture, BGR uint8 (H, W, 3), by the coverage of the person, float32 (H, W), 0..1."""
    face = face_height(points)
    background = _background(picture, person, face)
    foreground = _foreground(picture.astype(np.float32), background.astype(np.float32), person)
    pad = max(1, int(PAD * face))
    opaque = cv2.cvtColor(background, cv2.COLOR_BGR2BGRA)
    return Layers(opaque, _padded(foreground, person, pad), pad, _padded(_cutout(picture, person, face), person, pad))


def cut_already(picture: np.ndarray, alpha: np.ndarray, points: np.ndarray) -> Layers:
    """The layers of a picture, BGR uint8 (H, W, 3) laid over BACKDROP, whose alpha, float32 (H, W), shows the person."""
    pad = max(1, int(PAD * face_height(points)))
    person = _foreground(picture.astype(np.float32), np.full(picture.shape, BACKDROP, np.float32), alpha)
    foreground = _padded(person, alpha, pad)
    return Layers(np.zeros((*alpha.shape, 4), np.uint8), foreground, pad, foreground.copy())


def room_above(layers: Layers) -> float:
    """How far down in pixels the person can go before something shows that the picture cuts off; infinite without a cut."""
    top = layers.cutout[layers.pad, layers.pad:-layers.pad, 3] > 127
    return min((_rise((right - left) / 2, layers.pad) for left, right in _runs(top)), default=float("inf"))


def _padded(layer: np.ndarray, person: np.ndarray, pad: int) -> np.ndarray:
    """uint8 (H + 2 pad, W + 2 pad, 4): the person's layer, float32 (H, W, 4), going on beyond the edges."""
    wider = cv2.copyMakeBorder(layer, pad, pad, pad, pad, cv2.BORDER_REFLECT_101)
    wider *= _extension(person, pad)[..., None]
    return np.rint(wider).astype(np.uint8)


def _cutout(picture: np.ndarray, person: np.ndarray, face: float) -> np.ndarray:
    """float32 (H, W, 4), 0..255: the person's own colours, premultiplied.

    A pixel of the seam mixes both; its colours are guessed from those around, then corrected by what the pixel shows.
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

    Where no colour solves that, alpha is raised to the least that does: a dark strand before a bright wall covers at
    least as much of it as it darkens it.
    """
    darker = (background - picture) / np.maximum(background, 1.0)
    brighter = (picture - background) / np.maximum(255.0 - background, 1.0)
    least = _strongest(np.maximum(darker, brighter))
    alpha = np.ceil(np.maximum(person, least) * 255.0) / 255.0
    colour = np.clip(picture - (1.0 - alpha[..., None]) * background, 0.0, 255.0 * alpha[..., None])
    return np.dstack([colour, alpha * 255.0]).astype(np.float32)


def _strongest(picture: np.ndarray) -> np.ndarray:
    """(H, W): the largest of three channels; numpy's own maximum over so short an axis takes ten times as long."""
    return np.maximum(np.maximum(picture[..., 0], picture[..., 1]), picture[..., 2])


def _background(picture: np.ndarray, person: np.ndarray, face: float) -> np.ndarray:
    """uint8 (H, W, 3): the picture with the person filled over.

    Texture comes from the mirror image across the silhouette, brightness mostly from a smooth fill.
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
    """`mask`, uint8, with everything within half of `size` pixels from it."""
    return cv2.dilate(mask, np.ones((int(size) | 1, int(size) | 1), np.uint8))


def _strays(picture: np.ndarray, near: np.ndarray) -> np.ndarray:
    """uint8 (H, W): the pixels in `near`, uint8, that stand out of the background around it."""
    known = 1.0 - near.astype(np.float32)
    contrast = _strongest(np.abs(picture - push_pull(picture, known)))
    texture = _strongest(push_pull(np.abs(picture - cv2.GaussianBlur(picture, (0, 0), 3)), known))
    strays = contrast > STRAY_CONTRAST * texture + STRAY_NOISE
    return _grown((strays & (near > 0)).astype(np.uint8), 3)


def _mirror(picture: np.ndarray, hole: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The hole filled by the picture mirrored at its nearest known pixel.

    Returns float32 (H, W, 3); float32 (H, W), 1 where the mirror image lies in the hole itself, and the nearest known
    pixel is taken; float32 (H, W), the depth in the hole in pixels.
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
    """float32 (H + 2 pad, W + 2 pad), 0..1: how far the reflected picture beyond the edges belongs to the person."""
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
    """Height in pixels of the dome over a head that the picture's top cuts off where it is two times `half` wide."""
    return max(min(0.55 * half, 0.8 * pad), 1.0)


def _runs(flags: np.ndarray) -> Iterator[tuple[int, int]]:
    """(start, end) of the stretches of True that are longer than six."""
    steps = np.diff(np.concatenate([[0], flags.astype(np.int8), [0]]))
    for start, end in zip(np.flatnonzero(steps == 1), np.flatnonzero(steps == -1)):
        if end - start > 6:
            yield int(start), int(end)

"""An eye taken apart: the white without the iris, and the whole iris, completed where lids cover them.

A warped photograph cannot show what the lids and the iris hide, so both are completed once per avatar.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from ...cut.imaging import blend, bounds, outline_mask, push_pull, smooth_outline
from ...face.measures import eye_frame, eye_width, smoothstep
from ...face.topology import EYES, Eye
from ..move.avatar_face import AvatarFace
from . import irises

PATCH_MARGIN = 0.55
"""Room around the eye in its patch, in eye widths: the eyeball of a lid that opens wider is taken from there."""
IRIS_LID_SHADE, WHITE_SHADE = 0.06, 0.055
"""Pixels this near to a lid margin, in eye widths, do not show the iris' colours; those of the white."""
SHADE_START, SHADE_END = 0.08, 0.20
"""What the lids do to the eyeball, lashes and shadows, is told apart from the eyeball's own colours between these distances
inside a lid margin, in eye widths."""
SHADE_LIMIT = 1.1
"""Lids darken; what is brighter than the completed eyeball by more than this is a gleam, which goes with the iris."""
SHADE_FLOOR = 8.0
"""Grey levels added to both sides of that comparison: in the dark it would be one of noise."""
SHADE_BESIDE = 1.3
"""Up to this many radii of the iris, the shade is what it is as deep behind the lid elsewhere: a small error of the iris'
place, or what its completion got wrong, would be taken for a lid's shade, and stay behind when it moves."""
SHADE_STEP = 0.02
"""Steps of that depth, in eye widths."""
SHADE_BLUR = 0.012
"""Softness of the shade, in eye widths (standard deviation): single lashes would stand out of what is completed."""
WHITE_START = 1.22
"""The white starts here, in radii of the iris."""
WHITE_OWN = (1.2, 1.7)
"""Over these radii the completed white passes into the picture's own; the iris' rim would stay as an arc."""
WHITE_PERCENTILE = 45
"""Darker parts of the white are lashes and shadows."""
LASH_PERCENTILE = 15
"""Of the colours along the lids, the dark end is the lashes',"""
LASH_DARKNESS = 0.5
"""but no channel is brighter than this share of the skin's: a pale line would not read as a shut eye."""
IRIS_START, IRIS_END = 0.96, 1.14
"""Radii between which iris fades into white."""
BELOW = 0.12
"""Up to this distance below the tracked margin of the lower lid, in eye widths, the iris is searched: large drawn eyes
go on there, and what is left of it would stay when it looks elsewhere."""
BELOW_SKIN = 0.22
"""Below this distance, in eye widths, there is skin."""
LEAST_OPEN = 0.05
"""Eyes that the picture shows more closed than this have no eyeball to draw."""


@dataclass(frozen=True)
class EyeParts:
    """One eye of the avatar, taken apart. Pictures are BGR float32 (h, w, 3), masks float32 (h, w), of one patch."""

    number: int
    """Of the eye in topology.EYES."""
    left: int
    """Place of the patch in the picture."""
    top: int
    picture: np.ndarray
    white: np.ndarray
    """The eyeball without the iris."""
    iris: np.ndarray
    """The iris, completed where lids cover it,"""
    iris_mask: np.ndarray
    """and where it is."""
    shade: np.ndarray
    """(h, w, 3): the eyeball, white and iris, times this is what lashes, lids and their shadows leave of it;"""
    residual: np.ndarray
    """(h, w, 3): what is then still missing to the picture."""
    lash: np.ndarray
    """(3,): colour of the lashes."""
    openness: float
    """In the picture, in eye widths."""
    gaze: np.ndarray
    """(2,): in the picture, see measures.gaze."""
    below: np.ndarray
    """(7,): how far the iris goes on below each point of the lower margin, in pixels of the picture."""


def take_apart(picture: np.ndarray, face: AvatarFace) -> list[EyeParts | None]:
    """Both eyes of the avatar, BGR uint8 (H, W, 3); None for an eye that is shut or outside the picture."""
    factor = irises.size(picture, face)
    return [_parts(picture, face, number, factor) for number in range(len(EYES))]


def _parts(picture: np.ndarray, face: AvatarFace, number: int, factor: float) -> EyeParts | None:
    eye = EYES[number]
    flat = face.points[:, :2]
    if face.openness[number] < LEAST_OPEN:
        return None
    width = eye_width(face.points, eye)
    left, top, right, bottom = bounds(flat[eye.outline], int(width * PATCH_MARGIN), picture.shape[1], picture.shape[0])
    if right - left < 4 or bottom - top < 4:
        return None
    patch = picture[top:bottom, left:right].astype(np.float32)
    outline = smooth_outline(flat[eye.outline] - (left, top), 6)
    inside = outline_mask(outline, right - left, bottom - top)
    clear = _eroded(inside, IRIS_LID_SHADE * width)
    centre, radius = irises.place(patch, inside, clear, flat[eye.iris] - (left, top), irises.tracked_radius(flat, eye) * factor)
    distance = irises.away(inside.shape, centre) / radius
    clear = cv2.GaussianBlur(clear, (0, 0), max(0.3, IRIS_LID_SHADE * width / 3)) * (distance < irises.REACH)
    skin = np.median(patch[inside < 0.5], axis=0) if (inside < 0.5).any() else np.full(3, 128.0)
    lash = np.minimum(_lash_colour(patch, outline, distance), LASH_DARKNESS * skin)
    iris, white = _iris(patch, clear, centre, radius), _white(patch, inside, distance, width)
    iris_mask = (1.0 - smoothstep(IRIS_START, IRIS_END, distance)).astype(np.float32)
    eyeball = blend(white, iris, iris_mask)
    middle, _, down, _ = eye_frame(face.points, eye)
    rows, columns = np.indices(inside.shape)
    upper = (np.stack([columns + left, rows + top], axis=-1) - middle) @ down < 0.0
    shade = _shade(patch, eyeball, inside, distance, upper, width)
    return EyeParts(number, left, top, patch, white, iris, iris_mask, shade, patch - eyeball * shade,
                    lash.astype(np.float32), float(face.openness[number]), face.gaze[number],
                    _below(patch, iris, distance, face, eye, np.array([left, top])))


def _below(patch: np.ndarray, iris: np.ndarray, distance: np.ndarray, face: AvatarFace, eye: Eye,
           corner: np.ndarray) -> np.ndarray:
    """(7,): pixels below each point of the lower margin that look more like the iris than like the skin below.

    patch, iris: float32 (h, w, 3). distance: float32 (h, w), from the iris' centre in radii. corner: (2,), place of the
    patch in the picture. The white is left out: it looks too much like the pale rim of a lid.
    """
    _, _, down, width = eye_frame(face.points, eye)
    steps = np.arange(0.0, BELOW * width, 0.5)
    margin = face.points[eye.margins[1], :2] - corner
    places = (margin[:, None] + steps[:, None] * down).astype(np.float32)
    skin = _at(patch, (margin + BELOW_SKIN * width * down)[:, None].astype(np.float32))
    seen = _at(patch, places)
    like = np.linalg.norm(seen - _at(iris, places), axis=2) < np.linalg.norm(seen - skin, axis=2)
    like &= _at(distance, places) < IRIS_END
    return np.where(like.all(axis=1), 0, like.argmin(axis=1)) * 0.5  # without an end it is skin of the same colour


def _at(picture: np.ndarray, places: np.ndarray) -> np.ndarray:
    return cv2.remap(picture, places, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)


def _lash_colour(patch: np.ndarray, outline: np.ndarray, distance: np.ndarray) -> np.ndarray:
    """(3,): the dark end of the colours along the lids, beside the iris, which they may cross."""
    columns, rows = np.clip(outline.astype(int), 0, np.array(distance.shape[::-1]) - 1).T
    beside = distance[rows, columns] > WHITE_START
    return np.percentile(patch[rows[beside], columns[beside]] if beside.any() else patch[rows, columns],
                         LASH_PERCENTILE, axis=0)


def _white(patch: np.ndarray, inside: np.ndarray, distance: np.ndarray, width: float) -> np.ndarray:
    """float32 (h, w, 3): the eyeball without the iris, spread from its bright visible parts."""
    known = _eroded(inside, WHITE_SHADE * width) * (distance > WHITE_START)
    if known.sum() < 0.015 * width**2:
        known = inside * (distance > 1.1)
    bright = known
    if (known > 0.5).sum() > 5:
        level = patch.mean(axis=2)
        bright = known * (level >= np.percentile(level[known > 0.5], WHITE_PERCENTILE))
    spread = push_pull(patch, bright) if bright.sum() > 2 else np.full_like(patch, 150.0)
    spread = cv2.GaussianBlur(spread, (0, 0), 0.05 * width + 0.3)
    own = known * smoothstep(*WHITE_OWN, distance).astype(np.float32)
    return blend(spread, patch, 0.7 * cv2.GaussianBlur(own, (0, 0), 0.03 * width + 0.3))


def _shade(patch: np.ndarray, eyeball: np.ndarray, inside: np.ndarray, distance: np.ndarray, upper: np.ndarray,
           width: float) -> np.ndarray:
    """float32 (h, w, 3): see EyeParts.shade. upper: bool (h, w), the half of the eye below the upper lid."""
    ratio = np.minimum((patch + SHADE_FLOOR) / (eyeball + SHADE_FLOOR), SHADE_LIMIT)
    depth = cv2.distanceTransform((inside > 0.5).astype(np.uint8), cv2.DIST_L2, 5) / width
    sure = (distance > SHADE_BESIDE) & (inside > 0.5)
    for half in upper, ~upper:
        steps, shades = [], []
        for step in np.arange(0.0, SHADE_END, SHADE_STEP):
            there = ratio[sure & half & (depth > step) & (depth <= step + SHADE_STEP)]
            if len(there):
                steps.append(step + SHADE_STEP / 2)
                shades.append(np.median(there, axis=0))
        if steps:
            unsure = half & ~sure & (inside > 0.5)
            ratio[unsure] = np.stack([np.interp(depth[unsure], steps, shade) for shade in zip(*shades)], axis=-1)
    near = (1.0 - smoothstep(SHADE_START, SHADE_END, depth)).astype(np.float32)
    ratio = cv2.GaussianBlur(ratio.astype(np.float32), (0, 0), SHADE_BLUR * width + 0.3)
    return 1.0 + (ratio - 1.0) * near[..., None]


def _iris(patch: np.ndarray, known: np.ndarray, centre: np.ndarray, radius: float) -> np.ndarray:
    """float32 (h, w, 3): the iris; what is not `known`, float32 (h, w), 0..1, is as its rings are elsewhere."""
    ring = irises.away(known.shape, centre) / radius / irises.REACH * (irises.RINGS - 1)
    usable = (known > 0.5) & (ring < irises.RINGS - 1)
    lower = np.minimum(ring.astype(int), irises.RINGS - 2)
    profile, filled = np.zeros((irises.RINGS, 3)), np.zeros(irises.RINGS, bool)
    for number in range(irises.RINGS):
        here = patch[usable & (np.abs(ring - number) < 0.75)]
        if len(here):
            profile[number], filled[number] = np.median(here, axis=0), True
    if not filled.any():
        return patch
    for channel in profile.T:
        channel[~filled] = np.interp(np.flatnonzero(~filled), np.flatnonzero(filled), channel[filled])
    fraction = np.clip(ring - lower, 0.0, 1.0)[..., None]
    rings = profile[lower] * (1.0 - fraction) + profile[lower + 1] * fraction
    return blend(rings, patch, known).astype(np.float32)


def _eroded(mask: np.ndarray, distance: float) -> np.ndarray:
    size = 2 * max(1, round(distance)) + 1
    return cv2.erode(mask, np.ones((size, size), np.uint8))

"""An eye taken apart: the white without the iris, and the whole iris, both completed where something covers them.

A warped photograph cannot show what lids and iris occlude, so this is done once per avatar.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from ...cut.imaging import blend, bounds, outline_mask, push_pull, sampled, smooth_outline
from ...face.measures import eye_frame, eye_width, smoothstep
from ...face.topology import EYES, Eye
from ..move.avatar_face import AvatarFace
from . import irises

PATCH_MARGIN = 0.55
"""Room around the eye in its patch, in eye widths: the eyeball behind a lid that opens wider is taken from it."""
IRIS_LID_SHADE = 0.06
"""Distance from a lid margin, in eye widths, within which pixels do not show the colours of the iris."""
WHITE_SHADE = 0.055
"""Distance from a lid margin, in eye widths, within which pixels do not show the colours of the white."""
SHADE_START, SHADE_END = 0.08, 0.20
"""Depths behind a lid margin, in eye widths: up to the first, what darkens the eyeball is lashes and shadows of the lid; from
the second on it is the eyeball's own colour."""
SHADE_LIMIT = 1.1
"""Largest ratio of the picture to the completed eyeball that counts as shade. Lids darken: what is brighter is a highlight,
which goes with the iris."""
SHADE_FLOOR = 8.0
"""Grey levels added to both sides of the ratio of picture and eyeball, which would be one of noise in the dark."""
SHADE_BESIDE = 1.3
"""Distance from the centre of the iris, in radii, within which the shade is that of equal depths elsewhere: errors in the
place of the iris or in its completion would count as shade, and stay behind when it moves."""
SHADE_STEP = 0.02
"""Step, in eye widths, of the depths at which the shade is measured."""
SHADE_BLUR = 0.012
"""Softness of the shade, in eye widths (standard deviation): single lashes would stand out against what was completed."""
WHITE_START = 1.22
"""Distance from the centre of the iris, in radii, from which there is white."""
WHITE_OWN = (1.2, 1.7)
"""Distances from the centre of the iris, in radii, over which the completed white passes into the picture's own; further in,
the rim of the iris would remain as an arc."""
WHITE_PERCENTILE = 45
"""Percentile of the white's brightness below which there are lashes and shadows."""
LASH_PERCENTILE = 15
"""Percentile of the colours along the lids that is the colour of the lashes."""
LASH_DARKNESS = 0.5
"""Largest share of the skin's colour that the lashes have in any channel: a pale line would not read as a shut eye."""
IRIS_START, IRIS_END = 0.96, 1.14
"""Distances from the centre of the iris, in radii, over which it fades into the white."""
BELOW = 0.12
"""Distance below the tracked margin of the lower lid, in eye widths, within which there may be iris: large drawn eyes reach
below it, and that part of the iris would stay when they look elsewhere."""
BELOW_SKIN = 0.22
"""Distance below the tracked margin of the lower lid, in eye widths, at which there is skin."""
LEAST_OPEN = 0.05
"""Openness, in eye widths, below which the picture shows no eyeball that could be drawn."""


@dataclass(frozen=True)
class EyeParts:
    """One eye of the avatar, taken apart.

    Pictures are BGR float32 (h, w, 3), masks float32 (h, w), all of the same patch around the eye.
    """

    number: int
    """Index of the eye in topology.EYES."""
    left: int
    """Column of the picture at which the patch begins."""
    top: int
    """Row of the picture at which the patch begins."""
    picture: np.ndarray
    """The patch as the picture shows it."""
    white: np.ndarray
    """The eyeball without the iris."""
    iris: np.ndarray
    """The iris, completed where lids cover it."""
    iris_mask: np.ndarray
    """Coverage of the iris, 0..1."""
    shade: np.ndarray
    """(h, w, 3): the factor by which lashes, lids and their shadows darken the eyeball, white and iris."""
    residual: np.ndarray
    """(h, w, 3): the picture less the shaded eyeball."""
    lash: np.ndarray
    """float32 (3,): BGR of the lashes."""
    openness: float
    """Openness of the eye in the picture, in eye widths."""
    gaze: np.ndarray
    """float64 (2,): gaze in the picture, as in measures.gaze."""
    below: np.ndarray
    """float64 (7,): how far the iris reaches below each point of the lower margin, in pixels of the picture."""


def take_apart(picture: np.ndarray, face: AvatarFace) -> list[EyeParts | None]:
    """Both eyes of the avatar's picture, BGR uint8 (H, W, 3); None for an eye that is shut or outside the picture."""
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
    """float64 (7,): how many pixels below each point of the lower margin look more like the iris than like the skin below.

    The white is left out: it looks too much like the pale rim of a lid. patch, iris: float32 (h, w, 3). distance: float32
    (h, w), from the centre of the iris in radii. corner: (2,), place of the patch in the picture.
    """
    _, _, down, width = eye_frame(face.points, eye)
    steps = np.arange(0.0, BELOW * width, 0.5)
    margin = face.points[eye.margins[1], :2] - corner
    places = (margin[:, None] + steps[:, None] * down).astype(np.float32)
    skin = _at(patch, (margin + BELOW_SKIN * width * down)[:, None].astype(np.float32))
    seen = _at(patch, places)
    like = np.linalg.norm(seen - _at(iris, places), axis=2) < np.linalg.norm(seen - skin, axis=2)
    like &= _at(distance, places) < IRIS_END
    return np.where(like.all(axis=1), 0, like.argmin(axis=1)) * 0.5  # skin of the same colour, where there is no end to it


def _at(picture: np.ndarray, places: np.ndarray) -> np.ndarray:
    """Return the picture sampled bilinearly at float32 (h, w, 2) places."""
    return sampled(picture, places, cv2.BORDER_REPLICATE)


def _lash_colour(patch: np.ndarray, outline: np.ndarray, distance: np.ndarray) -> np.ndarray:
    """(3,): the dark end of the colours along the lids, outside of the iris, which they may cross."""
    columns, rows = np.clip(outline.astype(int), 0, np.array(distance.shape[::-1]) - 1).T
    beside = distance[rows, columns] > WHITE_START
    return np.percentile(patch[rows[beside], columns[beside]] if beside.any() else patch[rows, columns],
                         LASH_PERCENTILE, axis=0)


def _white(patch: np.ndarray, inside: np.ndarray, distance: np.ndarray, width: float) -> np.ndarray:
    """float32 (h, w, 3): the eyeball without the iris, filled in from its bright visible parts."""
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
    """float32 (h, w, 3): EyeParts.shade. upper: bool (h, w), the half of the eye that is nearer to the upper lid."""
    ratio = np.minimum((patch + SHADE_FLOOR) / (eyeball + SHADE_FLOOR), SHADE_LIMIT)
    depth: np.ndarray = cv2.distanceTransform((inside > 0.5).astype(np.uint8), cv2.DIST_L2, 5) / width
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
    """float32 (h, w, 3): the iris; where it is not `known`, float32 (h, w), 0..1, it has the colour of its rings elsewhere."""
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
    """Return the mask less what lies within `distance` pixels of its edge, at least one."""
    size = 2 * max(1, round(distance)) + 1
    return cv2.erode(mask, np.ones((size, size), np.uint8))

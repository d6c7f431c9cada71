"""Drawing the inside of an open mouth, which a picture of a shut one does not show.

Two sources: the driver's own mouth, cut from the driving frame and brought to the avatar's colours (`transplant`), or,
where there is no usable driving frame, a painted mouth of cavity, tongue and teeth (`synthetic`).
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from ..engine import Observation
from .imaging import blend, bounds, outline_mask, smooth_outline
from .measures import mouth_openness, mouth_width, smoothstep
from .raster import warp
from .retarget import AvatarFace, Placement
from .topology import INNER_LIP_LOWER, INNER_LIP_UPPER, LIP_MIDDLE, SKIN_SAMPLES

APPEAR_START, APPEAR_END = 0.02, 0.06
"""Opening in mouth widths over which the inside appears,"""
OWN_START, OWN_END = 1.05, 1.6
"""and at least this many times the picture's own opening: until then the picture's own inside is shown."""
SHOWS_INSIDE = 0.045
"""A picture whose mouth is further open than this shows its own inside."""

LEAST_DRIVER_WIDTH = 24
"""A driver's mouth of fewer pixels is too coarse to be shown."""
DRIVER_START, DRIVER_END = 0.035, 0.09
"""The driver's opening in mouth widths over which its inside is trusted: below, the cut shows mostly lips."""
CUT_HEIGHT, CUT_WIDTH = 0.90, 0.96
"""The cut keeps inside the driver's lips by these factors, so that they do not bleed in."""
OVERLAP = 3 / 250
"""It reaches this far under the avatar's lips, in face heights of the avatar."""
LIGHTNESS_LIMITS, CHROMA_LIMIT, TINT = (0.5, 1.6), 1.15, 0.25
"""Limits of the skins' ratios that the cut is recoloured by, and share of the avatar's own tint."""
HUE_LIMIT = np.radians(25)
"""Limit of the turn of hues between the skins; a green creature keeps a reddish tongue."""
TEETH_LIGHTNESS, TEETH_PERCENTILE = 1.25, 95
"""The brightest parts are no lighter than this many times the avatar's skin."""
INSIDE_SHADE = 0.92
GREY = 4.0
"""Skin of less chroma is that of a drawing or a black-and-white picture."""

OCCLUSION, OCCLUSION_REACH = 0.5, 0.07
"""Darkening towards the lips, and its reach in openings of the mouth."""
CAVITY = np.array([12.0, 10.0, 22.0])
"""BGR of a seam between lips that hardly open, for skin of ordinary lightness."""
USUAL_LIGHTNESS = 65.0

PAINTED_CAVITY = np.array([18.0, 16.0, 34.0])
PAINTED_TEETH = np.array([188.0, 205.0, 214.0]) * 0.92
PAINTED_TONGUE = np.array([70.0, 72.0, 140.0])
UPPER_TEETH, UPPER_ARC = 0.10, 0.10
"""The upper teeth end this far below the resting upper lip, and rise by the second towards the corners, in widths."""
LOWER_TEETH, LOWER_ARC = 0.05, 0.05
TONGUE_RISE = 0.30

_PAIRS = len(INNER_LIP_UPPER)
_STRIP = np.array([triangle for i in range(_PAIRS - 1)
                   for triangle in ((i, i + 1, _PAIRS + i + 1), (i, _PAIRS + i + 1, _PAIRS + i))], np.int32)


@dataclass(frozen=True)
class Mouth:
    """What the inside of the avatar's mouth is matched to."""

    skin: np.ndarray
    """(3,): CIE L*a*b* of the skin around it, L 0..100."""
    openness: float
    """In the picture, in mouth widths."""


def study(picture: np.ndarray, face: AvatarFace) -> Mouth:
    """The mouth of the avatar's picture, BGR uint8 (H, W, 3)."""
    return Mouth(skin_colour(picture, face.points), mouth_openness(face.points))


def draw(canvas: np.ndarray, mouth: Mouth, face: AvatarFace, placement: Placement, driving: Observation) -> None:
    """Draws the inside of the mouth onto the moved avatar, uint8 (H, W, 4), in place."""
    points = placement.points[:, :2]
    openness = mouth_openness(placement.points)
    strength = float(smoothstep(max(APPEAR_START, OWN_START * mouth.openness),
                                max(APPEAR_END, OWN_END * mouth.openness), openness))
    if strength <= 0.0:
        return
    outline = smooth_outline(np.concatenate([points[INNER_LIP_UPPER], points[INNER_LIP_LOWER[-2:0:-1]]]))
    left, top, right, bottom = bounds(outline, 4, canvas.shape[1], canvas.shape[0])
    size = (right - left, bottom - top)
    if size[0] < 6 or size[1] < 3:
        return
    origin = np.array([left, top])
    mask = outline_mask(outline - origin, *size, blur=max(0.3, 0.7 * face.height / 250))
    place = canvas[top:bottom, left:right, :3]
    lips = points[INNER_LIP_UPPER] - origin, points[INNER_LIP_LOWER] - origin
    if usable(driving):
        inside, trust = transplant(driving, mouth, lips, OVERLAP * face.height, mask)
    else:
        rest = placement.rigid.apply(face.points[INNER_LIP_UPPER[LIP_MIDDLE]][None])[0, :2] - origin
        inside, trust = synthetic(mouth, lips, rest, 0.8 * face.height / 250, size), 1.0
    inside = inside * _occlusion(mask, lips)[..., None]
    if trust < 1.0:
        lightness = np.clip(mouth.skin[0] / USUAL_LIGHTNESS, 0.25, 1.25)
        shut = place.astype(np.float32) if mouth.openness > SHOWS_INSIDE else CAVITY * lightness
        inside = shut + (inside - shut) * trust
    place[...] = np.clip(blend(place.astype(np.float32), inside, mask * strength), 0.0, 255.0)


def usable(driving: Observation) -> bool:
    """Whether the driving frame shows the driver's mouth well enough to be cut out."""
    if driving.driver_picture is None:
        return False
    height, width = driving.driver_picture.shape[:2]
    lips = driving.keypoints[np.concatenate([INNER_LIP_UPPER, INNER_LIP_LOWER]), :2]
    within = (lips >= 0).all() and (lips <= (width - 1, height - 1)).all()
    return bool(within) and mouth_width(driving.keypoints) >= LEAST_DRIVER_WIDTH


def transplant(driving: Observation, mouth: Mouth, lips: tuple[np.ndarray, np.ndarray], overlap: float,
               mask: np.ndarray) -> tuple[np.ndarray, float]:
    """The inside of the driver's mouth between the avatar's lips, in the avatar's colours.

    lips: float (11, 2) each, upper and lower inner lip in the region that is drawn. overlap: pixels under the lips.
    mask: float32 (h, w), the opening. Returns BGR float32 (h, w, 3), 0..255, and how far it is to be shown, 0..1.
    """
    seen = driving.keypoints[:, :2]
    upper, lower = seen[INNER_LIP_UPPER], seen[INNER_LIP_LOWER]
    source = _about(_narrowed(upper, lower, CUT_HEIGHT), (CUT_WIDTH, 1.0))
    picture = warp(driving.driver_picture, _widened(*lips, overlap), source.astype(np.float32), _STRIP,
                   mask.shape[::-1])
    lab = cv2.cvtColor(picture.astype(np.float32) / 255.0, cv2.COLOR_BGR2LAB)
    _recolour(lab, skin_colour(driving.driver_picture, driving.keypoints), mouth.skin, mask)
    trust = float(smoothstep(DRIVER_START, DRIVER_END, mouth_openness(driving.keypoints)))
    return cv2.cvtColor(lab, cv2.COLOR_LAB2BGR) * (255.0 * INSIDE_SHADE), trust


def _narrowed(upper: np.ndarray, lower: np.ndarray, factor: float) -> np.ndarray:
    """(22, 2): both lips drawn together to that share of the gap."""
    middle = (upper + lower) / 2
    return np.concatenate([middle + (upper - middle) * factor, middle + (lower - middle) * factor])


def _about(points: np.ndarray, factors) -> np.ndarray:
    centre = points.mean(axis=0)
    return centre + (points - centre) * factors


def _widened(upper: np.ndarray, lower: np.ndarray, overlap: float) -> np.ndarray:
    """float32 (22, 2): both lips moved apart by about `overlap`, and the corners outwards."""
    middle = (upper + lower) / 2
    factor = 1.0 + overlap / np.maximum(np.linalg.norm(upper - lower, axis=1, keepdims=True), 1.0)
    above, below = middle + (upper - middle) * factor, middle + (lower - middle) * factor
    along = (upper[-1] - upper[0]) / max(float(np.linalg.norm(upper[-1] - upper[0])), 1.0)
    above[0] = below[0] = upper[0] - along * overlap
    above[-1] = below[-1] = upper[-1] + along * overlap
    return np.concatenate([above, below]).astype(np.float32)


def _recolour(lab: np.ndarray, driver: np.ndarray, avatar: np.ndarray, mask: np.ndarray) -> None:
    """Scales lightness and chroma by the ratio of the skins, in place, and holds teeth below a dark skin's white."""
    lightness = np.clip(avatar[0] / max(driver[0], 5.0), *LIGHTNESS_LIMITS)
    avatar_chroma, driver_chroma = np.hypot(*avatar[1:]), np.hypot(*driver[1:])
    # Darker without less chroma would be more saturated: tongues turn crimson on dark skin.
    chroma = min(avatar_chroma / max(driver_chroma, 4.0), CHROMA_LIMIT, CHROMA_LIMIT * lightness)
    lab[..., 0] *= lightness
    if (mask > 0.5).any():
        brightest = np.percentile(lab[..., 0][mask > 0.5], TEETH_PERCENTILE)
        lab[..., 0] *= min(1.0, TEETH_LIGHTNESS * max(avatar[0], 25.0) / max(brightest, 1.0))
    turn = chroma * _turn(driver[1:], avatar[1:])
    lab[..., 1:] = lab[..., 1:] @ turn.T
    if avatar_chroma > GREY:
        tint = TINT * (avatar[1:] - turn @ driver[1:])
        lab[..., 1:] += tint * np.clip(lab[..., :1] / max(avatar[0], 20.0), 0.0, 1.0)


def _turn(driver: np.ndarray, avatar: np.ndarray) -> np.ndarray:
    """float32 (2, 2): the turn of hues, within limits, from the driver's skin to the avatar's, (2,) each: a*, b*."""
    if min(np.hypot(*driver), np.hypot(*avatar)) < GREY:
        return np.eye(2, dtype=np.float32)
    angle = np.arctan2(avatar[1], avatar[0]) - np.arctan2(driver[1], driver[0])
    angle = np.clip((angle + np.pi) % (2 * np.pi) - np.pi, -HUE_LIMIT, HUE_LIMIT)
    return np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]], np.float32)


def synthetic(mouth: Mouth, lips: tuple[np.ndarray, np.ndarray], rest: np.ndarray, softness: float,
              size: tuple[int, int]) -> np.ndarray:
    """A painted inside of the mouth, BGR float32 (h, w, 3), 0..255, of size (width, height).

    lips: as for `transplant`. rest: (2,), where the middle of the upper lip would be without expression: the upper
    teeth keep their place in the skull, the lower ones follow the lower lip. softness: of edges, in pixels.
    """
    upper, lower = lips
    width = max(float(np.linalg.norm(upper[-1] - upper[0])), 1.0)
    along = (upper[-1] - upper[0]) / width
    down = np.array([-along[1], along[0]])
    middle = (upper[0] + upper[-1]) / 2
    rows, columns = np.indices(size[::-1], np.float32)
    x, y = columns - middle[0], rows - middle[1]
    u, v = (x * along[0] + y * along[1]) / (width / 2), x * down[0] + y * down[1]  # -1..1 across, pixels down
    jaw = (lower[LIP_MIDDLE] - middle) @ down
    upper_edge = (rest - middle) @ down + UPPER_TEETH * width - UPPER_ARC * width * u**2
    lower_edge = jaw - LOWER_TEETH * width + LOWER_ARC * width * u**2
    openness = float(np.linalg.norm(upper[LIP_MIDDLE] - lower[LIP_MIDDLE])) / width
    front = 1.0 - smoothstep(0.45, 0.95, np.abs(u))
    tongue = smoothstep(0.0, 1.0, (v - (jaw - TONGUE_RISE * width)) / (0.2 * width))
    tongue = 0.8 * tongue * (1.0 - smoothstep(0.35, 0.75, np.abs(u)))
    lower_teeth = smoothstep(-softness, softness, v - lower_edge) * front * 0.7 * np.clip(openness * 3 - 0.5, 0, 1)
    upper_teeth = smoothstep(-softness, softness, upper_edge - v) * (0.25 + 0.75 * front)
    between = 1.0 - 0.10 * np.exp(-((np.abs((u * 7) % 1 - 0.5) - 0.5) / 0.08) ** 2)  # faint lines between teeth
    cavity_colour, teeth_colour, tongue_colour = _paint(mouth.skin)
    image = np.broadcast_to(cavity_colour, (*u.shape, 3))
    image = blend(image, tongue_colour, tongue)
    image = blend(image, teeth_colour * 0.85, lower_teeth)
    return blend(image, teeth_colour * between[..., None], upper_teeth).astype(np.float32)


def _paint(skin: np.ndarray):
    """BGR of cavity, teeth and tongue for a skin: as light as it is, and grey where it is grey."""
    lightness = np.clip(skin[0] / USUAL_LIGHTNESS, 0.25, 1.25)
    colours = [PAINTED_CAVITY * lightness, PAINTED_TEETH * lightness, PAINTED_TONGUE * lightness]
    if np.hypot(*skin[1:]) < GREY:
        return [np.full(3, colour.mean()) for colour in colours]
    return colours


def _occlusion(mask: np.ndarray, lips: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
    """float32 (h, w): the light that reaches each part of the inside: less near the lips."""
    upper, lower = lips
    gap = float(np.linalg.norm(upper[LIP_MIDDLE] - lower[LIP_MIDDLE]))
    width = float(np.linalg.norm(upper[-1] - upper[0]))
    light = cv2.GaussianBlur(mask, (0, 0), max(1.0, OCCLUSION_REACH * min(gap * 1.5, width / 2)))
    return 1.0 - OCCLUSION * (1.0 - smoothstep(0.35, 0.95, light))


def skin_colour(picture: np.ndarray, points: np.ndarray) -> np.ndarray:
    """(3,): CIE L*a*b* (L 0..100) of the skin on cheeks and chin, the median of seven small spots."""
    height, width = picture.shape[:2]
    spots = []
    for x, y in points[SKIN_SAMPLES, :2]:
        column, row = int(np.clip(x, 2, max(width - 3, 2))), int(np.clip(y, 2, max(height - 3, 2)))
        spots.append(picture[row - 2:row + 3, column - 2:column + 3].reshape(-1, 3).mean(axis=0))
    colour = np.median(spots, axis=0).astype(np.float32) / 255.0
    return cv2.cvtColor(colour.reshape(1, 1, 3), cv2.COLOR_BGR2LAB)[0, 0].astype(np.float64)

"""Drawing the inside of an open mouth, which a picture of a shut one does not show.

It is either the driver's own (see mouth_camera) or painted (see mouth_drawn); mouth_source chooses.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from ...contract import Observation
from ...cut.imaging import blend, bounds, outline_mask, smooth_outline
from ...face.measures import mouth_openness, mouth_width, smoothstep
from ...face.topology import INNER_LIP_LOWER, INNER_LIP_UPPER, LIP_MIDDLE, SKIN_SAMPLES
from ..move.avatar_face import AvatarFace, Placement
from . import mouth_camera, mouth_drawn
from .mouth_drawn import USUAL_LIGHTNESS
from .mouth_source import DriverMouth, colour_at

APPEAR_START, APPEAR_END = 0.02, 0.06
"""Openness, in mouth widths, over which the inside of the mouth fades in, if not later by OWN_START and OWN_END."""
OWN_START, OWN_END = 1.05, 1.6
"""Openness, in parts of the picture's own, over which the drawn inside takes the place of what the picture shows."""
SHOWS_INSIDE = 0.045
"""Openness of the mouth in the picture, in mouth widths, beyond which the picture shows an inside of its own."""

OVERLAP = 1 / 250
"""How far the camera's mouth reaches under the avatar's lips, in face heights of the avatar."""
OCCLUSION = 0.5
"""Share of the light that is occluded beside the lips."""
OCCLUSION_REACH = 0.07
"""How far the occlusion by the lips reaches, in openings of the mouth."""
CAVITY = np.array([12.0, 10.0, 22.0])
"""BGR of a seam between lips that hardly open, for skin of USUAL_LIGHTNESS."""


@dataclass(frozen=True)
class Mouth:
    """What the inside of the avatar's mouth has to match."""

    skin: np.ndarray
    """float64 (3,): CIE L*a*b* of the skin around the mouth, L* 0..100."""
    openness: float
    """Openness of the mouth in the picture, in mouth widths."""


def study(picture: np.ndarray, face: AvatarFace) -> Mouth:
    """Return the mouth of the avatar's picture, BGR uint8 (H, W, 3)."""
    return Mouth(colour_at(picture, face.points[SKIN_SAMPLES, :2]), mouth_openness(face.points))


@dataclass(frozen=True)
class Opening:
    """The gap between the avatar's lips in one frame, inside the box of the canvas that is drawn in.

    Points are float64 in pixels of the box.
    """

    box: tuple[slice, slice]
    """The rows and columns of the canvas that the box covers."""
    lips: tuple[np.ndarray, np.ndarray]
    """The upper and the lower inner lip, (11, 2) each."""
    rest: np.ndarray
    """(2,): where the middle of the upper lip would be without expression, fixed to the skull."""
    mask: np.ndarray
    """float32 (h, w), 0..1: how much of each pixel lies between the lips."""
    face_height: float
    """Pixels from forehead to chin in the avatar's picture."""


def draw(canvas: np.ndarray, mouth: Mouth, face: AvatarFace, placement: Placement, driving: Observation,
         driver_mouth: DriverMouth, wanted: str) -> None:
    """Draw the inside of the mouth onto the moved avatar, uint8 (H, W, 4), in place.

    driver_mouth: kept from frame to frame for as long as the driver is the same. wanted: a value of MotionOptions.mouth.
    """
    # Measured while the mouth is shut, too, so that a change of source happens unseen.
    from_camera = driver_mouth.camera_share(driving, mouth_width(placement.points), wanted)
    openness = mouth_openness(placement.points)
    strength = float(smoothstep(max(APPEAR_START, OWN_START * mouth.openness),
                                max(APPEAR_END, OWN_END * mouth.openness), openness))
    if strength <= 0.0:
        return
    opening = _opening(face, placement, canvas)
    if opening is None:
        return
    inside, trust = _inside(opening, mouth, driving, driver_mouth, from_camera)
    inside = inside * _occlusion(opening)[..., None]
    place = canvas[opening.box][..., :3]
    if trust < 1.0:
        lightness = np.clip(mouth.skin[0] / USUAL_LIGHTNESS, 0.25, 1.25)
        shut = place.astype(np.float32) if mouth.openness > SHOWS_INSIDE else CAVITY * lightness
        inside = shut + (inside - shut) * trust
    place[...] = np.clip(blend(place.astype(np.float32), inside, opening.mask * strength), 0.0, 255.0)


def _opening(face: AvatarFace, placement: Placement, canvas: np.ndarray) -> Opening | None:
    """Return the opening as `placement` has it, or None if too little of it lies on the canvas to be drawn."""
    points = placement.points[:, :2]
    outline = smooth_outline(np.concatenate([points[INNER_LIP_UPPER], points[INNER_LIP_LOWER[-2:0:-1]]]))
    left, top, right, bottom = bounds(outline, 4, canvas.shape[1], canvas.shape[0])
    width, height = right - left, bottom - top
    if width < 6 or height < 3:
        return None
    origin = np.array([left, top])
    rest = placement.rigid.apply(face.points[INNER_LIP_UPPER[LIP_MIDDLE]][None])[0, :2]
    return Opening(box=(slice(top, bottom), slice(left, right)),
                   lips=(points[INNER_LIP_UPPER] - origin, points[INNER_LIP_LOWER] - origin), rest=rest - origin,
                   mask=outline_mask(outline - origin, width, height, blur=max(0.3, 0.7 * face.height / 250)),
                   face_height=face.height)


def _inside(opening: Opening, mouth: Mouth, driving: Observation, driver_mouth: DriverMouth,
            from_camera: float) -> tuple[np.ndarray, float]:
    """Return the inside of the mouth all over the box, BGR float32 (h, w, 3), and its opacity, 0..1."""
    lips, mask, unit = opening.lips, opening.mask, opening.face_height
    if from_camera > 0.0:
        seen, trust = mouth_camera.transplant(driving, mouth.skin, driver_mouth, lips, OVERLAP * unit, mask)
        if from_camera >= 1.0:
            return seen, trust
    drawn = mouth_drawn.paint(mouth.skin, lips, opening.rest, 0.8 * unit / 250, mask.shape[::-1])
    if from_camera <= 0.0:
        return drawn, 1.0
    return drawn + (seen - drawn) * from_camera, 1.0 + (trust - 1.0) * from_camera


def _occlusion(opening: Opening) -> np.ndarray:
    """float32 (h, w), 0..1: how much light reaches each part of the inside; least near the lips."""
    upper, lower = opening.lips
    gap = float(np.linalg.norm(upper[LIP_MIDDLE] - lower[LIP_MIDDLE]))
    width = float(np.linalg.norm(upper[-1] - upper[0]))
    light = cv2.GaussianBlur(opening.mask, (0, 0), max(1.0, OCCLUSION_REACH * min(gap * 1.5, width / 2)))
    return 1.0 - OCCLUSION * (1.0 - smoothstep(0.35, 0.95, light))

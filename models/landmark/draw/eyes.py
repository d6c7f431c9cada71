"""Drawing the eyes: an iris that looks around on a completed eyeball, behind lids that open and shut.

In each frame white and iris (see eyeball) are composed inside the contour of the lids. Near the avatar's own gaze and
openness the picture itself is shown.
"""

from __future__ import annotations

import cv2
import numpy as np

from ...cut.imaging import blend, bounds, line_mask, outline_mask, smooth_outline
from ...face.measures import eye_frame, eye_openness, smoothstep
from ...face.topology import EYES
from ..move.avatar_face import AvatarFace, Placement
from .eyeball import EyeParts

GAZE_GAIN = 14.0
"""How quickly a change of gaze, in eye widths, replaces the photographed eye by the completed one."""
OPENING_GAIN = 1.6
"""How quickly a change of openness, in parts of the eye's own, replaces the photographed eye by the completed one."""
REST_ZONE = 0.15
"""Sum of both changes, times their gains, up to which the photographed eye is shown alone; 1 further it is gone."""
EDGE = 0.5 / 250
"""Softness of the lids' edge, in face heights (standard deviation)."""
SHUT, NEARLY_SHUT = 0.03, 0.08
"""Openness, in eye widths, up to which no eyeball is seen, and from which it is seen fully."""
LASH_WIDTH, LASH_BLUR, LASH_OPACITY = 0.05, 0.014, 0.8
"""Thickness and softness of the line of lashes, in eye widths, and its opacity, 0..1."""
LASH_TAPER = 0.35
"""How soon the line of lashes thins towards its ends; 0 for not at all."""
SLIT_SHADE = 0.4
"""Share of its brightness that a nearly shut eye loses: lids and lashes shade what is left between them."""


def draw(canvas: np.ndarray, parts: list[EyeParts | None], face: AvatarFace, placement: Placement) -> None:
    """Draw both eyes onto the moved avatar, uint8 (H, W, 4), in place."""
    for part in parts:
        if part is not None:
            _draw_eye(canvas, part, face, placement)


def closing(parts: list[EyeParts | None], placement: Placement) -> np.ndarray:
    """float64 (2,): how far each eye has closed: 0 as open as in the picture or wider, 1 shut."""
    return np.array([0.0 if part is None else _closed(part, eye_openness(placement.points, EYES[part.number]))
                     for part in parts])


def _closed(part: EyeParts, openness: float) -> float:
    """Return how far an eye of that openness, in eye widths, has closed, 0..1."""
    return float(1.0 - smoothstep(0.0, 1.0, openness / part.openness))


def _draw_eye(canvas: np.ndarray, part: EyeParts, face: AvatarFace, placement: Placement) -> None:
    eye, points = EYES[part.number], placement.points[:, :2]
    openness = eye_openness(placement.points, eye)
    outline = points[eye.outline]
    further = part.below * placement.rigid.scale * min(1.0, openness / part.openness)
    outline[len(eye.upper):] += further[::-1, None] * eye_frame(placement.points, eye)[2]
    left, top, right, bottom = bounds(outline, 4, canvas.shape[1], canvas.shape[0])
    width, height = right - left, bottom - top
    if width < 4 or height < 4:
        return
    place = canvas[top:bottom, left:right, :3]
    result = place.astype(np.float32)
    origin = np.array([left, top])
    if openness > SHUT:
        eyeball = _eyeball(part, face, placement, openness, origin, (width, height))
        mask = outline_mask(smooth_outline(outline - origin), width, height, max(0.5, EDGE * face.height))
        result = blend(result, eyeball, mask * float(smoothstep(SHUT, NEARLY_SHUT, openness)))
    strength = _closed(part, openness)
    if strength > 0.01:
        line = points[eye.upper] if openness > SHUT else (points[eye.upper] + points[eye.lower]) / 2
        result = blend(result, part.lash, _lash_line(line - origin, width, height) * strength)
    np.rint(np.clip(result, 0.0, 255.0, out=result), out=result)
    place[...] = result


def _eyeball(part: EyeParts, face: AvatarFace, placement: Placement, openness: float, origin: np.ndarray,
             size: tuple[int, int]) -> np.ndarray:
    """Return the eyeball with its iris in this frame, shaded by the lids, BGR float32 (h, w, 3).

    openness: of the eye in this frame, in eye widths. origin: (2,), place of the result in the canvas. size: its (width,
    height).
    """
    eye = EYES[part.number]
    own_middle, own_along, own_down, own_width = eye_frame(face.points, eye)
    middle, along, down, width = eye_frame(placement.points, eye)
    turn = placement.gaze[part.number] - part.gaze
    change = float(np.clip(GAZE_GAIN * np.hypot(*turn) + OPENING_GAIN * abs(openness / part.openness - 1.0)
                           - REST_ZONE, 0.0, 1.0))
    # The eyeball widens with the corners of the eye, but its height follows only the size of the head, not the lids.
    linear = np.outer(along, own_along) * (width / own_width) + np.outer(down, own_down) * placement.rigid.scale
    corner = np.array([part.left, part.top]) - own_middle
    place = np.column_stack([linear, linear @ corner + middle - origin])
    moved = place.copy()
    moved[:, 2] += linear @ (own_along * turn[0] + own_down * turn[1]) * own_width
    white = cv2.warpAffine(part.white, place, size, borderMode=cv2.BORDER_REPLICATE)
    iris = cv2.warpAffine(part.iris, moved, size, borderMode=cv2.BORDER_REPLICATE)
    shade = cv2.warpAffine(part.shade, _lid_motion(part, face, placement, origin), size, borderMode=cv2.BORDER_REPLICATE)
    eyeball: np.ndarray = blend(white, iris, cv2.warpAffine(part.iris_mask, moved, size)) * shade
    eyeball *= 1.0 - SLIT_SHADE * _closed(part, openness)
    if change < 1.0:
        eyeball += cv2.warpAffine(part.residual, place, size, borderMode=cv2.BORDER_REPLICATE) * (1.0 - change)
    return eyeball


def _lid_motion(part: EyeParts, face: AvatarFace, placement: Placement, origin: np.ndarray) -> np.ndarray:
    """(2, 3): the affine map of the eye's patch that comes closest to the motion of the lids."""
    outline = EYES[part.number].outline
    rest = np.column_stack([face.points[outline, :2] - (part.left, part.top), np.ones(len(outline))])
    return np.linalg.lstsq(rest, placement.points[outline, :2] - origin, rcond=None)[0].T


def _lash_line(line: np.ndarray, width: int, height: int) -> np.ndarray:
    """float32 (height, width), 0..1: opacity of the line of lashes along a lid margin, float (9, 2)."""
    eye_width = float(np.linalg.norm(line[-1] - line[0]))
    along = np.linspace(0.01, 0.99, 24) * (len(line) - 1)
    places = np.arange(len(line))
    curve = np.column_stack([np.interp(along, places, line[:, 0]), np.interp(along, places, line[:, 1])])
    curve = (curve[:-2] + 2 * curve[1:-1] + curve[2:]) / 4
    thickness = LASH_WIDTH * eye_width * np.sin(np.linspace(0.0, np.pi, len(curve))) ** LASH_TAPER
    return LASH_OPACITY * line_mask(curve, width, height, thickness, max(0.6, LASH_BLUR * eye_width))

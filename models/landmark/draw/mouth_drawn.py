"""A painted inside of the mouth: cavity, tongue and teeth, as light as the avatar's skin."""

from __future__ import annotations

import cv2
import numpy as np

from ...cut.imaging import blend
from ...face.measures import smoothstep
from ...face.topology import LIP_MIDDLE
from .mouth_source import GREY

USUAL_LIGHTNESS = 65.0
"""L* of skin of ordinary lightness, 0..100."""
CAVITY = (0.13, 14.0, 7.0)
"""CIE L*a*b* of the cavity before the skin's tint is added; L* in parts of the skin's."""
TEETH = (1.12, 0.0, 4.0)
"""CIE L*a*b* of the teeth before the skin's tint is added; L* in parts of the skin's."""
TONGUE = (0.62, 24.0, 11.0)
"""CIE L*a*b* of the tongue before the skin's tint is added; L* in parts of the skin's."""
TEETH_LIMITS = (25.0, 84.0)
"""Least and largest L* of teeth."""
TINT = 0.22
"""Share of the skin's a* and b* that is added to every part: the light and the varnish of a picture reach into the mouth."""
GAPS = 0.05
"""Share of the light that is missing between two teeth."""
UPPER_TEETH, UPPER_ARC = 0.10, 0.10
"""How far the upper teeth end below the resting upper lip, and how much higher they do at the corners, in mouth widths."""
LOWER_TEETH, LOWER_ARC = 0.05, 0.05
"""How far the lower teeth begin above the lower lip, and how much lower they do at the corners, in mouth widths."""
TONGUE_RISE = 0.40
"""How high the far edge of the tongue lies above the lower lip, in mouth widths."""


def paint(skin: np.ndarray, lips: tuple[np.ndarray, np.ndarray], rest: np.ndarray, softness: float,
          size: tuple[int, int]) -> np.ndarray:
    """Return a painted inside of the mouth, BGR float32 (h, w, 3), 0..255.

    The upper teeth keep their place in the skull, the lower ones follow the lower lip. skin: (3,), CIE L*a*b* of the
    avatar's. lips: as for mouth_camera.transplant. rest: (2,), where the middle of the upper lip would be without expression.
    softness: half width of soft edges, in pixels. size: (width, height).
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
    back = jaw - TONGUE_RISE * width * (1.0 - 1.3 * u**2)  # its far edge is an arc
    tongue = 0.85 * smoothstep(0.0, 0.25 * width, v - back)
    lower_teeth = smoothstep(-softness, softness, v - lower_edge) * front * 0.7 * np.clip(openness * 3 - 0.5, 0, 1)
    upper_teeth = smoothstep(-softness, softness, upper_edge - v) * (0.25 + 0.75 * front)
    between = 1.0 - GAPS * np.exp(-((np.abs((u * 7) % 1 - 0.5) - 0.5) / 0.10) ** 2)  # faint lines between teeth
    cavity_colour, teeth_colour, tongue_colour = _colours(skin)
    image = np.broadcast_to(cavity_colour, (*u.shape, 3))
    image = blend(image, tongue_colour, tongue)
    image = blend(image, teeth_colour * 0.85, lower_teeth)
    return blend(image, teeth_colour * between[..., None], upper_teeth).astype(np.float32)


def _colours(skin: np.ndarray) -> list[np.ndarray]:
    """BGR, 0..255, of cavity, teeth and tongue, as light as the skin, and grey for grey skin."""
    grey = np.hypot(*skin[1:]) < GREY
    found = []
    for share, red, yellow in (CAVITY, TEETH, TONGUE):
        tint = np.zeros(2) if grey else np.array([red, yellow]) + TINT * skin[1:]
        found.append(np.array([share * min(skin[0], 100.0 / 1.2), *tint]))
    found[1][0] = np.clip(found[1][0], *TEETH_LIMITS)
    colours = cv2.cvtColor(np.array([found], np.float32), cv2.COLOR_LAB2BGR)[0]
    return [np.clip(colour, 0.0, 1.0) * 255.0 for colour in colours]

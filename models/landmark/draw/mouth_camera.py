"""The inside of the driver's mouth, cut from the driving frame and recoloured for the avatar."""

from __future__ import annotations

import cv2
import numpy as np

from ...contract import Observation
from ...face.measures import mouth_openness, smoothstep
from ...face.topology import INNER_LIP_LOWER, INNER_LIP_UPPER
from .mouth_source import GREY, DriverMouth

DRIVER_START, DRIVER_END = 0.035, 0.09
"""Openness of the driver's mouth, in mouth widths, over which its inside comes to be trusted: below, the cut is mostly lips."""
CUT_HEIGHT, CUT_WIDTH = 0.90, 0.96
"""Factors by which the cut is smaller than the opening of the driver's lips, so that these do not bleed in."""
LIGHTNESS_LIMITS = (0.5, 1.15)
"""Limits of the factor on the lightness of the cut. Pale skin does not make a tongue white."""
CHROMA_LIMITS = (0.95, 1.15)
"""Limits of the factor on the chroma of the cut. Pale skin does not make a tongue grey."""
TINT = 0.25
"""Share of the difference between the skins' colours that is added to the cut."""
HUE_LIMIT = np.radians(25)
"""Largest turn of hues between the skins, in radians; a green creature keeps a reddish tongue."""
HUE_CERTAIN = 15.0
"""Chroma of skin from which its hue is certain; for less, less of the turn of hues is made."""
LEAST_YELLOW = 0.3
"""Least b* in parts of a*, unless the skin is blue: cooler flesh looks lilac, like a corpse's."""
TEETH_LIGHTNESS = 1.25
"""Largest L* of the brightest parts of the cut, in parts of the L* of the avatar's skin."""
TEETH_PERCENTILE = 95
"""Percentile of L* in the opening that stands for its brightest parts."""
INSIDE_SHADE = 0.92
"""Factor on the brightness of the whole cut: it is inside the mouth."""

_PAIRS = len(INNER_LIP_UPPER)
_STRIP = np.array([triangle for i in range(_PAIRS - 1)
                   for triangle in ((i, i + 1, _PAIRS + i + 1), (i, _PAIRS + i + 1, _PAIRS + i))], np.int32)


def transplant(driving: Observation, avatar_skin: np.ndarray, driver_mouth: DriverMouth, lips: tuple[np.ndarray, np.ndarray],
               overlap: float, mask: np.ndarray) -> tuple[np.ndarray, float]:
    """Return the inside of the driver's mouth between the avatar's lips, in the avatar's colours.

    avatar_skin: (3,), CIE L*a*b*. lips: float (11, 2) each, upper and lower inner lip in the box that is drawn. overlap: how
    far the result reaches under the lips, in pixels. mask: float32 (h, w), 0..1, the opening between the lips.
    Returns BGR float32 (h, w, 3), 0..255, and its opacity, 0..1.
    """
    from .raster import warp  # not at the top: Numba takes long to start, see engine._compiled

    assert driving.driver_picture is not None  # else the camera's share in the mouth is 0, see DriverMouth
    seen = driving.keypoints[:, :2]
    upper, lower = seen[INNER_LIP_UPPER], seen[INNER_LIP_LOWER]
    source = _about(_narrowed(upper, lower, CUT_HEIGHT), (CUT_WIDTH, 1.0))
    picture = warp(driving.driver_picture, _widened(*lips, overlap), source.astype(np.float32), _STRIP,
                   mask.shape[::-1])
    lab = cv2.cvtColor(picture.astype(np.float32) / 255.0, cv2.COLOR_BGR2LAB)
    _recolour(lab, driver_mouth, avatar_skin, mask)
    trust = float(smoothstep(DRIVER_START, DRIVER_END, mouth_openness(driving.keypoints)))
    return cv2.cvtColor(lab, cv2.COLOR_LAB2BGR) * (255.0 * INSIDE_SHADE), trust


def _narrowed(upper: np.ndarray, lower: np.ndarray, factor: float) -> np.ndarray:
    """(22, 2): both lips, moved towards each other until `factor` of the gap between them is left."""
    middle = (upper + lower) / 2
    return np.concatenate([middle + (upper - middle) * factor, middle + (lower - middle) * factor])


def _about(points: np.ndarray, factors: tuple[float, float]) -> np.ndarray:
    """Points (N, 2) scaled about their centre by factors for x and y."""
    centre = points.mean(axis=0)
    return centre + (points - centre) * factors


def _widened(upper: np.ndarray, lower: np.ndarray, overlap: float) -> np.ndarray:
    """float32 (22, 2): both lips, moved apart and their ends outwards by `overlap` pixels; a round mouth grows all round."""
    width = max(float(np.linalg.norm(upper[-1] - upper[0])), 1.0)
    along = (upper[-1] - upper[0]) / width
    apart = lower - upper
    apart[0] = apart[-1] = (-along[1], along[0])
    apart = apart / np.maximum(np.linalg.norm(apart, axis=1, keepdims=True), 1e-3) * overlap
    lips = np.concatenate([upper - apart, lower + apart])
    middle = (upper[0] + upper[-1]) / 2
    return (lips + ((lips - middle) @ along * (2 * overlap / width))[:, None] * along).astype(np.float32)


def _recolour(lab: np.ndarray, driver_mouth: DriverMouth, avatar: np.ndarray, mask: np.ndarray) -> None:
    """Scale lightness and chroma by the ratios of the skins, in place, and keep teeth from glaring in a dark face.

    lab: float32 (h, w, 3), CIE L*a*b*. avatar: (3,), that of its skin.
    """
    driver = driver_mouth.skin
    lightness = np.clip(avatar[0] / max(driver[0], 5.0), *LIGHTNESS_LIMITS)
    avatar_chroma, driver_chroma = np.hypot(*avatar[1:]), np.hypot(*driver[1:])
    # A darker colour of the same chroma is more saturated: tongues would turn crimson on dark skin.
    chroma = min(np.clip(avatar_chroma / max(driver_chroma, 4.0), *CHROMA_LIMITS), CHROMA_LIMITS[1] * lightness)
    if avatar_chroma < GREY:
        chroma = min(chroma, avatar_chroma / max(driver_chroma, 4.0))
    if (mask > 0.5).any():
        driver_mouth.see_brightest(float(np.percentile(lab[..., 0][mask > 0.5], TEETH_PERCENTILE)))
    lab[..., 0] *= lightness * min(1.0, TEETH_LIGHTNESS * max(avatar[0], 25.0) / max(driver_mouth.brightest * lightness, 1.0))
    turn = chroma * _turn(driver[1:], avatar[1:])
    lab[..., 1:] = lab[..., 1:] @ turn.T.astype(np.float32)
    if avatar_chroma > GREY:
        tint = TINT * (avatar[1:] - turn @ driver[1:])
        lab[..., 1:] += tint * np.clip(lab[..., :1] / max(avatar[0], 20.0), 0.0, 1.0)
        if avatar[2] > -GREY:
            np.maximum(lab[..., 2], LEAST_YELLOW * lab[..., 1], out=lab[..., 2])


def _turn(driver: np.ndarray, avatar: np.ndarray) -> np.ndarray:
    """float (2, 2): the rotation of hues, within limits, from the driver's skin to the avatar's, both (2,): a*, b*."""
    if min(np.hypot(*driver), np.hypot(*avatar)) < GREY:
        return np.eye(2)
    angle = np.arctan2(avatar[1], avatar[0]) - np.arctan2(driver[1], driver[0])
    angle = np.clip((angle + np.pi) % (2 * np.pi) - np.pi, -HUE_LIMIT, HUE_LIMIT)
    angle *= smoothstep(GREY, HUE_CERTAIN, min(np.hypot(*driver), np.hypot(*avatar)))
    return np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])

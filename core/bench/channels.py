"""The channels of a face that are compared between driver and avatar, and how alike two courses of a channel are.

EXPRESSIONS are blendshape coefficients: what a network trained on human faces calls a smile or a frown. They are not linear and
depend on whose face it is; an avatar with high eyebrows can lower them a lot before “browDown” leaves 0. SHAPES are distances
between landmarks in units of the same face, with no such opinion involved. ANGLES are the head's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from models.face.measures import gaze
from models.face.topology import CHIN, FOREHEAD_TOP

from .looking import ANGLES, angles, lid_opening

EXPRESSIONS = ("jawOpen", "mouthSmileLeft", "mouthSmileRight", "mouthPucker", "eyeBlinkLeft", "eyeBlinkRight",
               "eyeLookInLeft", "eyeLookOutLeft", "browInnerUp", "browDownLeft", "browDownRight")
"""Those of the 52 blendshapes, 0..1, that a viewer notices. Left and right are the person's own."""
SHAPES = ("mouthOpening", "mouthWidth", "mouthCorners", "browHeight", "lidOpening", "gazeAcross")
"""Mouth and eyebrows in eye spans (outer corner to outer corner), eyelids and gaze in eye widths; see `shapes`."""
CHANNELS = EXPRESSIONS + SHAPES + ANGLES

STILL = {**dict.fromkeys(EXPRESSIONS, 0.04), **dict.fromkeys(SHAPES, 0.01), "lidOpening": 0.02, "gazeAcross": 0.02,
         **dict.fromkeys(ANGLES, 1.0)}
"""The standard deviation of each channel below which a driver hardly moves it, so that only noise would be correlated."""
EFFORT_DEGREES = 20.0
"""The turn of the head, in degrees, that counts as far from neutral as one full expression."""

_OUTER_CORNERS, _CORNERS = (33, 263), (33, 133, 362, 263)
_BROWS = (63, 105, 66, 107, 336, 296, 334, 293)
"""The landmarks of the upper edges of both eyebrows."""
_LIPS, _MOUTH_CORNERS = (13, 14), (61, 291)
"""The landmarks of the inner lips in the middle, upper and lower, and of the corners of the mouth."""


class Likeness(NamedTuple):
    correlation: float
    """Pearson's correlation, -1..1: whether the avatar makes the movement at the same time. 1 is best."""
    slope: float
    """The slope of the regression of the avatar's channel on the driver's: how much of the movement it makes. 1 is best."""


def values(points: np.ndarray, expression: Mapping[str, float], pose: np.ndarray) -> dict[str, float]:
    """Return all CHANNELS of a face from its landmarks (478, 3), blendshape coefficients, and the head's rotation."""
    return {**{name: expression[name] for name in EXPRESSIONS}, **shapes(points.astype(np.float64)), **angles(pose)}


def shapes(points: np.ndarray) -> dict[str, float]:
    """Return the SHAPES of landmarks, float64 (478, 3); heights are measured along the line from forehead to chin."""
    down = points[CHIN, :2] - points[FOREHEAD_TOP, :2]
    down = down / max(float(np.linalg.norm(down)), 1e-6)
    unit = max(float(np.linalg.norm(points[_OUTER_CORNERS[0]] - points[_OUTER_CORNERS[1]])), 1e-6)

    def level(indices: Sequence[int]) -> float:
        return float((points[list(indices), :2] @ down).mean()) / unit

    left, right = points[list(_MOUTH_CORNERS), :2]
    return {"mouthOpening": level(_LIPS[1:]) - level(_LIPS[:1]), "mouthWidth": float(np.linalg.norm(right - left)) / unit,
            "mouthCorners": level(_LIPS) - level(_MOUTH_CORNERS), "browHeight": level(_CORNERS) - level(_BROWS),
            "lidOpening": lid_opening(points), "gazeAcross": float(gaze(points)[:, 0].mean())}


def effort(expression: Mapping[str, float], pose: np.ndarray) -> float:
    """Return how far a face is from a neutral one that looks at the viewer; 0 is neutral."""
    turned = sum(abs(angle) for angle in angles(pose).values())
    return sum(expression[name] for name in EXPRESSIONS) + turned / EFFORT_DEGREES


def likeness(channel: str, driver: Sequence[float], avatar: Sequence[float]) -> Likeness | None:
    """Return how alike two courses are, or None if the driver hardly moves the channel."""
    x, y = np.asarray(driver, np.float64), np.asarray(avatar, np.float64)
    if len(x) < 3 or x.std() <= STILL[channel]:
        return None
    covariance = ((x - x.mean()) * (y - y.mean())).mean()
    return Likeness(float(covariance / (x.std() * y.std())) if y.std() > 0 else 0.0, float(covariance / x.var()))

"""The channels of a face that are followed from driver to avatar, and how alike two courses of a channel are."""

from __future__ import annotations

from typing import Dict, Mapping, NamedTuple, Optional, Sequence

import numpy as np

from .looking import ANGLES, angles

EXPRESSIONS = ("jawOpen", "mouthSmileLeft", "mouthSmileRight", "mouthPucker", "eyeBlinkLeft", "eyeBlinkRight",
               "eyeLookInLeft", "eyeLookOutLeft", "browInnerUp", "browDownLeft", "browDownRight")
"""Of the 52 blendshapes those that a viewer notices. Left and right are the person's own."""
CHANNELS = EXPRESSIONS + ANGLES

STILL_EXPRESSION = 0.04
"""A driver whose channel varies less (standard deviation) hardly moves it: the correlation would be one of noise."""
STILL_DEGREES = 1.0
EFFORT_DEGREES = 20.0
"""A head turned by this much is as far from neutral as one full expression."""


class Likeness(NamedTuple):
    correlation: float
    """Pearson's: whether the avatar does it at the same time. 1 is best."""
    slope: float
    """Of the regression of the avatar's channel on the driver's: how much of it the avatar does. 1 is best."""


def values(expression: Mapping[str, float], pose: np.ndarray) -> Dict[str, float]:
    """All CHANNELS; expressions 0..1, angles in degrees."""
    return {**{name: expression[name] for name in EXPRESSIONS}, **angles(pose)}


def effort(expression: Mapping[str, float], pose: np.ndarray) -> float:
    """How far a face is from a neutral one that looks at the viewer: 0 is neutral."""
    turned = sum(abs(angle) for angle in angles(pose).values())
    return sum(expression[name] for name in EXPRESSIONS) + turned / EFFORT_DEGREES


def likeness(channel: str, driver: Sequence[float], avatar: Sequence[float]) -> Optional[Likeness]:
    """None where the driver hardly moves the channel."""
    x, y = np.asarray(driver, np.float64), np.asarray(avatar, np.float64)
    if len(x) < 3 or x.std() <= (STILL_DEGREES if channel in ANGLES else STILL_EXPRESSION):
        return None
    covariance = ((x - x.mean()) * (y - y.mean())).mean()
    return Likeness(float(covariance / (x.std() * y.std())) if y.std() > 0 else 0.0, float(covariance / x.var()))

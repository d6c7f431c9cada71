"""Expressions as large as the driver makes them.

The tracker reports real brows and mouths as moving less than they do: it is drawn towards faces at rest. Motion that is
measured with it and only added to a picture comes out too small, by the factor by which it finds it too small again
when it looks at the result. And a brow that is drawn high needs a longer way down to a frown.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...face.measures import face_height, smoothstep
from ...face.topology import BROWS, EYES, INNER_LIP_LOWER, INNER_LIP_UPPER, LANDMARKS, OUTER_LIP_LOWER, OUTER_LIP_UPPER, SURFACE

BROW_GAIN, MOUTH_GAIN = 1.2, 1.12
"""Ways of brows and mouths are drawn this much longer. Source: slopes of .84 and .88 of what the tracker sees in moved
pictures over what it sees in their drivers, before there was a gain, over ten clips and eight pictures."""
REACH = 0.10
"""The gain fades out over this distance from brows and lips, in face heights."""
FROWN_LIMITS = (1.0, 1.6)
"""Limits of the further gain of lowering brows: how much higher they lie above the eyes than the driver's."""
LOWEST_BROW = 0.6
"""Brows come down by no more than this share of their height above the eyes."""


@dataclass(frozen=True)
class Gains:
    """How far each of the 478 points belongs to brows and mouth: (478, 1), 0..1, and the brows' height."""

    brows: np.ndarray
    mouth: np.ndarray
    brow_height: float
    """Above the corners of the eyes, in face heights."""

    @classmethod
    def of(cls, points: np.ndarray) -> Gains:
        lips = np.concatenate([INNER_LIP_UPPER, INNER_LIP_LOWER, OUTER_LIP_UPPER, OUTER_LIP_LOWER])
        brows = _near(points, BROWS)
        brows[np.concatenate([eye.outline for eye in EYES])] = 0.0
        return cls(brows, _near(points, lips), brow_height(points))

    def apply(self, expression: np.ndarray, driver_brow_height: float, face: float) -> np.ndarray:
        """(478, 3): `expression`, in pixels of the avatar in the head's axes, as large as it is meant.

        face: height of the avatar's face in pixels.
        """
        larger = expression * (1.0 + (MOUTH_GAIN - 1.0) * self.mouth)
        frown = np.clip(self.brow_height / max(driver_brow_height, 1e-3), *FROWN_LIMITS)
        brows = expression * BROW_GAIN
        lowest = max(LOWEST_BROW * self.brow_height * face, 1e-3)
        down = np.maximum(brows[:, 1], 0.0) * frown
        brows[:, 1] = np.minimum(brows[:, 1], 0.0) + lowest * np.tanh(down / lowest)
        return larger + (brows - expression) * self.brows

    def brows_further(self, expression: np.ndarray) -> np.ndarray:
        """(478, 3): how much further than tracked the brows go that are laid over the driver's own."""
        return (BROW_GAIN - 1.0) * self.brows * expression


def brow_height(points: np.ndarray) -> float:
    """Of the middle of both brows above the corners of the eyes, in face heights."""
    corners = [corner for eye in EYES for corner in (eye.upper[0], eye.upper[-1])]
    return float(np.linalg.norm(points[BROWS, :2].mean(axis=0) - points[corners, :2].mean(axis=0))) / face_height(points)


def _near(points: np.ndarray, feature: np.ndarray) -> np.ndarray:
    """(478, 1): 1 at the feature, 0 from REACH on."""
    apart = np.linalg.norm(points[:SURFACE, None, :2] - points[None, feature, :2], axis=2).min(axis=1)
    near = np.zeros((LANDMARKS, 1))
    near[:SURFACE, 0] = 1.0 - smoothstep(0.0, REACH, apart / face_height(points))
    return near

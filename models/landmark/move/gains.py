"""Gains that make expressions as large as the driver's.

The tracker underestimates how far real brows and mouths move: it is biased towards faces at rest. Motion measured with it
and simply added to a picture comes out too small, by the factor by which the tracker finds the result smaller again. Also, a
brow that is drawn high has further to go down for a frown.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...face.measures import face_height, smoothstep
from ...face.topology import BROWS, EYES, INNER_LIP_LOWER, INNER_LIP_UPPER, LANDMARKS, OUTER_LIP_LOWER, OUTER_LIP_UPPER, SURFACE

BROW_GAIN, MOUTH_GAIN = 1.2, 1.12
"""Factors on the displacements of brows and mouth. Source: slopes of 0.84 and 0.88 of what the tracker sees in moved pictures
over what it sees in their drivers, without a gain, in ten clips and eight pictures."""
REACH = 0.10
"""Distance from brows and lips, in face heights, over which the gain fades out."""
FROWN_LIMITS = (1.0, 1.6)
"""Limits of the additional gain of lowered brows, which is the height of the avatar's brows over that of the driver's."""
LOWEST_BROW = 0.6
"""Largest share of their height above the eyes by which brows come down."""


@dataclass(frozen=True)
class Gains:
    """Where the gains of an avatar apply, and how high its brows are."""

    brows: np.ndarray
    """float64 (478, 1), 0..1: how far each landmark belongs to the brows."""
    mouth: np.ndarray
    """float64 (478, 1), 0..1: how far each landmark belongs to the mouth."""
    brow_height: float
    """Height of the brows above the corners of the eyes, in face heights."""

    @classmethod
    def of(cls, points: np.ndarray) -> Gains:
        """From the avatar's landmarks, float64 (478, 3) in pixels."""
        lips = np.concatenate([INNER_LIP_UPPER, INNER_LIP_LOWER, OUTER_LIP_UPPER, OUTER_LIP_LOWER])
        brows = _near(points, BROWS)
        brows[np.concatenate([eye.outline for eye in EYES])] = 0.0
        return cls(brows, _near(points, lips), brow_height(points))

    def apply(self, expression: np.ndarray, driver_brow_height: float, face: float) -> np.ndarray:
        """float64 (478, 3): the expression with gain.

        expression: displacements, float64 (478, 3), in pixels of the avatar along the axes of its head. driver_brow_height: in
        face heights of the driver. face: height of the avatar's face in pixels.
        """
        larger = expression * (1.0 + (MOUTH_GAIN - 1.0) * self.mouth)
        frown = np.clip(self.brow_height / max(driver_brow_height, 1e-3), *FROWN_LIMITS)
        brows = expression * BROW_GAIN
        lowest = max(LOWEST_BROW * self.brow_height * face, 1e-3)
        down = np.maximum(brows[:, 1], 0.0) * frown
        brows[:, 1] = np.minimum(brows[:, 1], 0.0) + lowest * np.tanh(down / lowest)
        return larger + (brows - expression) * self.brows

    def brows_further(self, expression: np.ndarray) -> np.ndarray:
        """float64 (478, 3): what the gain adds to the brows where landmarks are laid over the driver's own."""
        return (BROW_GAIN - 1.0) * self.brows * expression


def brow_height(points: np.ndarray) -> float:
    """Return the distance between the middle of both brows and that of the corners of the eyes, in face heights."""
    corners = [corner for eye in EYES for corner in (eye.upper[0], eye.upper[-1])]
    return float(np.linalg.norm(points[BROWS, :2].mean(axis=0) - points[corners, :2].mean(axis=0))) / face_height(points)


def _near(points: np.ndarray, feature: np.ndarray) -> np.ndarray:
    """float64 (478, 1): 1 at the landmarks of a feature, 0 from REACH on, and 0 for the irises."""
    apart = np.linalg.norm(points[:SURFACE, None, :2] - points[None, feature, :2], axis=2).min(axis=1)
    near = np.zeros((LANDMARKS, 1))
    near[:SURFACE, 0] = 1.0 - smoothstep(0.0, REACH, apart / face_height(points))
    return near

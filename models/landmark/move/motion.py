"""What a driver's face does, measured against the same driver's neutral face.

The head's turn is that of a standard face laid into the landmarks (see pose), its size and place those of the points that
follow the skull. What is left over is the expression, expressed in the head's own axes and with network noise masked out,
so that it can be put onto any other face (see retarget).
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from ...face.measures import eye_openness, face_height, face_width, gaze, smoothstep
from ...face.topology import (
    BROWS,
    CHEEKS,
    CHIN_SKIN,
    EYES,
    INNER_LIP_LOWER,
    INNER_LIP_UPPER,
    JAW,
    NOSE,
    OUTER_LIP_LOWER,
    OUTER_LIP_UPPER,
    RIGID_POINTS,
    RIGID_WEIGHTS,
    SURFACE,
)

FLATNESS = (1.0, 1.4, 1.0)
"""The network's faces are flatter than heads are: a neutral face has to be turned further to look like the same face turned,
sideways (about the second axis) by this. Source: the turn that fits the skull's points in the picture best, over that of
the standard face, in nine clips: 1.0 to 1.7 sideways. Up and down that turn is mostly noise: it correlates with the standard
face's by .75."""
MASK_FULL, MASK_NONE = 0.03, 0.13
"""Distance from the nearest moving feature, in face heights: expression counts fully up to the first, not beyond the
second. It keeps the noise of temples, forehead and nose, which an expression hardly moves, out of the drawing."""
NOSE_SHARE = 0.35
"""Share of the expression that the nose keeps."""
SHUT_REFERENCE = 0.16
"""A neutral eye counts as at least this open, in eye widths: a reference taken in mid-blink would freeze the lids."""

_EXPRESSIVE = np.concatenate([INNER_LIP_UPPER, INNER_LIP_LOWER, OUTER_LIP_UPPER, OUTER_LIP_LOWER,
                              *(eye.outline for eye in EYES), BROWS, JAW, CHEEKS,
                              CHIN_SKIN])


@dataclass(frozen=True)
class RigidMotion:
    """A turn and scaling about a pivot, and a shift: p -> scale * rotation (p - pivot) + target."""

    rotation: np.ndarray
    scale: float
    pivot: np.ndarray
    target: np.ndarray

    def apply(self, points: np.ndarray) -> np.ndarray:
        """float (N, 3): the moved points."""
        return (points - self.pivot) @ (self.scale * self.rotation.T) + self.target


@dataclass(frozen=True)
class Reference:
    """A driver's neutral face, and everything that is computed from it once."""

    points: np.ndarray
    """float64 (478, 3), pixels."""
    rotation: np.ndarray
    """float64 (3, 3): the head's rotation from facing the viewer."""
    width: float
    height: float
    openness: np.ndarray
    """(2,): of both eyes, never below SHUT_REFERENCE."""
    gaze: np.ndarray
    lip_gaps: np.ndarray
    """(9,): gaps of the inner lips along the head's own vertical, in pixels."""
    expression_mask: np.ndarray
    """(468, 1), 0..1: how far each point's expression counts."""

    @classmethod
    def of(cls, points: np.ndarray, rotation: np.ndarray) -> Reference:
        """From landmarks, float64 (478, 3) in pixels, and the head's rotation, float64 (3, 3)."""
        gaps = points[INNER_LIP_LOWER[1:-1]] - points[INNER_LIP_UPPER[1:-1]]
        openness = np.array([max(eye_openness(points, eye), SHUT_REFERENCE) for eye in EYES])
        return cls(points, rotation, face_width(points), face_height(points), openness, gaze(points),
                   gaps @ rotation[:, 1], _expression_mask(points))


@dataclass(frozen=True)
class Motion:
    """What the driver does in one frame, in pixels of the driver's picture."""

    rotation: np.ndarray
    """(3, 3): turn of the head since the reference."""
    scale: float
    """Size of the head relative to the reference."""
    shift: np.ndarray
    """(2,): way of the head's centre in the picture."""
    expression: np.ndarray
    """(478, 3): displacement of each point at the reference's size, in the axes of a head that faces the viewer."""
    openness: np.ndarray
    """(2,): of both eyes, in eye widths."""
    gaze: np.ndarray
    """(2, 2): see measures.gaze."""


def measure(reference: Reference, points: np.ndarray, rotation: np.ndarray) -> Motion:
    """The motion from the reference to the same driver in a picture of the same scale.

    points: float64 (478, 3). rotation: float64 (3, 3), of the head from facing the viewer.
    Raises numpy.linalg.LinAlgError for points without any extent.
    """
    axis = cv2.Rodrigues(rotation @ reference.rotation.T)[0][:, 0]
    turn = cv2.Rodrigues(axis * FLATNESS)[0]
    scale, offset = _size_and_place(reference.points[RIGID_POINTS] @ turn.T, points[RIGID_POINTS])
    rigid = scale * (reference.points @ turn.T)[:, :2] + offset
    residual = np.zeros_like(points)
    # Depth is left out: the network's depth does not rotate with the head, so its residual is mostly error.
    residual[:, :2] = (points[:, :2] - rigid) / scale
    expression = residual @ turn @ reference.rotation
    expression[:SURFACE] *= reference.expression_mask
    centre = RIGID_WEIGHTS @ reference.points[RIGID_POINTS]
    shift = scale * (turn @ centre)[:2] + offset - centre[:2]
    openness = np.array([eye_openness(points, eye) for eye in EYES])
    return Motion(turn, scale, shift, expression, openness, gaze(points))


def _size_and_place(model: np.ndarray, seen: np.ndarray) -> tuple[float, np.ndarray]:
    """Scale and offset (2,) of seen ~ scale model + offset in the picture plane, for float64 (28, 3) RIGID_POINTS."""
    model, seen = model[:, :2], seen[:, :2]
    model_centre, seen_centre = RIGID_WEIGHTS @ model, RIGID_WEIGHTS @ seen
    weighted = RIGID_WEIGHTS[:, None] * (model - model_centre)
    spread = float((weighted * (model - model_centre)).sum())
    scale = float((weighted * (seen - seen_centre)).sum()) / spread if spread > 0.0 else 0.0
    if not scale > 0.0:
        raise np.linalg.LinAlgError("no head of any size fits these points")
    return scale, seen_centre - scale * model_centre


def _expression_mask(points: np.ndarray) -> np.ndarray:
    """(468, 1): 1 at mouth, jaw, lids, brows and cheeks, 0 at temples, ears and the top of the forehead."""
    apart = np.linalg.norm(points[:SURFACE, None, :2] - points[None, _EXPRESSIVE, :2], axis=2).min(axis=1)
    mask = 1.0 - smoothstep(MASK_FULL, MASK_NONE, apart / face_height(points))
    mask[NOSE] *= NOSE_SHARE
    return mask[:, None]

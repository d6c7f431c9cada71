"""What a driver's face does, measured against the same driver's neutral face.

The rotation of the head is that of a standard face fitted to the landmarks (see pose), its size and place are those of the
points that follow the skull. The residual is the expression, in the axes of the head and with the network's noise masked out,
so that it can be retargeted to any other face (see retarget).
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
"""Factors on the components of the rotation vector: the network's faces are flatter than heads, so a neutral face has to be
rotated further, sideways (about the second axis), to look like the same face turned. Source: the rotation that fits the points
of the skull in the picture best, over that of the standard face, in nine clips: 1.0 to 1.7 sideways. Up and down that rotation
is mostly noise: its correlation with the standard face's is 0.75."""
MASK_FULL, MASK_NONE = 0.03, 0.13
"""Distances from the nearest moving feature, in face heights, up to which expression counts fully, and from which it does not.
This keeps the noise of temples, forehead and nose, which an expression hardly moves, out of the drawing."""
NOSE_SHARE = 0.35
"""Share of the expression that the nose keeps."""
SHUT_REFERENCE = 0.16
"""Least openness of a neutral eye, in eye widths: a reference taken in mid-blink would freeze the lids."""

_EXPRESSIVE = np.concatenate([INNER_LIP_UPPER, INNER_LIP_LOWER, OUTER_LIP_UPPER, OUTER_LIP_LOWER,
                              *(eye.outline for eye in EYES), BROWS, JAW, CHEEKS,
                              CHIN_SKIN])


@dataclass(frozen=True)
class RigidMotion:
    """A similarity about a pivot: p -> scale * rotation (p - pivot) + target."""

    rotation: np.ndarray
    """float64 (3, 3): the rotation about the pivot."""
    scale: float
    """The factor of size."""
    pivot: np.ndarray
    """float64 (3,): the point to turn about."""
    target: np.ndarray
    """float64 (3,): where the pivot goes."""

    def apply(self, points: np.ndarray) -> np.ndarray:
        """float64 (N, 3): the moved points."""
        return (points - self.pivot) @ (self.scale * self.rotation.T) + self.target


@dataclass(frozen=True)
class Reference:
    """A driver's neutral face, and everything that is computed from it once."""

    points: np.ndarray
    """float64 (478, 3): the landmarks in pixels."""
    rotation: np.ndarray
    """float64 (3, 3): the head's rotation from facing the viewer."""
    width: float
    """Width of the face in pixels, as in measures.face_width."""
    height: float
    """Height of the face in pixels, as in measures.face_height."""
    openness: np.ndarray
    """float64 (2,): openness of both eyes, in eye widths, at least SHUT_REFERENCE."""
    gaze: np.ndarray
    """float64 (2, 2): gaze, as in measures.gaze."""
    lip_gaps: np.ndarray
    """float64 (9,): gaps between the inner lips along the vertical of the head, in pixels."""
    expression_mask: np.ndarray
    """float64 (468, 1), 0..1: how far the expression of each point of the surface counts."""

    @classmethod
    def of(cls, points: np.ndarray, rotation: np.ndarray) -> Reference:
        """Return the reference of landmarks, float64 (478, 3) in pixels, and the head's rotation, float64 (3, 3)."""
        gaps = points[INNER_LIP_LOWER[1:-1]] - points[INNER_LIP_UPPER[1:-1]]
        openness = np.array([max(eye_openness(points, eye), SHUT_REFERENCE) for eye in EYES])
        return cls(points, rotation, face_width(points), face_height(points), openness, gaze(points),
                   gaps @ rotation[:, 1], _expression_mask(points))


@dataclass(frozen=True)
class Motion:
    """What the driver does in one frame, in pixels of the driver's picture."""

    rotation: np.ndarray
    """float64 (3, 3): rotation of the head since the reference."""
    scale: float
    """Size of the head relative to the reference."""
    shift: np.ndarray
    """float64 (2,): displacement of the centre of the head in the picture."""
    expression: np.ndarray
    """float64 (478, 3): displacement of each point at the reference's size, in the axes of a head that faces the viewer."""
    openness: np.ndarray
    """float64 (2,): openness of both eyes, in eye widths."""
    gaze: np.ndarray
    """float64 (2, 2): gaze, as in measures.gaze."""


def measure(reference: Reference, points: np.ndarray, rotation: np.ndarray) -> Motion:
    """Return the motion from the reference to the same driver in a picture of the same scale.

    points: float64 (478, 3). rotation: float64 (3, 3), of the head from facing the viewer.
    Raises numpy.linalg.LinAlgError for points without any extent.
    """
    axis = cv2.Rodrigues(rotation @ reference.rotation.T)[0][:, 0]
    turn = cv2.Rodrigues(axis * FLATNESS)[0]
    scale, offset = _size_and_place(reference.points[RIGID_POINTS] @ turn.T, points[RIGID_POINTS])
    rigid = scale * (reference.points @ turn.T)[:, :2] + offset
    residual = np.zeros_like(points)
    # No depth: the network's does not rotate with the head, so its residual would be mostly error.
    residual[:, :2] = (points[:, :2] - rigid) / scale
    expression = residual @ turn @ reference.rotation
    expression[:SURFACE] *= reference.expression_mask
    centre = RIGID_WEIGHTS @ reference.points[RIGID_POINTS]
    shift = scale * (turn @ centre)[:2] + offset - centre[:2]
    openness = np.array([eye_openness(points, eye) for eye in EYES])
    return Motion(turn, scale, shift, expression, openness, gaze(points))


def _size_and_place(model: np.ndarray, seen: np.ndarray) -> tuple[float, np.ndarray]:
    """Return the scale and the offset (2,) with seen ~ scale model + offset in the picture plane; float64 (28, 3) RIGID_POINTS.

    Raises numpy.linalg.LinAlgError where no positive scale fits.
    """
    model, seen = model[:, :2], seen[:, :2]
    model_centre, seen_centre = RIGID_WEIGHTS @ model, RIGID_WEIGHTS @ seen
    weighted = RIGID_WEIGHTS[:, None] * (model - model_centre)
    spread = float((weighted * (model - model_centre)).sum())
    scale = float((weighted * (seen - seen_centre)).sum()) / spread if spread > 0.0 else 0.0
    if not scale > 0.0:
        raise np.linalg.LinAlgError("no head of any size fits these points")
    return scale, seen_centre - scale * model_centre


def _expression_mask(points: np.ndarray) -> np.ndarray:
    """float64 (468, 1): 1 at mouth, jaw, lids, brows and cheeks, 0 at temples, ears and the top of the forehead."""
    apart = np.linalg.norm(points[:SURFACE, None, :2] - points[None, _EXPRESSIVE, :2], axis=2).min(axis=1)
    mask = 1.0 - smoothstep(MASK_FULL, MASK_NONE, apart / face_height(points))
    mask[NOSE] *= NOSE_SHARE
    return mask[:, None]

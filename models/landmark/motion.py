"""What a driver's face does, measured against the same driver's neutral face.

The head's rigid motion is fitted to the points that follow the skull; what is left over is the expression, expressed in
the head's own axes and with network noise masked out, so that it can be put onto any other face (see retarget).
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from .measures import eye_openness, face_height, face_width, gaze, smoothstep
from .topology import (
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

REFINEMENTS = 3
"""Gauss-Newton steps of the pose fit; it has converged to a hundredth of a pixel by then."""
TURN_DAMPING = 1e-3
"""Damping of pitch and yaw, whose effect on a picture is weak, relative to that of roll."""
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


def measure(reference: Reference, points: np.ndarray) -> Motion:
    """The motion from the reference to `points`, float64 (478, 3) of the same driver in a picture of the same scale."""
    scale, rotation, offset = fit_pose(reference.points[RIGID_POINTS], points[RIGID_POINTS])
    rigid = scale * (reference.points @ rotation.T)[:, :2] + offset
    residual = np.zeros_like(points)
    # Depth is left out: the network's depth does not rotate with the head, so its residual is mostly error.
    residual[:, :2] = (points[:, :2] - rigid) / scale
    expression = residual @ rotation @ reference.rotation
    expression[:SURFACE] *= reference.expression_mask
    centre = RIGID_WEIGHTS @ reference.points[RIGID_POINTS]
    shift = scale * (rotation @ centre)[:2] + offset - centre[:2]
    openness = np.array([eye_openness(points, eye) for eye in EYES])
    return Motion(rotation, scale, shift, expression, openness, gaze(points))


def fit_pose(model: np.ndarray, seen: np.ndarray) -> tuple[float, np.ndarray, np.ndarray]:
    """Weak-perspective pose of the RIGID_POINTS: scale, rotation (3, 3), offset (2,) of seen ~ scale R model + offset.

    A similarity in space gives the start (Umeyama, "Least-squares estimation of transformation parameters between two
    point patterns", 1991); Gauss-Newton then fits the picture plane alone. Both arrays are float64 (28, 3).
    Raises numpy.linalg.LinAlgError for points without any extent.
    """
    scale, rotation, offset = _similarity(model, seen)
    weights = np.repeat(RIGID_WEIGHTS, 2)[:, None]
    jacobian = np.zeros((2 * len(model), 6))
    jacobian[0::2, 4] = jacobian[1::2, 5] = 1.0
    for _ in range(REFINEMENTS):
        turned = model @ rotation.T
        error = (seen[:, :2] - (scale * turned[:, :2] + offset)).ravel()
        jacobian[0::2, 1], jacobian[0::2, 2] = scale * turned[:, 2], -scale * turned[:, 1]
        jacobian[1::2, 0], jacobian[1::2, 2] = -scale * turned[:, 2], scale * turned[:, 0]
        jacobian[0::2, 3], jacobian[1::2, 3] = turned[:, 0], turned[:, 1]
        normal = jacobian.T @ (jacobian * weights)
        normal[0, 0] += TURN_DAMPING * normal[2, 2]
        normal[1, 1] += TURN_DAMPING * normal[2, 2]
        step = np.linalg.solve(normal, (jacobian * weights).T @ error)
        rotation = cv2.Rodrigues(step[:3])[0] @ rotation
        scale += step[3]
        offset = offset + step[4:]
    return float(scale), rotation, offset


def _similarity(model: np.ndarray, seen: np.ndarray) -> tuple[float, np.ndarray, np.ndarray]:
    """Weighted Umeyama fit: scale, rotation (3, 3) and the picture part of the offset (2,)."""
    model_centre, seen_centre = RIGID_WEIGHTS @ model, RIGID_WEIGHTS @ seen
    from_centre = model - model_centre
    covariance = ((seen - seen_centre) * RIGID_WEIGHTS[:, None]).T @ from_centre
    left, singular, right = np.linalg.svd(covariance)
    proper = np.array([1.0, 1.0, np.sign(np.linalg.det(left @ right)) or 1.0])
    rotation = (left * proper) @ right
    spread = (RIGID_WEIGHTS[:, None] * from_centre * from_centre).sum()
    if not spread > 0.0:
        raise np.linalg.LinAlgError("all points of the face coincide")
    scale = (singular * proper).sum() / spread
    return scale, rotation, (seen_centre - scale * rotation @ model_centre)[:2]


def _expression_mask(points: np.ndarray) -> np.ndarray:
    """(468, 1): 1 at mouth, jaw, lids, brows and cheeks, 0 at temples, ears and the top of the forehead."""
    apart = np.linalg.norm(points[:SURFACE, None, :2] - points[None, _EXPRESSIVE, :2], axis=2).min(axis=1)
    mask = 1.0 - smoothstep(MASK_FULL, MASK_NONE, apart / face_height(points))
    mask[NOSE] *= NOSE_SHARE
    return mask[:, None]

"""The avatar's own face as retargeting needs it, computed once, and where it is drawn in one frame."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...contract import Observation
from ...face.measures import eye_frame, eye_openness, eye_width, face_height, face_width, gaze
from ...face.topology import (
    EYES,
    RIGID_POINTS,
    RIGID_WEIGHTS,
    SURFACE,
    TEMPLES,
    Eye,
)
from .gains import Gains
from .motion import Reference, RigidMotion

DEPTH_START, DEPTH_SHARE = 0.30, 0.45
"""Depth further back than the temples less the first (in face heights) keeps the second share. With MediaPipe's full
depth the near cheek of a turned head stretches to more than twice its width and tears into streaks at the jaw."""
LID_REACH = 0.30
"""Skin up to this distance from a lid margin, in eye widths, is drawn along."""
LID_NEIGHBOURHOOD = 0.95
"""Points further from the middle of the eye, in eye widths, have nothing to do with its lids."""
LID_FALLOFF_SOFTENING = 0.03


@dataclass(frozen=True)
class LidSkin:
    """How the skin around one eye follows its lid margins."""

    upper_points: np.ndarray
    """int (N,)."""
    upper_weights: np.ndarray
    """float64 (N, 7): shares of the seven margin points' way."""
    lower_points: np.ndarray
    lower_weights: np.ndarray


@dataclass(frozen=True)
class AvatarFace:
    """The avatar's own face, and everything about it that retargeting needs, computed once."""

    points: np.ndarray
    """float64 (478, 3), pixels, with compressed depth."""
    rotation: np.ndarray
    width: float
    height: float
    pivot: np.ndarray
    """(3,): the centre that the head turns about and is scaled from."""
    openness: np.ndarray
    gaze: np.ndarray
    lids: tuple[LidSkin, LidSkin]
    gains: Gains
    own_reference: Reference
    """The avatar as its own driver, for absolute motion."""
    room_above: float
    """Pixels that the head can go down before its top, which the picture cuts off, is missed; infinite without a cut."""

    @classmethod
    def of(cls, observation: Observation, room_above: float = float("inf")) -> AvatarFace:
        raw, rotation = observation.keypoints.astype(np.float64), observation.pose.astype(np.float64)
        points = _compress_depth(raw)
        lids = (_lid_skin(points, EYES[0]), _lid_skin(points, EYES[1]))
        return cls(points, rotation, face_width(raw), face_height(raw),
                   RIGID_WEIGHTS @ points[RIGID_POINTS], np.array([eye_openness(points, eye) for eye in EYES]),
                   gaze(points), lids, Gains.of(raw), Reference.of(raw, rotation), room_above)


@dataclass(frozen=True)
class Placement:
    """Where the avatar's face is drawn in one frame."""

    points: np.ndarray
    """float64 (478, 3), pixels of the avatar's picture."""
    rigid: RigidMotion
    """The way of the skull, for everything that is not a landmark."""
    gaze: np.ndarray
    """(2, 2): see measures.gaze."""


def _compress_depth(points: np.ndarray) -> np.ndarray:
    """float64 (478, 3): the points with the depth of the surface's far part compressed."""
    start = points[list(TEMPLES), 2].mean() - DEPTH_START * face_height(points)
    compressed = points.copy()
    depth = points[:SURFACE, 2]
    compressed[:SURFACE, 2] = np.where(depth > start, start + (depth - start) * DEPTH_SHARE, depth)
    return compressed


def _lid_skin(points: np.ndarray, eye: Eye) -> LidSkin:
    """Which skin moves with which lid margin: inverse cube of the distance, fading out at LID_REACH."""
    width = eye_width(points[:, :2], eye)
    upper, lower = eye.margins
    middle = eye_frame(points, eye)[0]
    near = np.linalg.norm(points[:SURFACE, :2] - middle, axis=1) < LID_NEIGHBOURHOOD * width
    near[eye.outline] = False
    candidates = np.flatnonzero(near)
    flat = points[:, :2]
    from_upper = np.linalg.norm(flat[candidates, None] - flat[None, upper], axis=2)
    from_lower = np.linalg.norm(flat[candidates, None] - flat[None, lower], axis=2)
    is_upper = from_upper.min(axis=1) < from_lower.min(axis=1)

    def shares(distance: np.ndarray) -> np.ndarray:
        weights = 1.0 / (distance + LID_FALLOFF_SOFTENING * width) ** 3
        reach = np.clip(1.0 - distance.min(axis=1, initial=np.inf) / (LID_REACH * width), 0.0, 1.0)
        return weights / weights.sum(axis=1, keepdims=True) * reach[:, None]

    return LidSkin(candidates[is_upper], shares(from_upper[is_upper]),
                   candidates[~is_upper], shares(from_lower[~is_upper]))

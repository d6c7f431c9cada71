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

DEPTH_START = 0.30
"""How far in front of the temples, in face heights, compression of depth begins."""
DEPTH_SHARE = 0.45
"""Share of the depth beyond DEPTH_START that is kept. With all of MediaPipe's depth the near cheek of a turned head stretches
to more than twice its width and tears into streaks at the jaw."""
LID_REACH = 0.30
"""Distance from a lid margin, in eye widths, within which it carries the skin along."""
LID_NEIGHBOURHOOD = 0.95
"""Distance from the middle of an eye, in eye widths, beyond which skin has nothing to do with its lids."""
LID_FALLOFF_SOFTENING = 0.03
"""Eye widths added to distances from a lid margin, so that weights stay finite at the margin."""


@dataclass(frozen=True)
class LidSkin:
    """How the skin around one eye follows its lid margins."""

    upper_points: np.ndarray
    """int (N,): the landmarks that follow the upper lid margin."""
    upper_weights: np.ndarray
    """float64 (N, 7): how far each of `upper_points` follows each of the seven points of the upper margin."""
    lower_points: np.ndarray
    """int (M,): the landmarks that follow the lower lid margin."""
    lower_weights: np.ndarray
    """float64 (M, 7): how far each of `lower_points` follows each of the seven points of the lower margin."""


@dataclass(frozen=True)
class AvatarFace:
    """The avatar's own face, and everything about it that retargeting needs, computed once."""

    points: np.ndarray
    """float64 (478, 3): the landmarks in pixels, with compressed depth."""
    rotation: np.ndarray
    """float64 (3, 3): the head's rotation from facing the viewer."""
    width: float
    """Width of the face in pixels, as in measures.face_width."""
    height: float
    """Height of the face in pixels, as in measures.face_height."""
    pivot: np.ndarray
    """float64 (3,): the point that the head turns about and is scaled from."""
    openness: np.ndarray
    """float64 (2,): openness of both eyes, in eye widths."""
    gaze: np.ndarray
    """float64 (2, 2): gaze, as in measures.gaze."""
    lids: tuple[LidSkin, LidSkin]
    """The skin around each of topology.EYES."""
    gains: Gains
    """How much larger than tracked expressions are drawn."""
    own_reference: Reference
    """The avatar as its own driver, with full depth, for absolute motion."""
    room_above: float
    """Pixels that the head can go down before a top that the picture cuts off comes into view; infinite without one."""

    @classmethod
    def of(cls, observation: Observation, room_above: float = float("inf")) -> AvatarFace:
        """Return the face of an observation in the avatar's picture."""
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
    """float64 (478, 3): the landmarks in pixels of the avatar's picture."""
    rigid: RigidMotion
    """The motion of the skull, for everything that is not a landmark."""
    gaze: np.ndarray
    """float64 (2, 2): gaze, as in measures.gaze."""


def _compress_depth(points: np.ndarray) -> np.ndarray:
    """float64 (478, 3): the points, with compressed depth where the surface lies far back."""
    start = points[list(TEMPLES), 2].mean() - DEPTH_START * face_height(points)
    compressed = points.copy()
    depth = points[:SURFACE, 2]
    compressed[:SURFACE, 2] = np.where(depth > start, start + (depth - start) * DEPTH_SHARE, depth)
    return compressed


def _lid_skin(points: np.ndarray, eye: Eye) -> LidSkin:
    """Return the skin around an eye, weighted by the inverse cube of the distance from the lid margins up to LID_REACH."""
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

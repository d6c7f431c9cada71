"""Retargeting a driver's motion to the face of an avatar: where each of its 478 landmarks goes.

Rigid motion and expression are added to the avatar's own face. Where a plain sum looks wrong it is corrected: lids follow the
driver's relative openness, so that a blink shuts eyes of any size, and lips close pair by pair.
"""

from __future__ import annotations

import cv2
import numpy as np

from ...face.measures import smoothstep
from ...face.topology import (
    CHIN_COLUMNS,
    EYES,
    INNER_LIP_LOWER,
    INNER_LIP_UPPER,
)
from ...strengths import Strengths
from .avatar_face import AvatarFace, Placement
from .gains import MOUTH_GAIN, brow_height
from .motion import Motion, Reference, RigidMotion, measure
from .strength import scaled

TURN_GAIN = 1.1
"""Factor on sideways rotation of the head: with compressed depth a turn looks smaller than it is."""
TURN_LIMIT = np.radians(32)
"""Largest rotation of the head, in radians: a still picture shows nothing of the sides of a head."""
SCALE_LIMITS = (0.6, 1.6)
"""Least and largest size of the head, in that of the picture."""
SHIFT_LIMIT = 0.55
"""Soft limit of the head's displacement, in face heights: nothing is drawn under a head that leaves its body."""
LEAST_WAY_DOWN = 0.08
"""Least room to go down, in face heights, for a head that the picture cuts off, too."""
EXPRESSION_LIMIT = 0.6
"""Hard limit of a landmark's displacement by expression, in face heights: beyond, the tracker is lost."""

LID_SHUT = 0.035
"""Openness of a tracked eye, in eye widths, below which it is shut."""
LID_RATIO_LIMIT = 1.5
"""Hard limit of an eye's openness, in parts of its own."""
LID_WIDENING = 0.3
"""Soft limit of an eye's openness beyond its own, in parts of it: a driver whose lids happened to hang at the reference would
make the avatar stare."""
WINK = (0.15, 0.45)
"""Difference of the two eyes' openness, in parts of their own, up to which it is noise, and from which it is meant. Both eyes
blink alike (Hering's law), and one that shuts a frame before the other is noticed at once."""
UPPER_LID_SHARE = 0.85
"""Share of a blink that the upper lid does; the lower one does the rest."""

LIP_DEAD_ZONE = 0.012
"""Change of the gap between the lips, in face heights of the driver, below about which it is noise."""
LIPS_TOUCH = 0.008
"""Gap between the driver's lips, in face heights, below which they touch, and the avatar's gap may not grow."""
UPPER_LIP_SHARE = 0.40
"""Share of a correction of the gap between the lips that the upper lip makes; the lower one makes the rest."""

CHIN_FOLD = 0.4
"""Least height of the skin between lower lip and jaw, in parts of its own: a driver's lip may roll further down than a short
chin has room for, and the mesh would fold over itself."""

GAZE_GAIN = 1.28
"""Factor on the displacement of irises. Source: without it the tracker finds 0.80 to 0.92 of the gaze of clips in their
reconstructions; see gains for why."""
OTHER_EYES_GAIN = 1.45
"""Factor on the displacement of irises in eyes of another shape than the driver's. Source: with GAZE_GAIN, the slope of the
gaze that the tracker sees in moved pictures over that of their drivers is 0.88, in nine clips and seventeen pictures."""
GAZE_LIMIT = 0.25
"""Largest displacement of an iris along each axis, in eye widths."""
GAZE_VERTICAL_SHARE = 0.63
"""Factor on the displacement of irises up and down, where tracked ones overshoot, as lids cover most of them."""


def relative(face: AvatarFace, reference: Reference, points: np.ndarray, rotation: np.ndarray,
             strengths: Strengths) -> Placement:
    """Return the avatar with the driver's change from the reference added to its own face.

    points: float64 (478, 3), in pixels of the driving frame. rotation: float64 (3, 3), of the driver's head.
    Raises numpy.linalg.LinAlgError for points that no head can have.
    """
    motion = scaled(measure(reference, points, rotation), reference, strengths)
    across, down = face.width / reference.width, face.height / reference.height
    rigid = _limited(face, motion, (across + down) / 2)
    limit = EXPRESSION_LIMIT * face.height
    expression = face.gains.apply(motion.expression * (across, down, across), brow_height(reference.points), face.height)
    expression = np.clip(expression, -limit, limit)
    moved = face.points + expression @ face.rotation.T
    _set_lids(moved, face, motion, reference)
    _set_lips(moved, face, motion, reference)
    _unfold_chin(moved, face)
    turn = np.clip(OTHER_EYES_GAIN * (motion.gaze - reference.gaze), -GAZE_LIMIT, GAZE_LIMIT) * (1.0, GAZE_VERTICAL_SHARE)
    return Placement(rigid.apply(moved), rigid, face.gaze + turn)


def absolute(face: AvatarFace, points: np.ndarray, rotation: np.ndarray) -> Placement:
    """Return the avatar in the place and the shape of the driver's face.

    points: float64 (478, 3), the driver's landmarks in pixels of the avatar's picture. rotation: float64 (3, 3), of the
    driver's head. Raises numpy.linalg.LinAlgError for points that no head can have.
    """
    motion = measure(face.own_reference, points, rotation)
    target = face.pivot + np.append(motion.shift, 0.0)
    further = face.gains.brows_further(motion.expression) @ (motion.rotation @ face.rotation).T
    further[:, 2] = 0.0
    gaze_shown = face.gaze + GAZE_GAIN * (motion.gaze - face.gaze)
    return Placement(points + motion.scale * further, RigidMotion(motion.rotation, motion.scale, face.pivot, target),
                     gaze_shown)


def _limited(face: AvatarFace, motion: Motion, size_ratio: float) -> RigidMotion:
    """Return the driver's rigid motion at the avatar's size, limited to what a still picture can show."""
    axis = cv2.Rodrigues(motion.rotation)[0][:, 0] * (1.0, TURN_GAIN, 1.0)
    angle = float(np.linalg.norm(axis))
    rotation = cv2.Rodrigues(axis * min(1.0, TURN_LIMIT / max(angle, 1e-9)))[0]
    limit = SHIFT_LIMIT * face.height
    shift = limit * np.tanh(motion.shift * size_ratio / limit)
    if shift[1] > 0.0:
        lowest = max(min(face.room_above, limit), LEAST_WAY_DOWN * face.height)
        shift[1] = lowest * np.tanh(shift[1] / lowest)
    return RigidMotion(rotation, float(np.clip(motion.scale, *SCALE_LIMITS)), face.pivot,
                       face.pivot + np.append(shift, 0.0))


def _set_lids(moved: np.ndarray, face: AvatarFace, motion: Motion, reference: Reference) -> None:
    """Open each eye as far as the driver's, in parts of its own openness; change `moved` in place."""
    ratios = np.clip((motion.openness - LID_SHUT) / (reference.openness - LID_SHUT), 0.0, LID_RATIO_LIMIT)
    ratios = _together(ratios)
    ratios = np.minimum(ratios, 1.0) + LID_WIDENING * np.tanh(np.maximum(ratios - 1.0, 0.0) / LID_WIDENING)
    for eye, skin, ratio in zip(EYES, face.lids, ratios):
        upper, lower = eye.margins
        wanted = (face.points[lower] - face.points[upper]) * ratio
        excess = moved[lower] - moved[upper] - wanted
        down, up = UPPER_LID_SHARE * excess, (UPPER_LID_SHARE - 1.0) * excess
        moved[upper] += down
        moved[lower] += up
        moved[skin.upper_points] += skin.upper_weights @ down
        moved[skin.lower_points] += skin.lower_weights @ up


def _together(ratios: np.ndarray) -> np.ndarray:
    """(2,): the openness of both eyes without small differences between them; a wink stays one."""
    mean, apart = ratios.mean(), abs(ratios[0] - ratios[1])
    return mean + (ratios - mean) * smoothstep(*WINK, apart)


def _set_lips(moved: np.ndarray, face: AvatarFace, motion: Motion, reference: Reference) -> None:
    """Set each gap between the inner lips to the avatar's own plus the driver's change, in place; lips never cross."""
    upper, lower = INNER_LIP_UPPER[1:-1], INNER_LIP_LOWER[1:-1]
    vertical = face.rotation[:, 1]
    own = (face.points[lower] - face.points[upper]) @ vertical
    change = (motion.expression[lower] - motion.expression[upper])[:, 1]
    dead = LIP_DEAD_ZONE * reference.height
    quiet = np.sign(change) * np.maximum(np.abs(change) - dead / 2 * np.exp(-np.abs(change) / dead), 0.0)
    wanted = np.maximum(own + MOUTH_GAIN * quiet * (face.height / reference.height), np.minimum(own, 0.0))
    touching = reference.lip_gaps + change < LIPS_TOUCH * reference.height
    wanted = np.where(touching, np.minimum(wanted, own), wanted)
    limit = EXPRESSION_LIMIT * face.height
    excess = np.clip((moved[lower] - moved[upper]) @ vertical - wanted, -limit, limit)[:, None] * vertical
    moved[upper] += UPPER_LIP_SHARE * excess
    moved[lower] -= (1.0 - UPPER_LIP_SHARE) * excess


def _unfold_chin(moved: np.ndarray, face: AvatarFace) -> None:
    """Push landmarks between lower lip and jaw down where the one above has come too close, in place."""
    vertical = face.rotation[:, 1]
    for above, below in zip(CHIN_COLUMNS, CHIN_COLUMNS[1:]):
        room = CHIN_FOLD * np.maximum((face.points[below] - face.points[above]) @ vertical, 0.0)
        missing = np.maximum(room - (moved[below] - moved[above]) @ vertical, 0.0)
        moved[below] += missing[:, None] * vertical

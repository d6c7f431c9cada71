"""A driver's motion put onto the face of an avatar: where each of the avatar's 478 points goes.

Rigid motion and expression are added to the avatar's own face. Where a plain sum looks wrong it is corrected: lids
follow the driver's degree of opening so that a blink shuts eyes of any size, and lips close pair by pair.
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
"""Heads are turned sideways this much further than the driver's: with compressed depth a turn looks smaller than it is."""
TURN_LIMIT = np.radians(32)
"""A still picture shows nothing of the sides of a head: further turns are held here."""
SCALE_LIMITS = (0.6, 1.6)
SHIFT_LIMIT = 0.55
"""Soft limit of the head's way from its place, in face heights: nothing is drawn under a head that leaves its body."""
LEAST_WAY_DOWN = 0.08
"""Even a head that the picture cuts off goes down by so much, in face heights."""
EXPRESSION_LIMIT = 0.6
"""Hard limit of a point's way by expression, in face heights; no face does that, a lost tracker does."""

LID_SHUT = 0.035
"""A tracked eye that is less open than this, in eye widths, is shut."""
LID_RATIO_LIMIT, LID_WIDENING = 1.5, 0.3
"""Eyes open by no more than the first times their own opening, and by little more than 1 plus the second: a driver whose
lids happened to hang at the reference would make the avatar stare."""
WINK = (0.15, 0.45)
"""Both eyes blink alike (Hering's law): a difference of the tracked lids, in parts of an eye's own opening, is noise up to the
first, and meant from the second on. One eye that shuts a frame before the other is seen at once."""
UPPER_LID_SHARE = 0.85
"""The upper lid does most of a blink."""

LIP_DEAD_ZONE = 0.012
"""Changes of the gap between the lips below about this, in face heights of the driver, are noise."""
LIPS_TOUCH = 0.008
"""The driver's lips touch below this gap in face heights; then the avatar's gap may not grow."""
UPPER_LIP_SHARE = 0.40

CHIN_FOLD = 0.4
"""The skin between lower lip and jaw is never squeezed to less than this share of its own height: a driver's lip rolls
further down than a short chin has room for, and the mesh would fold over itself."""

GAZE_GAIN = 1.28
"""Irises are drawn this much further from their place than they are tracked. Source: without it the tracker finds the gaze
in reconstructed clips at .80 to .92 of what it finds in the clips; see gains for why."""
OTHER_EYES_GAIN = 1.45
"""The same for eyes of another shape than the driver's. Source: with the gain above, a slope of .88 of what the tracker sees of
the gaze in moved pictures over what it sees in their drivers, over nine clips and seventeen pictures."""
GAZE_LIMIT = 0.25
"""Way of an iris from its place, in eye widths."""
GAZE_VERTICAL_SHARE = 0.63
"""Tracked irises overshoot up and down, where lids hide most of the iris."""


def relative(face: AvatarFace, reference: Reference, points: np.ndarray, rotation: np.ndarray,
             strengths: Strengths) -> Placement:
    """The avatar with the driver's change from the reference added to its own face.

    points: float64 (478, 3), pixels of the driver's picture. rotation: float64 (3, 3), of the driver's head.
    Raises numpy.linalg.LinAlgError for points that no head can have.
    """
    motion = scaled(measure(reference, points, rotation), reference, strengths)
    across, down = face.width / reference.width, face.height / reference.height
    rigid = _limited(face, motion, (across + down) / 2)
    limit = EXPRESSION_LIMIT * face.height
    expression = face.gains.apply(motion.expression * (across, down, across), brow_height(reference.points),
                                     face.height)
    expression = np.clip(expression, -limit, limit)
    moved = face.points + expression @ face.rotation.T
    _set_lids(moved, face, motion, reference)
    _set_lips(moved, face, motion, reference)
    _unfold_chin(moved, face)
    turn = np.clip(OTHER_EYES_GAIN * (motion.gaze - reference.gaze), -GAZE_LIMIT, GAZE_LIMIT) * (1.0, GAZE_VERTICAL_SHARE)
    return Placement(rigid.apply(moved), rigid, face.gaze + turn)


def absolute(face: AvatarFace, points: np.ndarray, rotation: np.ndarray) -> Placement:
    """The avatar laid over the driver's own face: the same with `points` in pixels of the avatar's picture."""
    motion = measure(face.own_reference, points, rotation)
    target = face.pivot + np.append(motion.shift, 0.0)
    further = face.gains.brows_further(motion.expression) @ (motion.rotation @ face.rotation).T
    further[:, 2] = 0.0
    gaze_shown = face.gaze + GAZE_GAIN * (motion.gaze - face.gaze)
    return Placement(points + motion.scale * further, RigidMotion(motion.rotation, motion.scale, face.pivot, target),
                     gaze_shown)


def _limited(face: AvatarFace, motion: Motion, size_ratio: float) -> RigidMotion:
    """The driver's rigid motion at the avatar's size, held within what a still picture can show."""
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
    """Opens each eye as far as the driver's, in parts of its own opening; changes `moved` in place."""
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
    """(2,): how far each eye is open, without the small differences between them; a wink stays one."""
    mean, apart = ratios.mean(), abs(ratios[0] - ratios[1])
    return mean + (ratios - mean) * smoothstep(*WINK, apart)


def _set_lips(moved: np.ndarray, face: AvatarFace, motion: Motion, reference: Reference) -> None:
    """Sets the gap of each pair of inner lip points to the avatar's own plus the driver's change; lips never cross."""
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
    """Pushes points between lower lip and jaw down where the one above has come too close, in place."""
    vertical = face.rotation[:, 1]
    for above, below in zip(CHIN_COLUMNS, CHIN_COLUMNS[1:]):
        room = CHIN_FOLD * np.maximum((face.points[below] - face.points[above]) @ vertical, 0.0)
        missing = np.maximum(room - (moved[below] - moved[above]) @ vertical, 0.0)
        moved[below] += missing[:, None] * vertical

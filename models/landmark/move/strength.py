"""How much of a driver's motion is taken over, part by part: the head, the mouth, the brows, the lids and the gaze.

Works on a measured motion, before it is put onto the avatar: at 0 the part stays as it is in the picture, at 1 it moves as
the driver does. Beyond 1 small motions grow by the whole factor and large ones less and less, so that nothing goes
further than a picture can be drawn, unless the driver does.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import cv2
import numpy as np

from ...face.topology import (
    BROWS,
    CHEEKS,
    CHIN_SKIN,
    EYES,
    FACE_TRIANGLES,
    INNER_LIP_LOWER,
    INNER_LIP_UPPER,
    JAW,
    LANDMARKS,
    NOSE,
    OUTER_LIP_LOWER,
    OUTER_LIP_UPPER,
    SURFACE,
)
from ...strengths import Strengths, amplified
from .motion import Motion, Reference

TURN_ROOM = np.radians(28)
"""No head is turned further by a strength above 1."""
SHIFT_ROOM = 0.5
"""In face heights."""
ZOOM_ROOM = np.log(1.5)
"""Natural logarithm of a size relative to the reference's."""
MOUTH_ROOM, BROW_ROOM = 0.24, 0.09
"""The longest way of a point of the mouth, and of a brow, in face heights: a jaw that opens widely, a brow raised high."""


def scaled(motion: Motion, reference: Reference, strengths: Strengths) -> Motion:
    """`motion` with each part as strong as it is wanted."""
    if strengths == Strengths():
        return motion
    turn = cv2.Rodrigues(motion.rotation)[0][:, 0]
    shift = motion.shift * float(strengths.move)
    zoom = np.log(max(motion.scale, 1e-3)) * float(strengths.zoom)
    return replace(
        motion,
        rotation=cv2.Rodrigues(amplified(turn, strengths.head, TURN_ROOM))[0],
        shift=amplified(shift, strengths.head, SHIFT_ROOM * reference.height),
        scale=float(np.exp(amplified(np.array([zoom]), strengths.head, ZOOM_ROOM)[0])),
        expression=_expression(motion.expression, reference.height, strengths),
        openness=np.maximum(reference.openness + strengths.eyes * (motion.openness - reference.openness), 0.0),
        gaze=reference.gaze + _looks(motion.gaze - reference.gaze, strengths.gaze))


def _looks(turns: np.ndarray, strength: float) -> np.ndarray:
    """(2, 2): the turns of both eyes. Only what they do together is made larger: else an error of one becomes a squint."""
    together = turns.mean(axis=0)
    return strength * together + min(strength, 1.0) * (turns - together)


def _expression(ways: np.ndarray, height: float, strengths: Strengths) -> np.ndarray:
    """float64 (478, 3): the points' ways by expression."""
    mouth, brows, lids = _regions().T[..., None]
    lips = _shares(ways * mouth, strengths.mouth, MOUTH_ROOM * height)
    raised = _shares(ways * brows, strengths.brows, BROW_ROOM * height)
    return ways * (mouth * lips + brows * raised + lids * strengths.eyes)


def _shares(ways: np.ndarray, strength: float, room: float) -> float:
    """The factor for all points of a part alike, so that it keeps its shape: that of the one that goes furthest."""
    longest = float(np.linalg.norm(ways, axis=1).max())
    return float(amplified(np.array([longest]), strength, room)[0]) / longest if longest > 1e-6 else strength


@cache
def _regions() -> np.ndarray:
    """float64 (478, 3), rows of sum 1: how far each point belongs to the mouth, to the brows and to the lids.

    Features belong to themselves alone; the skin between them goes over evenly, as the harmonic function over the mesh.
    """
    lids = np.concatenate([eye.outline for eye in EYES])
    lips = np.concatenate([INNER_LIP_UPPER, INNER_LIP_LOWER, OUTER_LIP_UPPER, OUTER_LIP_LOWER, JAW, CHEEKS, CHIN_SKIN])
    owners = np.zeros((LANDMARKS, 3))
    for column, points in enumerate((np.setdiff1d(np.concatenate([lips, NOSE]), lids), BROWS, lids)):
        owners[points, column] = 1.0
    neighbours = np.zeros((SURFACE, SURFACE))
    for one, other in ((0, 1), (1, 2), (2, 0)):
        neighbours[FACE_TRIANGLES[:, one], FACE_TRIANGLES[:, other]] = 1.0
        neighbours[FACE_TRIANGLES[:, other], FACE_TRIANGLES[:, one]] = 1.0
    given = owners[:SURFACE].any(axis=1)
    laplacian = np.diag(neighbours.sum(axis=1)) - neighbours
    free = ~given
    pull = neighbours[np.ix_(free, given)] @ owners[:SURFACE][given]
    owners[:SURFACE][free] = np.linalg.solve(laplacian[np.ix_(free, free)], pull)
    owners[SURFACE:, 2] = 1.0
    return owners

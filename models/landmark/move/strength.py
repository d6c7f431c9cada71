"""How strongly the parts of a driver's motion count: the head, the mouth, the brows, the lids and the gaze.

Strengths scale a measured motion before it is retargeted: at 0 a part stays as it is in the picture, at 1 it moves as the
driver does. Beyond 1 small motions grow by the whole factor and large ones by less and less, so that nothing goes further than
can be drawn, unless the driver does.
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
"""Largest rotation of the head, in radians, that a strength above 1 leads to."""
SHIFT_ROOM = 0.5
"""Largest displacement of the head, in face heights, that a strength above 1 leads to."""
ZOOM_ROOM = np.log(1.5)
"""Largest change of the head's size, as the natural logarithm of a factor, that a strength above 1 leads to."""
MOUTH_ROOM, BROW_ROOM = 0.24, 0.09
"""Largest displacements in mouth and brows, in face heights, that a strength above 1 leads to: a wide open jaw, a high brow."""


def scaled(motion: Motion, reference: Reference, strengths: Strengths) -> Motion:
    """Return the motion with each part scaled by its strength."""
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
        gaze=reference.gaze + _gaze(motion.gaze - reference.gaze, strengths.gaze))


def _gaze(turns: np.ndarray, strength: float) -> np.ndarray:
    """(2, 2): the scaled turns of both eyes. Only their mean is amplified: an error in one eye would become a squint."""
    together = turns.mean(axis=0)
    return strength * together + min(strength, 1.0) * (turns - together)


def _expression(displacements: np.ndarray, height: float, strengths: Strengths) -> np.ndarray:
    """float64 (478, 3): the scaled displacements of the landmarks by expression. height: of the driver's face, in pixels."""
    mouth, brows, lids = _regions().T[..., None]
    lips = _factor(displacements * mouth, strengths.mouth, MOUTH_ROOM * height)
    raised = _factor(displacements * brows, strengths.brows, BROW_ROOM * height)
    return displacements * (mouth * lips + brows * raised + lids * strengths.eyes)


def _factor(displacements: np.ndarray, strength: float, room: float) -> float:
    """One factor for all landmarks of a part, so that it keeps its shape: that of the one that goes furthest."""
    longest = float(np.linalg.norm(displacements, axis=1).max())
    return float(amplified(np.array([longest]), strength, room)[0]) / longest if longest > 1e-6 else strength


@cache
def _regions() -> np.ndarray:
    """float64 (478, 3), rows of sum 1: how far each landmark belongs to the mouth, to the brows and to the lids.

    Features belong to themselves alone; over the skin between them the shares are harmonic functions on the mesh.
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

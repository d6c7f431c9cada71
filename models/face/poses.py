"""Nine poses and expressions as an engine would observe them, to show without a camera how an avatar moves.

They are made from the standard face, so that they are the same for every avatar.
"""

from __future__ import annotations

from typing import Callable

import cv2
import numpy as np

from models.contract import Observation
from models.face.standard_face import standard_face
from models.face.topology import (
    BROWS,
    CHIN,
    CHIN_COLUMNS,
    CHIN_SKIN,
    EYES,
    INNER_LIP_LOWER,
    JAW,
    LOWER_MARGINS,
    OUTER_LIP_LOWER,
    SURFACE,
    UPPER_MARGINS,
)

SIDE = 512
"""Side of the picture that the face is observed in, in pixels."""
SCALE = 14.0
"""Pixels per centimetre of the standard face, which is then half as high as the picture."""
TURN, NOD, ROLL = 25, 16, 18
"""Yaw, pitch and roll of a turned head, in degrees."""
MOUTH_CORNERS = (61, 291)
"""The outer corners of the lips, left and right."""

Points = np.ndarray
"""Landmarks of a standard face, float64 (478, 3) in centimetres; see models/face/standard_face.py."""


def neutral() -> Observation:
    """Return the neutral face that the other poses start from: their reference."""
    return _observed(standard_face().copy(), 0, 0, 0)


def all_nine() -> dict[str, Observation]:
    """Return the poses in the order in which a sheet shows them. "Left" is named for the user by the text "Pose.Left"."""
    return {
        "Left": _observed(standard_face().copy(), 0, -TURN, 0),
        "Up": _observed(standard_face().copy(), NOD, 0, 0),
        "Right": _observed(standard_face().copy(), 0, TURN, 0),
        "Smile": _does(_smile),
        "Jaw": _does(_jaw),
        "Blink": _does(_blink),
        "Rolled": _observed(standard_face().copy(), 0, 0, ROLL),
        "Down": _observed(standard_face().copy(), -NOD, 0, 0),
        "Brows": _does(_brows),
    }


def smiling_with_shut_eyes() -> Observation:
    """Return a smile with both eyes shut, for alternative pictures of an avatar that are drawn from its own one."""
    return _does(_smile, _blink)


def _does(*expressions: Callable[[Points], None]) -> Observation:
    points = standard_face().copy()
    for expression in expressions:
        expression(points)
    return _observed(points, 0, 0, 0)


def _observed(points: Points, pitch: float, yaw: float, roll: float) -> Observation:
    """Return the face turned by angles in degrees: positive ones look up, to the right of the picture, and tilt clockwise."""
    turns = [cv2.Rodrigues(np.radians(axis))[0] for axis in ((-pitch, 0.0, 0.0), (0.0, -yaw, 0.0), (0.0, 0.0, roll))]
    rotation = turns[2] @ turns[1] @ turns[0]
    turned = points @ rotation.T * SCALE + (SIDE / 2, SIDE / 2, 0)
    return Observation(turned.astype(np.float32), rotation.astype(np.float32), {}, (SIDE, SIDE))


def _smile(points: Points) -> None:
    """The corners of the mouth move outwards and up, the cheeks follow, and the lids narrow a little."""
    base = points.copy()
    for index in MOUTH_CORNERS:
        corner = base[index]
        near = np.exp(-(np.linalg.norm(base[:SURFACE] - corner, axis=1) / 2.2) ** 2)
        points[:SURFACE] += near[:, None] * (np.sign(corner[0]) * 0.75, -0.75, 0.15)
    _close(points, 0.25)


def _jaw(points: Points) -> None:
    """The jaw opens: lower lip, chin and the skin between go down; the corners of the mouth go down and in a little."""
    below = np.unique(np.concatenate([INNER_LIP_LOWER[1:-1], OUTER_LIP_LOWER[1:-1], CHIN_COLUMNS.ravel(), CHIN_SKIN, JAW]))
    reach = np.interp(points[below, 1], (points[MOUTH_CORNERS[0], 1], points[CHIN, 1]), (2.6, 7.5))
    points[below, 1] += 1.7 * np.sqrt(np.clip(1 - (points[below, 0] / reach) ** 2, 0, 1))
    for index in (*MOUTH_CORNERS, INNER_LIP_LOWER[0], INNER_LIP_LOWER[-1]):
        points[index] += (-np.sign(points[index, 0]) * 0.25, 0.35, 0)


def _blink(points: Points) -> None:
    _close(points, 1.0)


def _brows(points: Points) -> None:
    """The brows go up and the irises to the right."""
    points[BROWS, 1] -= 0.9
    for eye in EYES:
        points[eye.iris:eye.iris + 5, 0] += 0.45


def _close(points: Points, share: float) -> None:
    """The upper lids go down by `share` of the way to the lower ones."""
    points[UPPER_MARGINS] += (points[LOWER_MARGINS] - points[UPPER_MARGINS]) * share

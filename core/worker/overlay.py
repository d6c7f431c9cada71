"""Draws what the worker sees of the driver, for a user who asks: the driving frame, small, with landmarks and head pose.

It shows the camera's picture, so it never goes into the exchange that OBS's pictures come from: the caller has to ask for it,
one picture at a time, and show it to the user alone.
"""

from __future__ import annotations

from typing import NamedTuple

import cv2
import numpy as np

from models.contract import Observation
from models.face.topology import (
    BROWS,
    EYES,
    FACE_OVAL,
    INNER_LIP_LOWER,
    INNER_LIP_UPPER,
    LANDMARKS,
    NOSE,
    OUTER_LIP_LOWER,
    OUTER_LIP_UPPER,
)

from ..animation.follow.reference import FRONTAL_DEGREES, degrees_from_front
from ..shared.texts import text

SIDE = 320
"""The length of the drawn picture's longer side, in pixels."""
SMALL_FACE = 70
"""The larger extent of a face, in pixels of the driving frame, below which it is followed without fine detail."""
GOOD, NOT_GOOD = (120, 210, 90), (60, 170, 250)
"""The colours (BGR) of a face with which calibrating would work well, and of any other face."""
AXES = ((80, 80, 240), (90, 210, 90), (240, 160, 80))
"""The colours (BGR) of the head's axes: to its side, down, and in the direction in which it looks."""
AXIS_LENGTH = 0.4
"""The length of the drawn head axes, as a multiple of the face's extent."""
_FINE = 4  # fractional bits of coordinates

_BOWS = [np.append(FACE_OVAL, FACE_OVAL[0]), NOSE[:6], BROWS[:5], BROWS[10:15],
         *(np.append(eye.outline, eye.outline[0]) for eye in EYES),
         INNER_LIP_UPPER, INNER_LIP_LOWER, OUTER_LIP_UPPER, OUTER_LIP_LOWER]


class DriverView(NamedTuple):
    """A driving frame, uint8 BGR (H, W, 3), and what was seen in it, or None."""

    picture: np.ndarray
    observation: Observation | None


class Overlay(NamedTuple):
    picture: np.ndarray
    """The drawn picture, uint8 BGR (h, w, 3)."""
    sentence: str
    """The advice about calibrating, as a sentence for the user."""


def drawn(view: DriverView, mirror: bool = False, side: int = SIDE) -> Overlay:
    """Draw `view` as a picture whose longer side has at most `side` pixels, which takes about 2 ms. `view` is not changed."""
    height, width = view.picture.shape[:2]
    scale = min(1.0, side / max(height, width))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    canvas = cv2.resize(view.picture, size, interpolation=cv2.INTER_AREA) if scale < 1 else view.picture.copy()
    sentence, good = _judged(view.observation)
    if view.observation is not None:
        _draw_face(canvas, view.observation, np.array(size) / (width, height), GOOD if good else NOT_GOOD)
    return Overlay(np.ascontiguousarray(canvas[:, ::-1]) if mirror else canvas, sentence)


def _judged(observation: Observation | None) -> tuple[str, bool]:
    if observation is None:
        return text("Overlay.NoFace"), False
    degrees = degrees_from_front(observation)
    if degrees >= FRONTAL_DEGREES:
        return text("Overlay.Turned", degrees=degrees), False
    if np.ptp(observation.keypoints[:, :2], axis=0).max() < SMALL_FACE:
        return text("Overlay.Far"), False
    return text("Overlay.Good"), True


def _draw_face(canvas: np.ndarray, observation: Observation, scale: np.ndarray, colour: tuple[int, int, int]) -> None:
    points = observation.keypoints[:, :2] * scale
    if not np.isfinite(points).all() or np.abs(points).max() > 1 << 14:
        return
    extent = float(np.ptp(points, axis=0).max())
    thick = 2 if max(canvas.shape) > 400 else 1
    if len(points) == LANDMARKS:
        for bow in _BOWS:
            cv2.polylines(canvas, [_fine(points[bow])], False, colour, thick, cv2.LINE_AA, _FINE)
        for eye in EYES:
            cv2.circle(canvas, _fine(points[eye.iris]).tolist(), 2 << _FINE, colour, -1, cv2.LINE_AA, _FINE)
        middle = points[NOSE[4]]
    else:  # the neural engine's keypoints, followed by twice as many points that carry their jacobians
        for point in points[:len(points) // 3]:
            cv2.circle(canvas, _fine(point).tolist(), 3 << _FINE, colour, -1, cv2.LINE_AA, _FINE)
        middle = points.mean(axis=0)
    # The direction in which the head looks, -z, comes last, over the other axes.
    for axis, direction in zip(AXES, observation.pose.T * [[1], [1], [-1]]):
        end = middle + direction[:2] * scale / scale.mean() * extent * AXIS_LENGTH
        cv2.line(canvas, _fine(middle).tolist(), _fine(end).tolist(), axis, thick + 1, cv2.LINE_AA, _FINE)


def _fine(points: np.ndarray) -> np.ndarray:
    return np.round(points * (1 << _FINE)).astype(np.int32)

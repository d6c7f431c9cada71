"""Says in words how well a picture will do as an avatar: a still picture shows one moment of a face, from one side."""

from __future__ import annotations

from math import asin, atan2, degrees

import numpy as np

from models.contract import Observation
from models.face.measures import eye_openness, face_height, mouth_openness
from models.face.topology import EYES, FACE_OVAL

from ..shared.texts import text

TURNED, NODDED, TILTED = 12, 20, 12
"""Degrees by which the face is turned, nodded or tilted away from the viewer before it shows in the avatar."""
SHUT = 0.10
"""The eyelid opening, in eye widths, below which the eyeball is hidden and would have to be made up."""
OPEN_MOUTH = 0.12
"""The gap between the lips, in mouth widths, above which the mouth stays open whatever the driver does."""
SMALL = 160
"""The height of the face, in pixels, below which the avatar looks soft at its usual size."""
EDGE = 0.03
"""The distance to the picture's border, in face heights, below which a face is cut off or has no room to move."""


def remarks(face: Observation, faces: int, by_hand: bool = False) -> list[str]:
    """Return remarks on a picture with this face and this number of faces, as sentences; the most important one comes first."""
    points = face.keypoints
    found = [text("Picture.Faces", count=faces)] if faces > 1 else []
    if not by_hand:
        found += _pose(face) + _expression(points)
    height = face_height(points)
    if height < SMALL:
        found.append(text("Fitness.Small", pixels=round(height)))
    if _room(points, face.frame_size) < EDGE * height:
        found.append(text("Fitness.Edge"))
    return found


def turn(face: Observation) -> tuple[float, float, float]:
    """Return how far the face is turned to the picture's right, lowered, and tilted clockwise, in degrees."""
    x, y, z = face.pose.astype(float) @ (0.0, 0.0, -1.0)
    left, right = (face.keypoints[list(eye.outline), :2].mean(axis=0) for eye in EYES)
    return degrees(atan2(x, -z)), degrees(asin(np.clip(y, -1, 1))), degrees(atan2(right[1] - left[1], right[0] - left[0]))


def _pose(face: Observation) -> list[str]:
    across, down, tilt = turn(face)
    found = []
    if abs(across) >= TURNED:
        found.append(text("Fitness.TurnedRight" if across > 0 else "Fitness.TurnedLeft", degrees=round(abs(across))))
    if abs(down) >= NODDED:
        found.append(text("Fitness.Lowered" if down > 0 else "Fitness.Raised", degrees=round(abs(down))))
    if abs(tilt) >= TILTED:
        found.append(text("Fitness.Tilted", degrees=round(abs(tilt))))
    return found


def _expression(points: np.ndarray) -> list[str]:
    found = []
    shut = sum(eye_openness(points, eye) < SHUT for eye in EYES)
    if shut:
        found.append(text("Fitness.EyesShut" if shut == len(EYES) else "Fitness.EyeShut"))
    if mouth_openness(points) > OPEN_MOUTH:
        found.append(text("Fitness.MouthOpen"))
    return found


def _room(points: np.ndarray, size: tuple[int, int]) -> float:
    """Return the distance, in pixels, from the oval of the face to the nearest border of the picture; negative beyond it."""
    oval = points[FACE_OVAL, :2]
    return float(min(oval.min(), (np.array(size) - oval).min()))

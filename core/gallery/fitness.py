"""How well a picture will do as an avatar, in words: a still picture shows one moment of a face, from one side."""

from __future__ import annotations

from math import asin, atan2, degrees

import numpy as np

from models.contract import Observation
from models.face.measures import eye_openness, face_height, mouth_openness
from models.face.topology import EYES, FACE_OVAL

from ..shared.texts import text

TURNED, NODDED, TILTED = 12, 20, 12
"""Degrees from facing the viewer with level eyes that show in the avatar."""
SHUT = 0.10
"""Lids nearer to each other than this, in eye widths, hide the eyeball: then it is made up, or stays away."""
OPEN_MOUTH = 0.12
"""Gap of the lips in mouth widths that stays open whatever the driver does."""
SMALL = 160
"""Height of the face in pixels below which a picture of usual size looks soft."""
EDGE = 0.03
"""A face nearer to the picture's border than this, in face heights, is cut off, or has no room to move."""


def remarks(face: Observation, faces: int, by_hand: bool = False) -> list[str]:
    """Sentences about a picture in which that face, and so many, were found; the most important one first."""
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
    """Degrees that the face is turned to the picture's right, lowered, and tilted clockwise."""
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
    """Pixels between the oval of the face and the nearest border of the picture; negative beyond it."""
    oval = points[FACE_OVAL, :2]
    return float(min(oval.min(), (np.array(size) - oval).min()))

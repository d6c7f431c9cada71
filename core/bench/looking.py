"""How a picture's face looks to our own tracker: landmarks, expression, head pose.

It is the network that also drives the built-in engine, so what it says of that engine's pictures is friendly; see
`independent` for another eye.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from models.face.measures import eye_openness
from models.face.topology import EYES
from models.see.tracker import Tracker

ANGLES = ("yaw", "pitch", "roll")
SETTLED = 3
"""Passes after which the landmarks of a picture hardly change any more."""


class Look(NamedTuple):
    points: np.ndarray
    """float32 (478, 3), pixels of the picture."""
    expression: Mapping[str, float]
    """The 52 blendshape coefficients, 0..1."""
    pose: np.ndarray
    """float32 (3, 3), see Observation.pose."""

    @property
    def lid_opening(self) -> float:
        """Mean gap between the lids of both eyes, in eye widths: about .3 open, below .1 shut."""
        return lid_opening(self.points)

    @property
    def extent(self) -> float:
        """Pixels of the longer side of the box around the landmarks."""
        return extent(self.points)


class Looker:
    """follow: go on from the face in the picture before, as in a video; otherwise each picture is searched afresh, so that
    what is seen in it does not depend on any other.

    passes: how often a picture that is searched afresh is looked at, each time in the place that the landmarks before told.
    The detector tells the place of a face only roughly, and the landmarks depend on it: those of the first pass are 0.4 to 1
    pixel, at 256 scale, from where they end up. That would drown what is measured here.
    """

    def __init__(self, follow: bool = False, passes: int = SETTLED) -> None:
        self._tracker = Tracker(expression=True)
        self._follow = follow
        self._passes = passes
        self._followed = False

    def look(self, picture: np.ndarray) -> Look | None:
        """The face in a picture, BGR or BGRA; None where none is found."""
        if not self._follow:
            self._tracker.forget()
        pixels = np.ascontiguousarray(picture[..., :3])
        for _ in range(1 if self._followed else self._passes):
            seen = self._tracker.observe(pixels)
        self._followed = self._follow and seen is not None
        return None if seen is None else Look(seen.keypoints, seen.expression, seen.pose)


def lid_opening(points: np.ndarray) -> float:
    return float(np.mean([eye_openness(points, eye) for eye in EYES]))


def extent(points: np.ndarray) -> float:
    return float(np.ptp(points[:, :2], axis=0).max())


def angles(pose: np.ndarray) -> dict[str, float]:
    """ANGLES of a head's rotation in degrees: turned, nodding and tilted; see Observation.pose for the axes."""
    yaw = np.arctan2(pose[0, 2], pose[2, 2])
    pitch = np.arcsin(np.clip(-pose[1, 2], -1, 1))
    roll = np.arctan2(pose[1, 0], pose[1, 1])
    return dict(zip(ANGLES, np.degrees([yaw, pitch, roll]).tolist()))

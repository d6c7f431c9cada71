"""How our own tracker sees the face in a picture: landmarks, expression, head pose.

Its network also drives the built-in engine, so it judges that engine's pictures kindly; see `independent` for a second opinion.
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
"""The number of passes after which the landmarks of a picture hardly change any more."""


class Look(NamedTuple):
    points: np.ndarray
    """The landmarks, float32 (478, 3), in pixels of the picture."""
    expression: Mapping[str, float]
    """The 52 blendshape coefficients, each 0..1."""
    pose: np.ndarray
    """The head's rotation, float32 (3, 3), as in Observation.pose."""

    @property
    def lid_opening(self) -> float:
        """The mean opening of both eyes in eye widths: about .3 when open, below .1 when shut."""
        return lid_opening(self.points)

    @property
    def extent(self) -> float:
        """The longer side, in pixels, of the box around the landmarks."""
        return extent(self.points)


class Looker:
    """Looks at pictures. With `follow`, each look starts from the face in the picture before, as in a video; otherwise each
    picture is searched afresh, so that what is seen in it does not depend on any other.

    `passes` is how often a picture that is searched afresh is examined, each time at the place of the previous landmarks.
    The detector only gives a rough place, and the landmarks depend on it: those of the first pass are 0.4 to 1 pixel, at 256
    scale, away from where they settle. That would drown what is measured here.
    """

    def __init__(self, follow: bool = False, passes: int = SETTLED) -> None:
        self._tracker = Tracker(expression=True)
        self._follow = follow
        self._passes = passes
        self._followed = False

    def look(self, picture: np.ndarray) -> Look | None:
        """Return the face in a BGR or BGRA picture, or None if none is found."""
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
    """Return the ANGLES of a head's rotation in degrees: turned, nodding and tilted (see Observation.pose for the axes)."""
    yaw = np.arctan2(pose[0, 2], pose[2, 2])
    pitch = np.arcsin(np.clip(-pose[1, 2], -1, 1))
    roll = np.arctan2(pose[1, 0], pose[1, 1])
    return dict(zip(ANGLES, np.degrees([yaw, pitch, roll]).tolist()))

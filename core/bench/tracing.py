"""Where a channel gets lost inside the built-in engine: its values before and after the motion is put onto the avatar.

    seen    the driver's landmarks, tracked from frame to frame and smoothed
    placed  the avatar's landmarks as retargeting places them
    drawn   what is found in the picture (measured in `cross_driving`)

Each is compared with the driver's frame, examined afresh. What is good as “placed” and bad as “drawn” gets lost in drawing.
"""

from __future__ import annotations

import numpy as np

from models.contract import Engine, Observation
from models.face.pose import head_rotation
from models.landmark.avatar import Avatar
from models.landmark.engine import LandmarkEngine
from models.landmark.move import retarget
from models.landmark.move.motion import Reference
from models.see.blendshapes import BlendshapeModel
from models.shipped import bundle
from models.strengths import Strengths

from ..animation.animator import Seen
from . import channels

PLACES = ("seen", "placed", "drawn")


class Tracer:
    def __init__(self) -> None:
        self._blendshapes = BlendshapeModel(bundle.FaceBundle().interpreter(bundle.FACE_BLENDSHAPES))
        self._reference: Reference | None = None
        self._reference_of: Observation | None = None

    @staticmethod
    def knows(engine: Engine) -> bool:
        return isinstance(engine, LandmarkEngine)

    def seen(self, observation: Observation) -> dict[str, float]:
        """Return channels.values of what the engine was given."""
        points = observation.keypoints
        return channels.values(points, self._blendshapes.coefficients(points),
                               head_rotation(points, observation.frame_size))

    def placed(self, avatar: Avatar, seen: Seen) -> dict[str, float]:
        """Return channels.values of where the engine wants the avatar's face to be."""
        if self._reference_of is not seen.reference:
            self._reference = Reference.of(*_face(seen.reference))
            self._reference_of = seen.reference
        placement = retarget.relative(avatar.face, self._reference, *_face(seen.driving), Strengths())
        # The pose cannot be taken from the points, because the avatar's depth is compressed.
        pose = placement.rigid.rotation @ avatar.face.rotation
        points = placement.points.astype(np.float32)
        return channels.values(points, self._blendshapes.coefficients(points), pose)


def _face(observation: Observation) -> tuple[np.ndarray, np.ndarray]:
    """Return the landmarks and the head's rotation that goes with them, both float64."""
    points = observation.keypoints.astype(np.float64)
    return points, head_rotation(points, observation.frame_size).astype(np.float64)

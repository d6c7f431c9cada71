"""Where a channel is lost inside the built-in engine: what it believes before and after it puts the motion onto the avatar.

    seen    the driver's landmarks, tracked from frame to frame and smoothed
    placed  the avatar's landmarks as retargeting places them
    drawn   what is found in the picture (measured in `cross_driving`)

Each is compared with the driver's frame, looked at afresh. What is good as “placed” and bad as “drawn” is lost in drawing.
"""

from __future__ import annotations

import numpy as np

from models.contract import Engine, MotionOptions, Observation
from models.face.pose import head_rotation
from models.see.blendshapes import BlendshapeModel
from models.shipped import bundle

from ..animation.follow.following import Seen
from ..shared.settings import BUILT_IN_ENGINE
from . import channels
from .rig import Rig

PLACES = ("seen", "placed", "drawn")


class Tracer:
    def __init__(self) -> None:
        self._blendshapes = BlendshapeModel(bundle.FaceBundle().interpreter(bundle.FACE_BLENDSHAPES))

    @staticmethod
    def knows(engine: Engine) -> bool:
        return engine.painter.id == BUILT_IN_ENGINE

    def seen(self, observation: Observation) -> dict[str, float]:
        """Of what the engine was given: see channels.values."""
        points = observation.keypoints
        return channels.values(points, self._blendshapes.coefficients(points),
                               head_rotation(points, observation.frame_size))

    def placed(self, rig: Rig, seen: Seen) -> dict[str, float]:
        """Of where the painter says that it has drawn the avatar's face."""
        drawn = rig.engine.painter.animate(rig.animator.avatar, seen.driving, seen.reference, MotionOptions()).face
        if drawn is None:
            raise TypeError("the painter does not know where the face is")
        points = drawn.points.astype(np.float32)
        # The pose cannot be taken from the points: the avatar's depth is compressed.
        return channels.values(points, self._blendshapes.coefficients(points), drawn.pose)

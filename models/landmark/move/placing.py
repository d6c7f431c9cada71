"""Finds where the avatar's face goes for what was seen of the driver, unless no face could go there."""

from __future__ import annotations

import numpy as np

from ...contract import MotionOptions, Observation
from ...face.pose import head_rotation, misfit
from ...face.topology import LANDMARKS
from ...see.seer import NO_FACE
from . import retarget
from .avatar_face import AvatarFace, Placement
from .motion import Reference

FAR_OUT = 8.0
"""The largest coordinate of a landmark, in longer sides of the driving frame; landmarks further out are held there."""


class Placing:
    """Places faces: call `place` for every frame; what depends only on the reference is computed once per reference."""

    def __init__(self) -> None:
        self._reference: Reference | None = None
        self._reference_of: Observation | None = None

    def place(self, face: AvatarFace, size: tuple[int, int], driving: Observation, reference: Observation | None,
              options: MotionOptions) -> Placement | None:
        """Return where the avatar's face goes in its picture of `size` (width, height), or None if no face could do that.

        It is also None if the motion is relative and there is no reference.
        """
        try:
            if not options.relative:
                return retarget.absolute(face, *_on_canvas(driving, size))
            if reference is None:
                return None
            return retarget.relative(face, self._reference_for(reference), *_usable(driving), options.strengths)
        except np.linalg.LinAlgError:
            return None

    def _reference_for(self, observation: Observation) -> Reference:
        if self._reference is None or self._reference_of is not observation:
            self._reference = Reference.of(*_usable(observation))
            self._reference_of = observation
        return self._reference


def _usable(observation: Observation) -> tuple[np.ndarray, np.ndarray]:
    """Return the landmarks, held near the picture, float64 (478, 3) in pixels, and the head's rotation, float64 (3, 3).

    The rotation is computed from the landmarks again, because they are smoothed and the observation's pose is not.
    Raises numpy.linalg.LinAlgError if the landmarks are not those of a face.
    """
    points = observation.keypoints.astype(np.float64)
    if points.shape != (LANDMARKS, 3) or not np.isfinite(points).all():
        raise np.linalg.LinAlgError("the observation holds no face")
    if not misfit(points) <= NO_FACE:
        raise np.linalg.LinAlgError("the landmarks are those of no face")
    far = FAR_OUT * max(observation.frame_size)
    points = np.clip(points, -far, far)
    return points, head_rotation(points, observation.frame_size).astype(np.float64)


def _on_canvas(driving: Observation, size: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
    """Return what _usable does, with the driving frame scaled to cover the avatar's picture of `size`, and centred on it."""
    width, height = size
    frame_width, frame_height = driving.frame_size
    scale = max(width / frame_width, height / frame_height)
    centre = np.array([(frame_width - 1) / 2, (frame_height - 1) / 2, 0.0])
    points, rotation = _usable(driving)
    return (points - centre) * scale + ((width - 1) / 2, (height - 1) / 2, 0.0), rotation

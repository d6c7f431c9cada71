"""Converts an observation in a still picture to arrays by name, as they are kept on disk, and back."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ..contract import Observation


def packed(observation: Observation) -> dict[str, np.ndarray]:
    """Return the arrays of an observation in a still picture, without the blendshapes that it carries."""
    return {"keypoints": observation.keypoints, "pose": observation.pose, "frame_size": np.array(observation.frame_size)}


def unpacked(arrays: Mapping[str, np.ndarray]) -> Observation:
    """Return the observation that `packed` was given. Raises KeyError if an array is missing."""
    width, height = arrays["frame_size"].tolist()
    return Observation(arrays["keypoints"], arrays["pose"], {}, (width, height))


def kept(face: Observation, faces: int) -> dict[str, np.ndarray]:
    """Return the arrays of the largest face in a picture, and the number of faces there."""
    return {**packed(face), "faces": np.array(faces)}


def restored(arrays: Mapping[str, np.ndarray]) -> tuple[Observation, int] | None:
    """Return what `kept` was given, or None if an array is missing."""
    if not {"keypoints", "pose", "frame_size", "faces"} <= arrays.keys():
        return None
    return unpacked(arrays), int(arrays["faces"])

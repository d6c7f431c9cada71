"""An avatar: a picture and everything about it that does not depend on the driver, computed once, or kept on disk."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any

import cv2
import numpy as np

from ..engine import Observation
from . import eyeball, layers, lids, matte, mesh, mouth, retarget

_EYES = 2


@dataclass(frozen=True)
class Avatar:
    """A picture, ready to be moved. Drawing it changes nothing but the lids in `layers.foreground`."""

    observation: Observation
    """The face in the picture itself."""
    still: np.ndarray
    """uint8 (H, W, 4): the picture, opaque."""
    face: retarget.AvatarFace
    layers: layers.Layers
    mesh: mesh.Mesh
    eyes: list[eyeball.EyeParts | None]
    lids: list[lids.LidPatch | None]
    mouth: mouth.Mouth


def build(picture: np.ndarray, observation: Observation, person: np.ndarray | None = None) -> Avatar:
    """The avatar of a picture, BGR uint8 (H, W, 3), in which that face was observed.

    person: float32 (H, W), 0..1, where it is known how far each pixel shows the person; else that is found.
    """
    face = retarget.AvatarFace.of(observation)
    if person is None:
        person = matte.person(picture, face.points)
    parts = layers.separate(picture, person, face.points)
    eye_parts = eyeball.take_apart(picture, face)
    return Avatar(replace(observation, driver_picture=None), cv2.cvtColor(picture, cv2.COLOR_BGR2BGRA), face, parts,
                  mesh.build(face, parts), eye_parts, lids.patches(parts, face, eye_parts), mouth.study(picture, face))


def packed(avatar: Avatar) -> dict[str, np.ndarray]:
    """Arrays by name that `unpacked` makes the avatar from, as long as nothing has been drawn with it."""
    found = {**packed_observation(avatar.observation), **_packed("layers", avatar.layers), **_packed("mesh", avatar.mesh),
             **_packed("mouth", avatar.mouth)}
    for number in range(_EYES):
        for name, part in ("eye", avatar.eyes[number]), ("lid", avatar.lids[number]):
            if part is not None:
                found.update(_packed(f"{name}{number}", part))
    return found


def unpacked(picture: np.ndarray, arrays: dict[str, np.ndarray]) -> Avatar:
    """The avatar of the same picture again. KeyError where something is missing."""
    observation = unpacked_observation(arrays)

    def each_eye(name: str, kind: type) -> list:
        numbers = [f"{name}{number}" for number in range(_EYES)]
        present = [any(key.startswith(number + ".") for key in arrays) for number in numbers]
        return [_unpacked(number, kind, arrays) if there else None for number, there in zip(numbers, present)]

    return Avatar(observation, cv2.cvtColor(picture, cv2.COLOR_BGR2BGRA), retarget.AvatarFace.of(observation),
                  _unpacked("layers", layers.Layers, arrays), _unpacked("mesh", mesh.Mesh, arrays),
                  each_eye("eye", eyeball.EyeParts), each_eye("lid", lids.LidPatch),
                  _unpacked("mouth", mouth.Mouth, arrays))


def packed_observation(observation: Observation) -> dict[str, np.ndarray]:
    """The same for an observation in a still picture, without what blendshapes it carries."""
    return {"keypoints": observation.keypoints, "pose": observation.pose,
            "frame_size": np.array(observation.frame_size)}


def unpacked_observation(arrays: dict[str, np.ndarray]) -> Observation:
    width, height = arrays["frame_size"].tolist()
    return Observation(arrays["keypoints"], arrays["pose"], {}, (width, height))


def _packed(name: str, part: Any) -> dict[str, np.ndarray]:
    """The fields of a dataclass that holds arrays and numbers only."""
    return {f"{name}.{field.name}": np.asarray(getattr(part, field.name)) for field in fields(part)}


def _unpacked(name: str, kind: type, arrays: dict[str, np.ndarray]) -> Any:
    values = {field.name: arrays[f"{name}.{field.name}"] for field in fields(kind)}
    return kind(**{key: value.item() if value.ndim == 0 else value for key, value in values.items()})

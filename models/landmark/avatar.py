"""An avatar: a picture and everything about it that does not depend on the driver, computed once and kept on disk."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Any, Callable

import cv2
import numpy as np

from ..contract import Observation
from ..cut import matte
from ..see import kept_face
from .draw import eyeball, layers, lids, mesh, mouth
from .move.avatar_face import AvatarFace

CUT_ALREADY = 0.5
"""Mean alpha, 0..1, around the person below which a picture is a person cut out. Otherwise, as in one with round corners, the
transparent parts are drawn as BACKDROP."""
_EYES = 2
"""Number of eyes of an avatar."""


@dataclass(frozen=True)
class Avatar:
    """A picture, ready to be moved. Drawing it changes nothing but the lids in `layers.foreground`."""

    observation: Observation
    """The face in the picture itself."""
    still: np.ndarray
    """uint8 (H, W, 4): the avatar at rest, BGRA with straight alpha."""
    face: AvatarFace
    layers: layers.Layers
    mesh: mesh.Mesh
    eyes: list[eyeball.EyeParts | None]
    lids: list[lids.LidPatch | None]
    mouth: mouth.Mouth

    @property
    def background(self) -> np.ndarray:
        """The picture without the person, as models.contract.Painter.prepare says."""
        return self.layers.background

    @cached_property
    def opaque(self) -> bool:
        """Whether no pixel of the background is transparent."""
        return bool((self.layers.background[..., 3] == 255).all())

    def before(self, change: Callable[[np.ndarray], np.ndarray]) -> Avatar:
        """See models.contract.Painter."""
        background, pad = change(self.layers.background), self.layers.pad
        height, width = background.shape[:2]
        person = self.layers.cutout[pad:pad + height, pad:pad + width]
        shown = person + background * (1.0 - person[..., 3:].astype(np.float32) / 255.0)
        still = straight(np.rint(shown).astype(np.uint8))
        return replace(self, still=still, layers=replace(self.layers, background=background, foreground=self.layers.cutout))


def straight(picture: np.ndarray) -> np.ndarray:
    """Turn a picture, BGRA premultiplied by alpha, into one of straight alpha, in place."""
    return cv2.cvtColor(picture, cv2.COLOR_mRGBA2RGBA, dst=picture)


def build(picture: np.ndarray, observation: Observation, person: np.ndarray | None = None) -> Avatar:
    """Return the avatar of a picture with that face in it; picture and person as for models.contract.Painter.prepare."""
    face = AvatarFace.of(observation)
    parts = _layers(picture, face, person)
    face = replace(face, room_above=layers.room_above(parts))
    colours = np.ascontiguousarray(picture[..., :3])
    eye_parts = eyeball.take_apart(colours, face)
    return Avatar(replace(observation, driver_picture=None), _still(picture, parts), face, parts,
                  mesh.build(face, parts), eye_parts, lids.patches(parts, face, eye_parts), mouth.study(colours, face))


def _layers(picture: np.ndarray, face: AvatarFace, person: np.ndarray | None) -> layers.Layers:
    """Return the layers of a picture, cut by its alpha if that shows the person, else by the matte `person` or one found."""
    colours = np.ascontiguousarray(picture[..., :3])
    if person is None:
        person = matte.person(colours, face.points)
    if picture.shape[2] == 4:
        alpha = picture[..., 3].astype(np.float32) / 255.0
        around = alpha[person < 0.5]
        if around.size and around.mean() < CUT_ALREADY:
            return layers.cut_already(colours, alpha, face.points)
    return layers.separate(colours, person, face.points)


def _still(picture: np.ndarray, parts: layers.Layers) -> np.ndarray:
    """uint8 (H, W, 4): the picture as it is shown at rest; transparent only where a person was cut out."""
    if parts.background[..., 3].all():
        return cv2.cvtColor(np.ascontiguousarray(picture[..., :3]), cv2.COLOR_BGR2BGRA)
    height, width = picture.shape[:2]
    return straight(parts.foreground[parts.pad:parts.pad + height, parts.pad:parts.pad + width].copy())


def packed(avatar: Avatar) -> dict[str, np.ndarray]:
    """Return the arrays, by name, that `unpacked` makes the avatar of. It must not have been drawn with yet."""
    found = {**kept_face.packed(avatar.observation), **_packed("layers", avatar.layers), **_packed("mesh", avatar.mesh),
             **_packed("mouth", avatar.mouth)}
    for number in range(_EYES):
        for name, part in ("eye", avatar.eyes[number]), ("lid", avatar.lids[number]):
            if part is not None:
                found.update(_packed(f"{name}{number}", part))
    return found


def unpacked(picture: np.ndarray, arrays: dict[str, np.ndarray]) -> Avatar:
    """Return the avatar of the same picture from what `packed` gave. Raises KeyError if something is missing."""
    observation = kept_face.unpacked(arrays)

    def each_eye(name: str, kind: type) -> list[Any]:
        numbers = [f"{name}{number}" for number in range(_EYES)]
        present = [any(key.startswith(number + ".") for key in arrays) for number in numbers]
        return [_unpacked(number, kind, arrays) if there else None for number, there in zip(numbers, present)]

    parts = _unpacked("layers", layers.Layers, arrays)
    return Avatar(observation, _still(picture, parts),
                  AvatarFace.of(observation, layers.room_above(parts)), parts,
                  _unpacked("mesh", mesh.Mesh, arrays),
                  each_eye("eye", eyeball.EyeParts), each_eye("lid", lids.LidPatch),
                  _unpacked("mouth", mouth.Mouth, arrays))


def _packed(name: str, part: Any) -> dict[str, np.ndarray]:
    """Return the fields, as name.field, of a dataclass that holds only arrays and numbers."""
    return {f"{name}.{field.name}": np.asarray(getattr(part, field.name)) for field in fields(part)}


def _unpacked(name: str, kind: type, arrays: dict[str, np.ndarray]) -> Any:
    """Return the dataclass `kind` from its fields, as `_packed` named them."""
    values = {field.name: arrays[f"{name}.{field.name}"] for field in fields(kind)}
    return kind(**{key: value.item() if value.ndim == 0 else value for key, value in values.items()})

"""What every new avatar goes through, whether it is made of a picture or of a pack: found, cut, kept and prepared."""

from __future__ import annotations

from typing import NamedTuple

import cv2
import numpy as np

from models.contract import Engine, FaceNotFound, Observation

from ..pictures import framing, reading
from ..pictures.reading import Picture, PictureError
from ..shared import avatars, manifest, settings
from ..shared.errors import UserError
from ..shared.texts import text
from . import keeping, preparing

LARGEST_SIDE = 1024
"""An avatar is drawn at no more."""
LEAST_SIDE = 512
"""Smaller pictures are enlarged once, softly, instead of every time they are prepared."""
PICTURE, MATTE = "picture.png", "matte.png"


class NoFace(PictureError):
    """No face was found; `add` with `by_hand` takes the picture all the same, for landmarks that are placed by hand."""


class Added(NamedTuple):
    id: str
    title: str
    remarks: list[str]
    """Sentences about how well the picture will do; empty where there is nothing to say."""


def found(engine: Engine, read: Picture) -> tuple[Observation, int]:
    """The face in a picture, and how many there are. Raises NoFace, PictureError."""
    try:
        return engine.seer.find(read.pixels)
    except FaceNotFound as error:
        raise NoFace(text("Picture.NoFaceByHand")) from error


def kept(about: manifest.Manifest, read: Picture, box: framing.Box,
         matte: np.ndarray | None = None) -> tuple[manifest.Manifest, dict[str, bytes]]:
    """The files of a pack that keeps that part of a picture and of its matte, uint8 (H, W); the manifest that names them."""
    size = kept_size(box)
    files = {PICTURE: png(reading.part(read, box, size))}
    if matte is None:
        return about._replace(matte=""), files
    return about._replace(matte=MATTE), {**files, MATTE: png(framing.resized(box.of(matte), size))}


def png(pixels: np.ndarray) -> bytes:
    """uint8 (H, W), BGR (H, W, 3) or BGRA (H, W, 4) as a file."""
    written, content = cv2.imencode(".png", np.ascontiguousarray(pixels))
    if not written:
        raise PictureError(text("Picture.NoMemory", name=PICTURE))
    return content.tobytes()


def kept_size(box: framing.Box) -> tuple[int, int]:
    """The size at which a part of a picture is kept."""
    longer = max(box.width, box.height)
    scale = min(max(longer, LEAST_SIDE), LARGEST_SIDE) / longer
    return round(box.width * scale), round(box.height * scale)


def prepared(engine: Engine, id: str) -> None:
    """Prepares a new avatar at the usual size, so that it is there at once when it is chosen; one that cannot be is removed.

    Raises PictureError, FaceNotFound.
    """
    entry: avatars.AvatarEntry | None = avatars.find(id)
    if entry is None:
        raise PictureError(text("Picture.Unknown", name=id))
    try:
        preparing.prepare(engine, entry, settings.DEFAULTS.side)
    except UserError:
        keeping.remove(id)
        raise

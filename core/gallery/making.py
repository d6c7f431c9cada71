"""The steps that every new avatar goes through, from a picture or a pack: face found, cropped, stored and prepared."""

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
"""The longest side, in pixels, at which a picture is stored, because avatars are drawn at no more."""
LEAST_SIDE = 512
"""The shortest side, in pixels: smaller pictures are smoothly enlarged once instead of each time they are prepared."""
PICTURE, MATTE = "picture.png", "matte.png"


class NoFace(PictureError):
    """No face was found. `add` with `by_hand` accepts the picture anyway, for landmarks placed by hand."""


class Added(NamedTuple):
    id: str
    title: str
    remarks: list[str]
    """Remarks on how well the picture will do, as sentences; empty if there are none."""


def found(engine: Engine, read: Picture) -> tuple[Observation, int]:
    """Return the face in a picture and the number of faces in it. Raises NoFace, PictureError."""
    try:
        return engine.seer.find(read.pixels)
    except FaceNotFound as error:
        raise NoFace(text("Picture.NoFaceByHand")) from error


def kept(about: manifest.Manifest, read: Picture, box: framing.Box,
         matte: np.ndarray | None = None) -> tuple[manifest.Manifest, dict[str, bytes]]:
    """Return a manifest and the files it names for that part of a picture and of its matte, uint8 (H, W)."""
    size = kept_size(box)
    files = {PICTURE: png(reading.part(read, box, size))}
    if matte is None:
        return about._replace(matte=""), files
    return about._replace(matte=MATTE), {**files, MATTE: png(framing.resized(box.of(matte), size))}


def png(pixels: np.ndarray) -> bytes:
    """Encode uint8 pixels, grey (H, W), BGR (H, W, 3) or BGRA (H, W, 4), as a PNG file. Raises PictureError."""
    written, content = cv2.imencode(".png", np.ascontiguousarray(pixels))
    if not written:
        raise PictureError(text("Picture.NoMemory", name=PICTURE))
    return content.tobytes()


def kept_size(box: framing.Box) -> tuple[int, int]:
    """Return the (width, height), in pixels, at which that part of a picture is stored."""
    longer = max(box.width, box.height)
    scale = min(max(longer, LEAST_SIDE), LARGEST_SIDE) / longer
    return round(box.width * scale), round(box.height * scale)


def prepared(engine: Engine, id: str) -> None:
    """Prepare a new avatar at the usual size, so that it appears at once when it is chosen; remove it if that fails.

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

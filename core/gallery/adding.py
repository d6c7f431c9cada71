"""Makes an avatar of any picture: upright, in a screen's colours, cut to head and shoulders, prepared, and judged in words.

Only pixels are kept: nothing else of the file, such as where a photograph was taken, comes into the user's folder.
"""

from __future__ import annotations

from pathlib import PurePath
from typing import Dict, List, NamedTuple, Optional, Tuple

import cv2
import numpy as np

from models.engine import FaceNotFound, Observation
from models.landmark import by_hand as placing
from models.landmark.engine import LandmarkEngine

from .. import avatars, manifest, settings
from ..texts import text
from ..worker import framing, picture
from ..worker.picture import Picture, PictureError
from . import fitness, keeping, preparing

LARGEST_SIDE = 1024
"""An avatar is drawn at no more."""
LEAST_SIDE = 512
"""Smaller pictures are enlarged once, softly, instead of every time they are prepared."""
PACK = b"PK\3\4"
"""The first bytes of a .zip file."""
PICTURE, MATTE = "picture.png", "matte.png"


class NoFace(PictureError):
    """No face was found; `add` with `by_hand` takes the picture all the same, for landmarks that are placed by hand."""


class Added(NamedTuple):
    id: str
    title: str
    remarks: List[str]
    """Sentences about how well the picture will do; empty where there is nothing to say."""


def add(data: bytes, name: str, by_hand: bool = False) -> Added:
    """Makes one of the user's avatars of the bytes of a file of that name, a picture or a pack. Raises PictureError, NoFace.

    by_hand: where no face is found, the picture is taken as it is, with landmarks that have to be put right.
    """
    if data.startswith(PACK):
        from . import packs  # here: it is built on this module
        return packs.unpacked(data, name)
    title = manifest.one_line(PurePath(name).stem)[:80].strip() or "Avatar"
    read = picture.decoded(data, name)
    engine = LandmarkEngine()
    remarks = [read.note] if read.note else []
    landmarks = None
    try:
        face, faces = found(engine, read)
        remarks += fitness.remarks(face, faces)
        box = framing.box(read.pixels, face)
    except NoFace:
        if not by_hand:
            raise
        box = framing.even_box(read.pixels)
        landmarks = placing.suggested(*preparing.UNKNOWN_FACE)
        remarks.append(text("Fitness.ByHand"))
    about = manifest.Manifest(title=title, picture=PICTURE, landmarks=landmarks)
    about, files = kept(about, read, box)
    added = Added(keeping.store(about, files), title, remarks)
    prepared(engine, added.id)
    return added


def found(engine: LandmarkEngine, read: Picture) -> Tuple[Observation, int]:
    """The face in a picture, and how many there are. Raises NoFace, PictureError."""
    try:
        return engine.find_face(read.pixels)
    except FaceNotFound as error:
        raise NoFace(text("Picture.NoFaceByHand")) from error


def kept(about: manifest.Manifest, read: Picture, box: framing.Box,
         matte: Optional[np.ndarray] = None) -> Tuple[manifest.Manifest, Dict[str, bytes]]:
    """The files of a pack that keeps that part of a picture and of its matte, uint8 (H, W); the manifest that names them."""
    size = kept_size(box)
    files = {PICTURE: png(picture.part(read, box, size))}
    if matte is None:
        return about._replace(matte=""), files
    return about._replace(matte=MATTE), {**files, MATTE: png(framing.resized(box.of(matte), size))}


def png(pixels: np.ndarray) -> bytes:
    """uint8 (H, W), BGR (H, W, 3) or BGRA (H, W, 4) as a file."""
    written, content = cv2.imencode(".png", np.ascontiguousarray(pixels))
    if not written:
        raise PictureError(text("Picture.NoMemory", name=PICTURE))
    return content.tobytes()


def kept_size(box: framing.Box) -> Tuple[int, int]:
    """The size at which a part of a picture is kept."""
    longer = max(box.width, box.height)
    scale = min(max(longer, LEAST_SIDE), LARGEST_SIDE) / longer
    return round(box.width * scale), round(box.height * scale)


def prepared(engine: LandmarkEngine, id: str) -> None:
    """Prepares a new avatar at the usual size, so that it is there at once when it is chosen; one that cannot be is removed.

    Raises PictureError.
    """
    entry: Optional[avatars.AvatarEntry] = avatars.find(id)
    if entry is None:
        raise PictureError(text("Picture.Unknown", name=id))
    try:
        preparing.prepare(engine, entry, int(settings.DEFAULTS["size"]))
    except FaceNotFound as error:
        keeping.remove(id)
        raise PictureError(text("Picture.FaceTooSmall" if error.too_small else "Picture.NoFace")) from error
    except PictureError:
        keeping.remove(id)
        raise

"""Turns any picture into an avatar: upright, in screen colours, cropped to head and shoulders, prepared, and judged in words.

Only pixels are kept. Nothing else in the file, such as where a photograph was taken, gets into the user's folder.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePath
from typing import Callable

from models import engines
from models.see import by_hand as placing

from ..pictures import framing, reading
from ..shared import manifest
from ..shared.settings import BUILT_IN_ENGINE
from ..shared.texts import text
from . import fitness, keeping, making, packs, preparing

OTHER_KINDS: Mapping[bytes, Callable[[bytes, str], making.Added]] = {b"PK\3\4": packs.unpacked}
"""The functions that make avatars of files other than pictures, by the file's first bytes; .zip files are packs."""


def add(data: bytes, name: str, by_hand: bool = False) -> making.Added:
    """Make one of the user's avatars of the bytes of a file of that name, a picture or a pack.

    Raises PictureError, of which NoFace is one, ManifestError and FaceNotFound.

    With `by_hand`, a picture in which no face is found is accepted as it is, with landmarks that have to be corrected.
    """
    for beginning, unpacked in OTHER_KINDS.items():
        if data.startswith(beginning):
            return unpacked(data, name)
    title = manifest.one_line(PurePath(name).stem)[:80].strip() or "Avatar"
    read = reading.decoded(data, name)
    engine = engines.load(BUILT_IN_ENGINE)
    remarks = [read.note] if read.note else []
    landmarks = None
    try:
        face, faces = making.found(engine, read)
        remarks += fitness.remarks(face, faces)
        box = framing.box(read.pixels, face)
    except making.NoFace:
        if not by_hand:
            raise
        box = framing.even_box(read.pixels)
        landmarks = placing.suggested(*preparing.UNKNOWN_FACE)
        remarks.append(text("Fitness.ByHand"))
    about = manifest.Manifest(title=title, picture=making.PICTURE, landmarks=landmarks)
    about, files = making.kept(about, read, box)
    added = making.Added(keeping.store(about, files), title, remarks)
    making.prepared(engine, added.id)
    return added

"""The user's pictures: adding one, and thumbnails of all."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import List, NamedTuple

from PIL import Image, ImageOps

from ... import avatars, places
from ...texts import text
from ..picture import PictureError, read

THUMBNAIL_SIDE = 160
LONGEST_STEM = 60
FORMATS = {"PNG": ".png", "JPEG": ".jpg", "WEBP": ".webp", "BMP": ".bmp", "TIFF": ".tif"}


class Added(NamedTuple):
    id: str
    remarks: List[str]


def add(content: bytes, name: str) -> Added:
    """Keeps a picture in the user's folder. Of `name` only letters, digits, spaces and hyphens count. Raises PictureError."""
    try:
        with Image.open(io.BytesIO(content)) as image:
            ending = FORMATS[image.format or ""]
    except Exception as error:
        raise PictureError(text("Picture.NoPicture", name=name)) from error
    folder = places.user_avatars()
    folder.mkdir(parents=True, exist_ok=True)
    stem = re.sub(r"[^\w -]", "", name.rpartition(".")[0] or name).strip()[:LONGEST_STEM] or "avatar"
    number, path = 1, folder / (stem + ending)
    while path.exists():
        number += 1
        path = folder / f"{stem} {number}{ending}"
    path.write_bytes(content)
    try:
        note = read(path).note
    except PictureError:
        path.unlink()
        raise
    return Added("user:" + path.name, [note] if note else [])


def thumbnail(id: str) -> bytes:
    """A small square JPEG of an avatar. Raises PictureError."""
    path = avatars.picture_path(id, "")
    if path is None:
        raise PictureError(text("Picture.Unknown", name=id))
    return of_file(path)


def of_file(path: Path) -> bytes:
    """The same of a picture file. Raises PictureError."""
    pixels = read(path).pixels
    image = ImageOps.fit(Image.fromarray(pixels[..., 2::-1]), (THUMBNAIL_SIDE, THUMBNAIL_SIDE), centering=(0.5, 0.3))
    packed = io.BytesIO()
    image.save(packed, "JPEG", quality=85)
    return packed.getvalue()

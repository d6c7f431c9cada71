"""Small pictures of avatars for lists, kept on disk: 500 avatars are shown without 500 pictures being read."""

from __future__ import annotations

import hashlib
from pathlib import Path

import cv2
import numpy as np

from ..pictures import encoding, reading
from ..pictures.reading import PictureError
from ..shared import avatars, files, places
from ..shared.texts import text

SIDE = 192
"""Pixels: sharp at 96 on a screen with two pixels to a point."""
LIMIT = 4000
"""More are not kept; what is longest ago goes first."""


def folder() -> Path:
    return places.user_cache() / "thumbnails"


def thumbnail(avatar: str) -> bytes:
    """A JPEG, square, of an avatar by its id. Raises PictureError."""
    entry = avatars.find(avatar)
    if entry is None:
        raise PictureError(text("Picture.Unknown", name=avatar))
    return of_file(entry.path)


def of_file(path: Path) -> bytes:
    """The same of a picture file. Raises PictureError."""
    kept = folder() / (_key(path) + ".jpg")
    try:
        return kept.read_bytes()
    except OSError:
        content = _drawn(reading.read(path).pixels)
        _keep(kept, content)
        return content


def _key(path: Path) -> str:
    try:
        status = path.stat()
        about = f"{path} {status.st_mtime_ns} {status.st_size} {SIDE}"
    except OSError as error:
        raise PictureError(text("Picture.Missing", name=path.name)) from error
    return hashlib.sha256(about.encode("utf-8", "surrogatepass")).hexdigest()[:40]


def _drawn(pixels: np.ndarray) -> bytes:
    height, width = pixels.shape[:2]
    side = min(height, width)
    # Of a portrait that is higher than wide, the face is in the upper part.
    top, left = (height - side) // 4, (width - side) // 2
    small = cv2.resize(pixels[top:top + side, left:left + side], (SIDE, SIDE), interpolation=cv2.INTER_AREA)
    return encoding.jpeg(small)


def _keep(path: Path, content: bytes) -> None:
    """A folder that cannot be written costs time, nothing else."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        files.write_whole(path, content, private=True)
        _trim(path.parent)
    except OSError:
        pass


def _trim(place: Path) -> None:
    kept = list(place.iterdir())
    if len(kept) > LIMIT:
        kept.sort(key=lambda each: each.stat().st_mtime)
        for each in kept[:len(kept) - LIMIT]:
            each.unlink(missing_ok=True)

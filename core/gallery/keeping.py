"""Stores avatars in the user's folder and removes them again. A write either succeeds completely or leaves nothing behind."""

from __future__ import annotations

import contextlib
import re
import shutil
import tempfile
import unicodedata
from collections.abc import Mapping
from pathlib import Path

from ..pictures.reading import PictureError
from ..shared import avatars, files, manifest, places
from ..shared.texts import text

FOLDER_LETTERS = 40


def store(about: manifest.Manifest, contents: Mapping[str, bytes]) -> str:
    """Make a pack of the manifest and the contents of the files that it names; return its id. Raises PictureError."""
    folder = places.user_avatars()
    unfinished = None
    try:
        folder.mkdir(parents=True, exist_ok=True)
        # Names with a leading dot are not listed, so nobody sees an avatar that is only half written.
        unfinished = Path(tempfile.mkdtemp(prefix=".new-", dir=folder))
        for name, content in {**contents, manifest.FILE_NAME: manifest.written(about)}.items():
            (unfinished / name).write_bytes(content)
        place = _free_place(folder, about.title)
        unfinished.rename(place)
    except OSError as error:
        if unfinished is not None:
            shutil.rmtree(unfinished, ignore_errors=True)
        raise cannot_write(error) from error
    return avatars.USERS + place.name


def describe(entry: avatars.AvatarEntry, about: manifest.Manifest) -> None:
    """Replace the manifest of one of the user's avatars. Raises PictureError."""
    path = entry.manifest_path or entry.path.with_name(entry.path.name + avatars.SIDECAR)
    try:
        files.write_whole(path, manifest.written(about))
    except OSError as error:
        raise cannot_write(error) from error


def remove(avatar: str) -> None:
    """Delete one of the user's avatars from the disk. Raises PictureError."""
    entry = own(avatar)
    try:
        for path in entry.files:
            path.unlink(missing_ok=True)
        if entry.is_pack:
            with contextlib.suppress(OSError):  # the user keeps other files in there, which are not ours to delete
                entry.folder.rmdir()
    except OSError as error:
        raise cannot_write(error) from error


def own(avatar: str) -> avatars.AvatarEntry:
    """Return one of the user's avatars. Raises PictureError for those that ship and for unknown ids."""
    entry = avatars.find(avatar)
    if entry is None:
        raise PictureError(text("Picture.Unknown", name=avatar))
    if not avatar.startswith(avatars.USERS):
        raise PictureError(text("Gallery.Shipped", name=entry.title))
    return entry


def cannot_write(error: OSError) -> PictureError:
    return PictureError(text("Gallery.CannotWrite", folder=places.user_avatars(), error=error.strerror or error))


def _free_place(folder: Path, title: str) -> Path:
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    stem = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:FOLDER_LETTERS].strip("-") or "avatar"
    if not manifest.is_file_name(stem + ".png"):
        stem = "avatar-" + stem  # Windows reserves such a name for a device
    number, place = 1, folder / stem
    while place.exists():
        number += 1
        place = folder / f"{stem}-{number}"
    return place

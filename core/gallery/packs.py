"""Avatar packs: an avatar and everything that belongs to it in one .zip file, or in a folder with the same content.

Packs come from strangers. Only the files that a pack's manifest names are read, under names that cannot point anywhere else,
and no further than core/shared/limits.py allows, whatever the archive claims. Only the pixels and the checked manifest are
stored, both written anew.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from pathlib import Path
from typing import Callable

import numpy as np

from models import engines

from ..pictures import framing, reading
from ..pictures.reading import PictureError
from ..shared import avatars, limits, manifest
from ..shared.manifest import Manifest
from ..shared.settings import BUILT_IN_ENGINE
from ..shared.texts import text
from . import keeping, making, preparing

Contents = Callable[[str], bytes]
"""A function that returns the bytes of a file in the pack by its name. Raises PictureError."""

UNREADABLE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError)
"""The exceptions that Python's zip reader raises for damaged and encrypted archives."""
PLAIN = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""The accepted compression methods, which every program writes. Others bring decoders, and errors, of their own."""


def export(avatar: str) -> bytes:
    """Return the avatar with that id as the bytes of a .zip file. Raises PictureError."""
    entry = avatars.find(avatar)
    if entry is None:
        raise PictureError(text("Picture.Unknown", name=avatar))
    if entry.error:
        raise PictureError(entry.error)
    about = entry.about._replace(title=entry.title, picture=entry.path.name)
    about, files = _normal(about, _in_folder(entry.folder))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in {manifest.FILE_NAME: manifest.written(about), **files}.items():
            # With a fixed time, the same avatar gives the same bytes, and nobody learns when it was exported.
            archive.writestr(zipfile.ZipInfo(name), content)
    return out.getvalue()


def take_in(path: Path) -> making.Added:
    """Make one of the user's avatars of a pack: a .zip file or a folder.

    Raises PictureError, ManifestError, FaceNotFound.
    """
    if path.is_dir():
        return _stored(_in_folder(path), path.name)
    try:
        size = path.stat().st_size
        if size > limits.PACK_FILE_BYTES:
            raise PictureError(text("Pack.Large", name=path.name, megabytes=limits.PACK_FILE_BYTES // limits.MEGABYTE))
        return unpacked(path.read_bytes(), path.name)
    except FileNotFoundError as error:
        raise PictureError(text("Pack.Missing", name=path.name)) from error
    except OSError as error:
        raise PictureError(text("Pack.Damaged", name=path.name, error=error.strerror or error)) from error


def unpacked(data: bytes, name: str) -> making.Added:
    """Return the same of the bytes of a .zip file of that name. Raises as `take_in` does."""
    if len(data) > limits.PACK_FILE_BYTES:
        raise PictureError(text("Pack.Large", name=name, megabytes=limits.PACK_FILE_BYTES // limits.MEGABYTE))
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _stored(_in_archive(archive, name), name)
    except UNREADABLE as error:
        raise PictureError(text("Pack.Damaged", name=name, error=error)) from error


def _stored(contents: Contents, name: str) -> making.Added:
    about = manifest.parsed(contents(manifest.FILE_NAME))
    if not about.picture:
        raise PictureError(text("Manifest.Wrong", name=manifest.FILE_NAME, where="picture"))
    about, files = _normal(about._replace(title=about.title or Path(name).stem), contents)
    engine = engines.load(BUILT_IN_ENGINE)
    added = making.Added(keeping.store(about, files), about.title, [])
    making.prepared(engine, added.id)
    entry = keeping.own(added.id)
    return added._replace(remarks=preparing.remarks(entry, preparing.look(engine, entry)))


def _normal(about: Manifest, contents: Contents) -> tuple[Manifest, dict[str, bytes]]:
    """Return the pack's manifest and files with pictures decoded and written anew, under names of our own."""
    main = reading.decoded(contents(about.picture), about.picture)
    height, width = main.pixels.shape[:2]
    matte = None
    if about.matte:
        grey = reading.decoded(contents(about.matte), about.matte).pixels[..., 1]
        _same_shape(grey, main.pixels, about.matte)
        matte = framing.resized(grey, (width, height))
    whole = framing.Box(0, 0, width, height)
    kept, files = making.kept(about, main, whole, matte)
    renamed = {}
    for number, (name, expression) in enumerate(about.expressions.items(), 1):
        read = reading.decoded(contents(expression.picture), expression.picture)
        _same_shape(read.pixels, main.pixels, expression.picture)
        file = f"expression-{number}.png"
        own = framing.Box(0, 0, read.pixels.shape[1], read.pixels.shape[0])
        files[file] = making.png(reading.part(read, own, making.kept_size(whole)))
        renamed[name] = expression._replace(picture=file)
    return kept._replace(picture=making.PICTURE, expressions=renamed), files


def _same_shape(one: np.ndarray, other: np.ndarray, name: str) -> None:
    if abs(one.shape[1] / one.shape[0] * other.shape[0] / other.shape[1] - 1) > framing.SQUARE_TOLERANCE:
        raise PictureError(text("Picture.OtherShape", name=name))


def _in_folder(folder: Path) -> Contents:
    def contents(name: str) -> bytes:
        path = folder / name
        try:
            if path.is_symlink() or not path.is_file():
                raise PictureError(text("Pack.Lacks", name=name))
            if path.stat().st_size > limits.PICTURE_FILE_BYTES:
                raise PictureError(text("Picture.LargeFile", name=name,
                                        megabytes=limits.PICTURE_FILE_BYTES // limits.MEGABYTE))
            return path.read_bytes()
        except OSError as error:
            raise PictureError(text("Pack.Damaged", name=name, error=error.strerror or error)) from error

    return contents


def _in_archive(archive: zipfile.ZipFile, name: str) -> Contents:
    """Return a function that reads members from the manifest's folder, until more than the limit has been unpacked."""
    members = {info.filename: info for info in archive.infolist()}
    if len(archive.infolist()) > limits.PACK_FILES:
        raise PictureError(text("Pack.ManyFiles", name=name, most=limits.PACK_FILES))
    # Some programs that pack a folder include the folder itself in the archive.
    manifests = [each for each in members if each.rpartition("/")[2] == manifest.FILE_NAME and each.count("/") <= 1]
    prefix = manifests[0][:-len(manifest.FILE_NAME)] if len(manifests) == 1 else ""
    left = limits.PACK_UNPACKED_BYTES

    def contents(file: str) -> bytes:
        nonlocal left
        info = members.get(prefix + file)
        if info is None or info.is_dir():
            raise PictureError(text("Pack.Lacks", name=file))
        if info.compress_type not in PLAIN:
            raise PictureError(text("Pack.Packing", name=name))
        most = min(left, limits.MANIFEST_BYTES if file == manifest.FILE_NAME else limits.PICTURE_FILE_BYTES)
        with archive.open(info) as member:
            content = member.read(most + 1)
        if len(content) > most:
            raise PictureError(text("Pack.Unpacks", name=name, megabytes=limits.PACK_UNPACKED_BYTES // limits.MEGABYTE))
        left -= len(content)
        return content

    return contents

"""Keeps results for a picture on disk, so that neither a restart nor switching to a known avatar computes them again.

The cache never gets in the way: what cannot be read is computed again, what cannot be written is not kept, and `load` and
`store` raise nothing. Files are plain NumPy archives without pickled objects, so a file from elsewhere can contain wrong
numbers, but no code.
"""

from __future__ import annotations

import hashlib
import logging
import os
import time
from collections.abc import Sequence
from functools import cache as remembered
from pathlib import Path

import numpy as np

from core.shared import files

LIMIT_BYTES = 200 * 1024 * 1024
"""The size beyond which the least recently used files are removed. An avatar of 512 pixels takes 5 MB, one of 1024 19 MB."""
ABANDONED_SECONDS = 3600
"""The age from which an unfinished file counts as left behind by a process that died."""
MADE_BY = tuple(Path(__file__).parent / room for room in ("shipped", "face", "see", "cut", "landmark"))
"""The folders of the code and the models that make what is kept here: different code gives different results.

A version number raised by hand would be forgotten one day, and users would see avatars that are half old and half new.
"""
_KEPT = ".npz"
"""The suffix of the files in the cache."""

log = logging.getLogger(__name__)


class Cache:
    """Keeps arrays by name, for a kind of result and the picture that it belongs to, in up to `limit` bytes."""

    def __init__(self, folder: Path, limit: int = LIMIT_BYTES) -> None:
        self._folder = folder
        self._limit = limit

    def load(self, kind: str, picture: np.ndarray) -> dict[str, np.ndarray] | None:
        """Return the kept arrays, which are the caller's own, or None if there are none or they cannot be read."""
        try:
            path = self._path(kind, picture)
            with np.load(path, allow_pickle=False) as archive:  # verifies a checksum of each array
                arrays = {name: archive[name] for name in archive.files}
            os.utime(path)  # marks it as used: not every system records access times
            return arrays
        except FileNotFoundError:
            return None
        except Exception as error:  # whatever NumPy, zipfile or zlib raises for a damaged file
            log.info("cannot read from the cache: %s", error)
            return None

    def store(self, kind: str, picture: np.ndarray, arrays: dict[str, np.ndarray]) -> None:
        """Keep these arrays, none of which may contain objects."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            with files.replacing(self._path(kind, picture), private=True) as unfinished, unfinished.open("wb") as file:
                np.savez(file, **arrays)  # type: ignore[arg-type]  # NumPy takes any name for an array
            self._trim()
        except Exception as error:  # such as a full disk, or another user's folder
            log.info("cannot write to the cache: %s", error)

    def _path(self, kind: str, picture: np.ndarray) -> Path:
        digest = hashlib.sha256(_code())
        digest.update(f"{kind} {picture.shape} {picture.dtype} ".encode())
        digest.update(np.ascontiguousarray(picture).data)
        return self._folder / f"{kind}-{digest.hexdigest()[:40]}{_KEPT}"

    def _trim(self) -> None:
        """Remove the least recently used files until the rest is within the limit."""
        kept, total = [], 0
        for path in self._folder.iterdir():
            status = path.stat()
            if path.suffix == files.UNFINISHED and time.time() - status.st_mtime > ABANDONED_SECONDS:
                path.unlink()
            elif path.suffix == _KEPT:
                kept.append((status.st_mtime, status.st_size, path))
                total += status.st_size
        for _, size, path in sorted(kept):
            if total <= self._limit:
                return
            path.unlink()
            total -= size


@remembered
def _code() -> bytes:
    """Return a digest of all code and models in MADE_BY: the version of the engine."""
    return digest_of(MADE_BY)


def digest_of(folders: Sequence[Path]) -> bytes:
    """Return a digest of everything below these folders: of the text of sources and JSON files, and of the size of models."""
    digest = hashlib.sha256()
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            name = path.relative_to(folder).as_posix()
            if path.suffix in (".py", ".json"):
                digest.update(name.encode() + b"\0" + path.read_bytes())
            elif path.is_file() and "__pycache__" not in path.parts:
                digest.update(f"{name} {path.stat().st_size}".encode())
    return digest.digest()

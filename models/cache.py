"""What was computed once for a picture, kept on disk: switching to a known avatar, or starting again, need not wait.

A cache is never in the way: what cannot be read is computed again, what cannot be written is not kept, and no call here
raises anything. Files are plain NumPy archives without pickled objects, so that a file from elsewhere can hold wrong
numbers, but no program.
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
"""More than this is not kept: what was used longest ago goes first. An avatar of 512 pixels takes 5 MB, of 1024 19 MB."""
ABANDONED_SECONDS = 3600
"""A file half written is from a process that died once it is older than this."""
MADE_BY = tuple(Path(__file__).parent / room for room in ("shipped", "face", "see", "cut", "landmark"))
"""The folders whose code and models make what is kept here: results of other code are other results.

A version number that has to be raised by hand would be forgotten once, and users would see avatars half old and half new.
"""
_KEPT = ".npz"

log = logging.getLogger(__name__)


class Cache:
    """Arrays by name, for a kind of result and the picture that it belongs to."""

    def __init__(self, folder: Path, limit: int = LIMIT_BYTES) -> None:
        self._folder = folder
        self._limit = limit

    def load(self, kind: str, picture: np.ndarray) -> dict[str, np.ndarray] | None:
        """What was kept; None if nothing was, or if it cannot be read. The arrays are the caller's own."""
        try:
            path = self._path(kind, picture)
            with np.load(path, allow_pickle=False) as archive:  # verifies a checksum of each array
                arrays = {name: archive[name] for name in archive.files}
            os.utime(path)  # used just now; times of reading are not recorded on every system
            return arrays
        except FileNotFoundError:
            return None
        except Exception as error:  # whatever a damaged file makes NumPy, zipfile or zlib raise
            log.info("not read from the cache: %s", error)
            return None

    def store(self, kind: str, picture: np.ndarray, arrays: dict[str, np.ndarray]) -> None:
        """Keeps the arrays, none of which may hold objects."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            with files.replacing(self._path(kind, picture), private=True) as unfinished, unfinished.open("wb") as file:
                np.savez(file, **arrays)
            self._trim()
        except Exception as error:  # a full disk, a folder of somebody else
            log.info("not kept in the cache: %s", error)

    def _path(self, kind: str, picture: np.ndarray) -> Path:
        digest = hashlib.sha256(_code())
        digest.update(f"{kind} {picture.shape} {picture.dtype} ".encode())
        digest.update(np.ascontiguousarray(picture))
        return self._folder / f"{kind}-{digest.hexdigest()[:40]}{_KEPT}"

    def _trim(self) -> None:
        """Removes what was used longest ago until the rest is within the limit."""
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
    """A digest of all code and models that MADE_BY names, which stands for the version of the engine."""
    return digest_of(MADE_BY)


def digest_of(folders: Sequence[Path]) -> bytes:
    """A digest of everything in these folders and in those below: of sources their text, of models their size."""
    digest = hashlib.sha256()
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            name = path.relative_to(folder).as_posix()
            if path.suffix in (".py", ".json"):
                digest.update(name.encode() + b"\0" + path.read_bytes())
            elif path.is_file() and "__pycache__" not in path.parts:
                digest.update(f"{name} {path.stat().st_size}".encode())
    return digest.digest()

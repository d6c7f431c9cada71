"""Hashes, measures and locks the files of weights, and checks that there is room for them."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from core.shared import locks
from core.shared.texts import text

from .errors import WeightsError

_AT_ONCE = 1 << 20
"""The number of bytes that are hashed at a time."""
_RESERVE = 100_000_000
"""The number of bytes that stay free, because a system whose disk is full to the last byte is in trouble."""


def digest(path: Path, algorithm: str) -> str:
    """Return the hash of a file as hexadecimal digits; `algorithm` is "md5" or "sha256". Raises OSError."""
    hash_ = hashlib.new(algorithm, usedforsecurity=False)  # otherwise, a system in FIPS mode refuses MD5
    with open(path, "rb") as file:
        while data := file.read(_AT_ONCE):
            hash_.update(data)
    return hash_.hexdigest()


def size(path: Path) -> int:
    """Return the size of a file in bytes, or 0 if there is no such file."""
    try:
        return path.stat().st_size
    except OSError:
        return 0


def is_web_page(start: bytes) -> bool:
    """Return whether these first bytes of a file are those of HTML or XML; no checkpoint begins with them."""
    return start.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")


def megabytes(number: int) -> str:
    """Return a number of bytes as people read it, such as “239 MB”."""
    return f"{number / 1e6:.{0 if number >= 1e7 else 1}f} MB"


def make_room(folder: Path, needed: int) -> None:
    """Make the folder. Raises WeightsError if that fails, or if `needed` bytes do not fit on its disk."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        free = shutil.disk_usage(folder).free
    except OSError as error:
        raise WeightsError(text("Weights.NoFolder", folder=folder, error=error.strerror)) from error
    if free < needed + _RESERVE:
        raise WeightsError(text("Weights.DiskFull", folder=folder, free=megabytes(free), needed=megabytes(needed + _RESERVE)))


@contextmanager
def alone(lock: Path) -> Iterator[None]:
    """Hold the file lock `lock` meanwhile; the system releases it if the process dies. Raises WeightsError if it is taken."""
    try:
        file = lock.open("ab")
    except OSError as error:
        raise WeightsError(text("Weights.FolderLocked", folder=lock.parent, error=error.strerror)) from error
    with file:
        if not locks.taken(file.fileno()):
            raise WeightsError(text("Weights.Busy"))
        yield

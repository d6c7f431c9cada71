"""The log that a user can attach to a bug report: one file for all workers and for what OBS's side says about them.

Its size is limited: when it has grown large, its end is kept as `worker.log.old` and it starts over. Standard library only.
"""

import os
import time
from typing import IO

from . import places

LARGEST_BYTES = 1 << 20


def opened() -> IO[bytes]:
    """Return the log file, open for appending bytes, or one that discards them if the log cannot be written."""
    path = places.log_file()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = open(str(path), "ab")  # noqa: SIM115 (the caller closes it)
    except OSError:
        return open(os.devnull, "wb")
    bound(file.fileno())
    return file


def note(sentence: str) -> None:
    """Write a line from OBS's side, in the worker's format. Never raises: with a full disk, there is just no log."""
    line = "%s %d INFO obs: %s\n" % (time.strftime("%Y-%m-%d %H:%M:%S"), os.getpid(), sentence)
    try:
        with opened() as file:
            file.write(line.encode("utf-8", "replace"))
    except OSError:
        pass


def bound(descriptor: int) -> None:
    """Start the file behind a descriptor over once it has grown large.

    The file is emptied and not renamed, because several workers have it open and continue writing to it.
    """
    try:
        if os.fstat(descriptor).st_size <= LARGEST_BYTES:
            return
        path = places.log_file()
        with open(str(path), "rb") as whole, open(str(path) + ".old", "wb") as old:
            whole.seek(-LARGEST_BYTES, os.SEEK_END)
            old.write(whole.read(LARGEST_BYTES))
    except OSError:
        pass
    try:
        if os.fstat(descriptor).st_size > LARGEST_BYTES:
            os.ftruncate(descriptor, 0)
            os.lseek(descriptor, 0, os.SEEK_SET)
    except OSError:
        pass

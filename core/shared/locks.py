"""A lock between processes, on a file. Standard library only."""

import os
import time
from typing import Callable

SECONDS_BETWEEN_TRIES = 0.2


def taken(descriptor: int) -> bool:
    """Take the lock on an open file without waiting; return False if another process holds it.

    The system releases the lock when the file is closed, and also when the process dies.
    """
    try:
        if os.name == "nt":
            import msvcrt
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]  # Windows has it
        else:
            import fcntl
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    except (BlockingIOError, PermissionError):
        return False


def take(descriptor: int, on_wait: Callable[[], None] = lambda: None) -> None:
    """Wait for the lock and take it. `on_wait` is called once if another process holds it."""
    if not taken(descriptor):
        on_wait()
        while not taken(descriptor):
            time.sleep(SECONDS_BETWEEN_TRIES)

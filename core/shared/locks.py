"""A lock between processes, on a file. Standard library only."""

import os
import time

SECONDS_BETWEEN_TRIES = 0.2


def taken(descriptor: int) -> bool:
    """Takes the lock on an open file, without waiting; False where another process has it.

    The system takes it back when the file is closed, also when the process dies.
    """
    try:
        if os.name == "nt":
            import msvcrt
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    except (BlockingIOError, PermissionError):
        return False


def take(descriptor: int, on_wait=lambda: None) -> None:
    """Takes the lock as soon as nobody else has it. on_wait: called once, if somebody has."""
    if not taken(descriptor):
        on_wait()
        while not taken(descriptor):
            time.sleep(SECONDS_BETWEEN_TRIES)

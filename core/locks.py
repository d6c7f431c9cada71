"""A lock between processes, on a file. Standard library only."""

import os


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

"""Writing a file whole or not at all, whatever goes wrong meanwhile. Standard library only: both processes use it."""

import contextlib
import os
import secrets
from pathlib import Path
from typing import Iterator

UNFINISHED = ".part"
"""The suffix of a file that is being written. Its name begins with a dot, and no two writers choose the same one."""


@contextlib.contextmanager
def replacing(path: Path, private: bool = False) -> Iterator[Path]:
    """Yield the path of an empty file in the same folder, to be written in the block; when the block ends well, it becomes
    `path`.

    If the block raises, the old file stays as it was and nothing is left beside it. `private` makes the file readable for this
    user only. Raises OSError.

    The content is flushed to the disk (fsync) before the file gets its name: even after a power cut, either the old or the new
    content is there, not an empty file that a cache would trust for ever. That takes milliseconds, and everything that is
    written here is written rarely.
    """
    unfinished = path.with_name("." + secrets.token_hex(8) + UNFINISHED)
    os.close(os.open(str(unfinished), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600 if private else 0o666))
    try:
        yield unfinished
        with open(str(unfinished), "r+b") as written:  # Windows brings only to the disk what it may write to
            os.fsync(written.fileno())
        os.replace(str(unfinished), str(path))
    finally:
        with contextlib.suppress(OSError):  # mostly since it has its name by now
            unfinished.unlink()


def write_whole(path: Path, content: bytes, private: bool = False) -> None:
    """Write `content` to a file, whole or not at all, as `replacing` does. Raises OSError."""
    with replacing(path, private) as unfinished:
        unfinished.write_bytes(content)

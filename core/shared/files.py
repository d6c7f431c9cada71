"""Writing a file whole or not at all, whatever goes wrong meanwhile. Standard library only: both processes use it."""

import contextlib
import os
import secrets
from pathlib import Path
from typing import Iterator

UNFINISHED = ".part"
"""How the name of a file ends that is being written. It begins with a dot, and no two writers have the same."""


@contextlib.contextmanager
def replacing(path: Path, private: bool = False) -> Iterator[Path]:
    """The path of an empty file in the same folder, to be written in the block; when that ends well it becomes `path`.

    A block that raises leaves the old file as it was, and nothing beside it. private: only this user may read the file.
    Raises OSError.

    The content is brought to the disk (fsync) before it gets its name: after a power cut, too, the old or the new content
    is there, and not an empty file that a cache would believe in for ever. That takes milliseconds, and all that is written
    here is written rarely.
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
    """Makes that the content of a file, as `replacing` does. Raises OSError."""
    with replacing(path, private) as unfinished:
        unfinished.write_bytes(content)

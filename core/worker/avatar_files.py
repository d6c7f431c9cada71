"""Notices that the files of an avatar have changed, so that an edited picture is shown without a restart."""

from __future__ import annotations

import math
import time
from pathlib import Path
from typing import Optional

from ..shared import avatars

LOOK_SECONDS = 1.0
"""The least time between two looks at the files."""
AGAIN_SECONDS = 10.0
"""The delay after which an avatar whose preparation failed for an unforeseen reason is prepared again; memory may be free by
then."""

Stamps = tuple[Optional[tuple[int, int]], ...]
"""The modification time (ns) and size (bytes) of each file, or None for a missing one; empty if there is no such avatar."""


class AvatarFiles:
    """The files of the avatar that the settings `avatar` and `avatar_file` choose; it reads the disk at most once a second."""

    def __init__(self, avatar: str, avatar_file: str) -> None:
        self._of = avatar, avatar_file
        self._looked_at = time.monotonic()
        self._known = self._seen = self._stamps()
        self._again_at = math.inf

    @property
    def missing(self) -> bool:
        """Whether the picture was missing at the last look."""
        return not self._seen or self._seen[0] is None

    def try_again(self) -> None:
        """Report the files as changed once more after AGAIN_SECONDS: preparing them has failed, perhaps only for the moment."""
        self._again_at = time.monotonic() + AGAIN_SECONDS

    def changed(self) -> bool:
        """Return whether the files have changed since the last call, or another try is due; may be called as often as wanted.

        A file that is still being written counts as changed once it is finished."""
        now = time.monotonic()
        if now >= self._again_at:
            self._again_at = math.inf
            return True
        if now - self._looked_at < LOOK_SECONDS:
            return False
        self._looked_at = now
        before, self._seen = self._seen, self._stamps()
        if self._seen != before or self._seen == self._known:
            return False
        self._known = self._seen
        return True

    def _stamps(self) -> Stamps:
        entry = avatars.find(*self._of)
        return tuple(_stamp(path) for path in entry.files) if entry is not None else ()


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size

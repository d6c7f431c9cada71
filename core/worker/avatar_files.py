"""Notices that the files of an avatar have changed, so that a picture which was edited is shown without a restart."""

from __future__ import annotations

import math
import time
from pathlib import Path
from typing import Optional

from ..shared import avatars

LOOK_SECONDS = 1.0
AGAIN_SECONDS = 10.0
"""After so long an avatar that could not be prepared, for a reason that nobody foresaw, is prepared again: memory may be free
by then."""

Stamps = tuple[Optional[tuple[int, int]], ...]
"""(time of change, size) of each file; None for one that is not there. Empty where there is no such avatar."""


class AvatarFiles:
    """Of the avatar that the settings `avatar` and `avatar_file` mean. Ask `changed` as often as you like."""

    def __init__(self, avatar: str, avatar_file: str) -> None:
        self._of = avatar, avatar_file
        self._looked_at = time.monotonic()
        self._known = self._seen = self._stamps()
        self._again_at = math.inf

    @property
    def missing(self) -> bool:
        """Whether the picture was not there at the last look."""
        return not self._seen or self._seen[0] is None

    def try_again(self) -> None:
        """The files count as changed once more, after a while: what was made of them failed, perhaps not for good."""
        self._again_at = time.monotonic() + AGAIN_SECONDS

    def changed(self) -> bool:
        """Whether the files are others than before. A file that is still being written counts once it is finished."""
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

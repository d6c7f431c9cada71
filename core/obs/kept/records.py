"""The live sources and filters by their handles, and the code that serves them now."""

import threading
from typing import Any, Dict, List, Optional

from . import libobs


class Record:
    """A live source or filter: OBS's pointers, and the object of the current code that serves it, or None.

    `screen` is what a filter shows; it is None for a source, which shows its frames itself.
    """

    def __init__(self, source: int, signals: int, screen: Optional[int] = None) -> None:
        self.source = source
        self.signals = signals
        self.screen = screen
        self.served_by: Any = None
        self.hotkeys: Optional[List[int]] = None
        """The ids of a filter's hotkeys, once requested. Those of a source are freed by OBS along with it."""


records: Dict[int, Record] = {}  # by their handles
lock = threading.RLock()
"""Held while a record's source is touched, so that it is not destroyed meanwhile. Nothing inside may wait for OBS's threads,
but for OBS's graphics lock: who holds that never wants this one."""


class _Serving:
    code: Any = None
    """The module script.py, with `Source`, `Filter`, `read`, `defaults`, `clicked` and more; None while no script is loaded."""


serving = _Serving()


def served_by(handle: Optional[int]) -> Any:
    record = records.get(handle) if handle is not None else None
    return record.served_by if record is not None else None


def name(record: Record) -> str:
    """Return the source's name; for a filter, that of its source comes first, as in "Camera: Avatar"."""
    own = (libobs.source_get_name(record.source) or b"").decode("utf-8", "replace")
    if record.screen is None:
        return own
    parent = libobs.filter_get_parent(record.source)
    return "%s: %s" % (((parent and libobs.source_get_name(parent)) or b"").decode("utf-8", "replace"), own)

"""Passes the newest of something from one thread to another: nothing queues, and what is not taken in time is replaced."""

from __future__ import annotations

import threading
from typing import Generic, TypeVar

T = TypeVar("T")


class LatestOnly(Generic[T]):
    """A place for one item, the newest; any thread may put items into it and take them out."""

    def __init__(self) -> None:
        self._fresh = threading.Condition()
        self._item: T | None = None

    def put(self, item: T) -> None:
        with self._fresh:
            self._item = item
            self._fresh.notify()

    def take(self, timeout: float) -> T | None:
        """Return the newest item that was not taken yet, or None if none comes within `timeout` seconds."""
        with self._fresh:
            self._fresh.wait_for(lambda: self._item is not None, timeout)
            item, self._item = self._item, None
            return item

    def clear(self) -> None:
        with self._fresh:
            self._item = None

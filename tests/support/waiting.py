"""Waiting for something to become true: tests never sleep for a fixed time and hope."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

POLL_SECONDS = 0.05
PATIENCE = 90
"""Seconds until a test gives up on what has to come, where its length matters to nothing that is tested: machines are busy."""
GONE_SECONDS = 15
"""Until a process without a task has ended. Somebody waits for the camera's light to go out: no matter of patience."""

T = TypeVar("T")


def wait_for(predicate: Callable[[], T], seconds: float, what: str, check: Callable[[], None] = lambda: None) -> T:
    """Polls until `predicate` gives something true, and returns that. Fails with `what` after `seconds`.

    `check` is called between the polls and raises where waiting has become pointless.
    """
    deadline = time.monotonic() + seconds
    while True:
        value = predicate()
        if value:
            return value
        check()
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds:g} s: {what} (last seen: {value!r})")
        time.sleep(POLL_SECONDS)

"""Limits this process's memory: a worker that leaks ends and is restarted before the computer runs out of memory."""

from __future__ import annotations

import logging
import os
import threading
import time

import psutil

from ..shared import log_file

LEAST_CEILING = 3 << 30
"""The lowest memory limit in bytes; either engine needs well under half of it."""
PART_OF_THE_COMPUTER = 4
"""The divisor that makes the limit a quarter of the computer's memory, if that is more than LEAST_CEILING."""
SECONDS_BETWEEN_LOOKS = 1.0
EXIT_CODE = 75
"""The exit code of a worker that has exceeded its memory limit."""

log = logging.getLogger(__name__)


def watch() -> None:
    """Start a thread that ends this process when it exceeds its memory limit, and also bounds the log file."""
    threading.Thread(target=_watch, name="memory", daemon=True).start()


def ceiling() -> int:
    """Return this process's memory limit in bytes."""
    return max(LEAST_CEILING, psutil.virtual_memory().total // PART_OF_THE_COMPUTER)


def _watch() -> None:
    process, most = psutil.Process(), ceiling()
    while True:
        used = process.memory_info().rss
        if used > most:
            log.error("the worker uses %d MB of memory, more than its limit of %d MB; it exits and is restarted",
                      used >> 20, most >> 20)
            os._exit(EXIT_CODE)
        log_file.bound(2)
        time.sleep(SECONDS_BETWEEN_LOOKS)

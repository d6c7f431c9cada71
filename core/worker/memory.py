"""A ceiling for this process's memory: one that leaks ends, and is started anew, before the computer has none left."""

from __future__ import annotations

import logging
import os
import threading
import time

import psutil

from ..shared import log_file

LEAST_CEILING = 3 << 30
"""In bytes. Either engine needs well under half of it."""
PART_OF_THE_COMPUTER = 4
"""A quarter of the computer's memory is the ceiling, where that is more."""
SECONDS_BETWEEN_LOOKS = 1.0
EXIT_CODE = 75

log = logging.getLogger(__name__)


def watch() -> None:
    """Starts a thread that ends this process when it has grown beyond its ceiling; keeps an eye on the log, too."""
    threading.Thread(target=_watch, name="memory", daemon=True).start()


def ceiling() -> int:
    return max(LEAST_CEILING, psutil.virtual_memory().total // PART_OF_THE_COMPUTER)


def _watch() -> None:
    process, most = psutil.Process(), ceiling()
    while True:
        used = process.memory_info().rss
        if used > most:
            log.error("the worker uses %d MB of memory, more than its %d MB; it ends and is started anew",
                      used >> 20, most >> 20)
            os._exit(EXIT_CODE)
        log_file.bound(2)
        time.sleep(SECONDS_BETWEEN_LOOKS)

"""Reads a driver in a separate thread, hands on the newest frame, and opens the driver again when it is lost."""

from __future__ import annotations

import logging
import threading
import time

import numpy as np

from ...animation.driving import DrivingFrame
from ...shared.texts import text
from ..latest_only import LatestOnly
from .base import Driver, DriverError, Given

RETRY_SECONDS = (0.5, 1.0, 2.0, 5.0)
"""The pauses between attempts to open a driver, in seconds; the last one repeats."""

log = logging.getLogger(__name__)


class Reader:
    """Opens `driver` at once and puts what it delivers into `frames`.

    A driver that hangs while it opens blocks nobody: it is abandoned.
    """

    def __init__(self, driver: Driver, frames: LatestOnly[DrivingFrame]) -> None:
        self.error = ""
        """What is wrong with the driver, as a sentence for the user; empty while frames come or may still come."""
        self._driver = driver
        self._frames = frames
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="driver", daemon=True)
        self._thread.start()

    def stop(self, wait: float = 1.0) -> None:
        """Release the driver (the camera's light goes off), waiting up to `wait` seconds for it."""
        self._stopping.set()
        self._thread.join(wait)

    def _run(self) -> None:
        attempt = 0
        while not self._stopping.is_set():
            try:
                self._driver.open(self._stopping)
                while not self._stopping.is_set():
                    given = self._driver.read(self._stopping)
                    if not self._stopping.is_set():
                        attempt, self.error = 0, ""
                        self._frames.put(_frame(given, time.monotonic()))
            except DriverError as error:
                self._say(str(error), error.__cause__)
            except Exception as error:
                log.exception("a driver failed")
                self._say(text("Driver.Unforeseen", name=self._driver.name), error)
            finally:
                self._driver.close()
            self._stopping.wait(RETRY_SECONDS[min(attempt, len(RETRY_SECONDS) - 1)])
            attempt += 1

    def _say(self, sentence: str, cause: BaseException | None) -> None:
        if not self._stopping.is_set() and sentence != self.error:
            # The sentence is for the user; it may name a file or a camera, which is nobody's business in a log.
            log.warning("%s cannot be used%s", type(self._driver).__name__, f" ({type(cause).__name__})" if cause else "")
            self.error = sentence


def _frame(given: Given, seconds: float) -> DrivingFrame:
    return DrivingFrame(seconds, picture=given) if isinstance(given, np.ndarray) else DrivingFrame(seconds, face=given)

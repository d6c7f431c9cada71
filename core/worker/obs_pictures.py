"""Receives the pictures that OBS hands to this worker: the reading end of a frame exchange in the opposite direction."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from ..link.frames import BYTES_PER_PIXEL, ExchangeError, FrameExchange
from .latest_only import LatestOnly

if TYPE_CHECKING:
    import numpy as np

log = logging.getLogger(__name__)


class ObsPictures:
    """The newest picture from OBS; the thread that hears OBS calls `attach` and `arrived`, the driver's thread calls `take`."""

    def __init__(self) -> None:
        self.fill = False
        """Whether the finished picture has to have the aspect ratio of these pictures."""
        self.aspect = 1.0
        """The width-to-height ratio of the newest picture."""
        self._exchange: FrameExchange | None = None
        self._numbers: LatestOnly[int] = LatestOnly()

    def attach(self, name: str, fill: bool) -> None:
        """Open the shared memory of that name, and unlink the name. A failure is only logged."""
        self.fill = fill
        try:
            self._exchange = FrameExchange.attach(name)
            self._exchange.unlink()
        except ExchangeError as error:
            log.error("cannot open OBS's pictures: %s", error)

    def arrived(self, number: int) -> None:
        self._numbers.put(number)

    def take(self, timeout: float) -> np.ndarray | None:
        """Return a copy of the newest picture, uint8 BGR (H, W, 3), or None if none comes within `timeout` seconds."""
        number, exchange = self._numbers.take(timeout), self._exchange
        if number is None or exchange is None:
            return None
        frame = exchange.frame(number)
        if frame is None:
            return None
        # Imported here, because the thread that hears OBS makes this object before anything large is imported.
        import cv2
        import numpy as np
        self.aspect = frame.width / frame.height
        pixels = np.frombuffer(exchange.mapping, np.uint8, frame.width * frame.height * BYTES_PER_PIXEL, frame.offset)
        picture = cv2.cvtColor(pixels.reshape(frame.height, frame.width, BYTES_PER_PIXEL), cv2.COLOR_BGRA2BGR)
        return picture if exchange.frame(number) == frame else None  # otherwise, it was overwritten while being copied

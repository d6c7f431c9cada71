"""Pictures that OBS hands to this worker: the far end of a frame exchange that goes the other way."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from ..link.frames import BYTES_PER_PIXEL, ExchangeError, FrameExchange
from .latest_only import LatestOnly

if TYPE_CHECKING:
    import numpy as np

log = logging.getLogger(__name__)


class ObsPictures:
    """`attach` and `arrived` are called by the thread that hears OBS, `take` by the driver's."""

    def __init__(self) -> None:
        self.fill = False
        """Whether what is shown is to have the shape of these pictures."""
        self.aspect = 1.0
        """Width to height of the newest one."""
        self._exchange: FrameExchange | None = None
        self._numbers: LatestOnly[int] = LatestOnly()

    def attach(self, name: str, fill: bool) -> None:
        """Takes the shared memory of that name, and the name away."""
        self.fill = fill
        try:
            self._exchange = FrameExchange.attach(name)
            self._exchange.unlink()
        except ExchangeError as error:
            log.error("OBS's pictures cannot be had: %s", error)

    def arrived(self, number: int) -> None:
        self._numbers.put(number)

    def take(self, timeout: float) -> np.ndarray | None:
        """The newest picture, BGR (H, W, 3), a copy; None where none comes within `timeout` seconds."""
        number, exchange = self._numbers.take(timeout), self._exchange
        if number is None or exchange is None:
            return None
        frame = exchange.frame(number)
        if frame is None:
            return None
        # Here: the thread that hears OBS makes this object before anything large is imported.
        import cv2
        import numpy as np
        self.aspect = frame.width / frame.height
        pixels = np.frombuffer(exchange.mapping, np.uint8, frame.width * frame.height * BYTES_PER_PIXEL, frame.offset)
        picture = cv2.cvtColor(pixels.reshape(frame.height, frame.width, BYTES_PER_PIXEL), cv2.COLOR_BGRA2BGR)
        return picture if exchange.frame(number) == frame else None  # else it was overwritten while it was copied

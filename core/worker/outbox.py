"""What goes to OBS: messages through the pipe, pictures through the frame exchange."""

from __future__ import annotations

import os
import threading
import time
from typing import Any

import numpy as np

from ..link import protocol
from ..link.frames import FrameExchange


class Outbox:
    """`pipe` is the file descriptor of OBS's end. Messages may come from any thread, pictures from one."""

    def __init__(self, pipe: int, exchange: FrameExchange) -> None:
        self._pipe = pipe
        self._exchange = exchange
        self._lock = threading.Lock()
        self._number = 0

    def send(self, kind: str, **fields: Any) -> None:
        """Raises OSError where OBS is gone."""
        line = protocol.encode(kind, **fields)
        with self._lock:
            while line:
                line = line[os.write(self._pipe, line):]

    def publish(self, picture: np.ndarray) -> None:
        """Shows a finished picture, BGRA (h, w, 4)."""
        height, width = picture.shape[:2]
        number, self._number = self._number, self._number + 1
        with self._exchange.begin(number, width, height) as room:
            np.frombuffer(room, np.uint8).reshape(height, width, 4)[:] = picture
        self._exchange.finish(number, width, height, time.monotonic_ns())
        # The system call is the memory barrier too: what was written before is seen by whoever reads the message.
        self.send("frame", number=number)

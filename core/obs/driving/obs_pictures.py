"""Hands frames from OBS to a worker: OBS's end of a frame exchange in the opposite direction."""

import ctypes as C
import threading
import time

from ...link.frames import FrameExchange
from .tap import LONGEST_SIDE


class ObsPictures:
    """Shared memory for frames of up to LONGEST_SIDE pixels each way. Raises OSError if memory is short."""

    def __init__(self) -> None:
        self._exchange = FrameExchange.create(LONGEST_SIDE, LONGEST_SIDE)
        self.name = self._exchange.name
        self._open = True
        self._using = threading.Lock()
        """Held during a copy, and while closing."""
        self.number = -1
        """The number of the newest complete frame; -1 while there is none."""

    def put(self, address: int, row: int, width: int, height: int) -> bool:
        """Copy a BGRA frame whose rows begin `row` bytes apart. Return False if the feed is already closed."""
        with self._using:
            if self._open:
                self._copy(address, row, width, height)
            return self._open

    def _copy(self, address: int, row: int, width: int, height: int) -> None:
        number = self.number + 1
        with self._exchange.begin(number, width, height) as room:
            anchor = C.c_char.from_buffer(room)
            start = C.addressof(anchor)
            if row == 4 * width:
                C.memmove(start, address, row * height)
            else:
                for line in range(height):
                    C.memmove(start + 4 * width * line, address + row * line, 4 * width)
            del anchor  # `room` cannot be released while its address is in use
        self._exchange.finish(number, width, height, time.monotonic_ns())
        self.number = number

    def close(self) -> None:
        with self._using:
            self._open = False
            self._exchange.close()

"""Links OBS and one worker: one end for each. Messages go in both directions, finished pictures go to OBS.

Here, the link is a pair of pipes (protocol.py) and shared memory (frames.py) between processes on one computer. Any other link
needs the same two ends with the same methods. Standard library only.
"""

import os
import threading
import time
from typing import Any, BinaryIO, Dict, List, Optional

from . import protocol
from .frames import Frame, FrameExchange

AT_ONCE = 64 * 1024
"""The largest number of bytes that are read from a pipe at a time."""


class HalfSent(Exception):
    """The other end has stopped reading: part of a message is in the pipe, so nothing that follows could be understood."""


class ObsEnd:
    """OBS's end of the link: make it, start the worker with its `name`, then call `connect`.

    `width` and `height` are those of the largest possible picture, in pixels. Raises OSError if there is no memory for it.
    """

    def __init__(self, width: int, height: int) -> None:
        self.exchange = FrameExchange.create(width, height)
        self._to_worker: Optional[BinaryIO] = None
        self._from_worker: Optional[BinaryIO] = None
        self._lines = protocol.Lines()

    @property
    def name(self) -> str:
        """The name by which the worker finds the shared memory."""
        return self.exchange.name

    def connect(self, to_worker: Any, from_worker: Any) -> None:
        """Use these unbuffered files, which are the worker's standard input and output."""
        if hasattr(os, "set_blocking") and os.name != "nt":
            # A worker that does not read must not stop the thread that would replace it.
            os.set_blocking(to_worker.fileno(), False)
        self._to_worker, self._from_worker = to_worker, from_worker

    def send(self, kind: str, **fields: Any) -> bool:
        """Send a message and return True, or return False if the worker is ending or does not read. Raises HalfSent."""
        line = protocol.encode(kind, **fields)
        try:
            written = self._to_worker.write(line) if self._to_worker is not None else None
        except (OSError, ValueError):
            return False
        if written and written < len(line):
            raise HalfSent
        return written == len(line)

    def hear(self) -> List[Dict[str, Any]]:
        """Wait for the next messages and return them; the list is empty once the worker has ended.

        Of pictures that arrive together, only the newest is announced, so nothing queues. Raises OSError, ProtocolError, and
        ValueError once `deafen` was called.
        """
        while self._from_worker is not None:
            piece = os.read(self._from_worker.fileno(), AT_ONCE)
            if not piece:
                break
            messages = _newest_frame_only(list(self._lines.feed(piece)))
            if messages:
                return messages
        return []

    def frame(self, number: int) -> Optional[Frame]:
        """Return where picture `number` lies in `exchange`, or None if a newer picture has taken its place."""
        return self.exchange.frame(number)

    def let_go(self) -> None:
        """Tell the worker to end, without waiting for it."""
        try:
            if self._to_worker is not None:
                self._to_worker.close()
        except OSError:
            pass  # it has ended by itself

    def deafen(self) -> None:
        """Stop reading what the worker sends."""
        if self._from_worker is not None:
            self._from_worker.close()

    def close(self) -> None:
        """Close the link and free the shared memory. Call this only when no thread is in `hear` any more."""
        self.let_go()
        self.deafen()
        self.exchange.close()


class WorkerEnd:
    """The worker's end of the link, over two file descriptors. Any thread may send messages, only one may publish pictures."""

    def __init__(self, hear: int, say: int) -> None:
        self._hear, self._say = hear, say
        self._exchange: Optional[FrameExchange] = None
        self._lines = protocol.Lines()
        self._sending = threading.Lock()
        self._number = 0

    def attach(self, name: str) -> None:
        """Map the shared memory of that name and remove the name; the memory is freed with the last process that maps it.

        Raises ExchangeError.
        """
        self._exchange = FrameExchange.attach(name)
        self._exchange.unlink()

    def hear(self) -> Optional[List[Dict[str, Any]]]:
        """Wait for the next messages and return them, or None once OBS has closed the link. Raises ProtocolError."""
        piece = os.read(self._hear, AT_ONCE)
        return list(self._lines.feed(piece)) if piece else None

    def send(self, kind: str, **fields: Any) -> None:
        """Send a message to OBS. Raises OSError if OBS is gone."""
        line = protocol.encode(kind, **fields)
        with self._sending:
            while line:
                line = line[os.write(self._say, line):]

    def publish(self, pixels: Any, width: int, height: int) -> None:
        """Show a finished picture: any contiguous buffer of width * height * 4 bytes, BGRA with straight alpha.

        Raises ExchangeError if the picture does not fit, and OSError if OBS is gone.
        """
        if self._exchange is None:
            raise ValueError("attach comes first")
        number, self._number = self._number, self._number + 1
        with self._exchange.begin(number, width, height) as room:
            room[:] = memoryview(pixels).cast("B")
        self._exchange.finish(number, width, height, time.monotonic_ns())
        # The system call is the memory barrier too: what was written before is seen by whoever reads the message.
        self.send("frame", number=number)


def _newest_frame_only(messages: List[Dict[str, Any]]) -> List[Dict[str, Any]]:
    """Return the messages without the frames that a newer frame in the same batch replaces."""
    newest = max((index for index, message in enumerate(messages) if message["type"] == "frame"), default=-1)
    return [message for index, message in enumerate(messages) if message["type"] != "frame" or index == newest]

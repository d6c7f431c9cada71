"""The way between OBS and one worker: one object with two ends. Messages go both ways, finished pictures to OBS.

Here it is a pair of pipes (protocol.py) and shared memory (frames.py) between processes of one computer. Whatever else is to
carry it has these two ends with the same methods. Standard library only.
"""

import os
import threading
import time
from typing import Any, BinaryIO, Dict, List, Optional

from . import protocol
from .frames import Frame, FrameExchange

AT_ONCE = 64 * 1024
"""How many bytes are read from a pipe at a time."""


class HalfSent(Exception):
    """The other end does not read: half of a message lies in the pipe, and nothing that follows can be understood."""


class ObsEnd:
    """OBS's end. Make it, start the worker with `name`, then `connect`. Raises OSError where there is no memory for pictures.

    width, height: of the largest picture that may come, in pixels.
    """

    def __init__(self, width: int, height: int) -> None:
        self.exchange = FrameExchange.create(width, height)
        self._to_worker: Optional[BinaryIO] = None
        self._from_worker: Optional[BinaryIO] = None
        self._lines = protocol.Lines()

    @property
    def name(self) -> str:
        """What the worker is told, so that it finds the shared memory."""
        return self.exchange.name

    def connect(self, to_worker: Any, from_worker: Any) -> None:
        """Takes the worker's standard input and output, unbuffered files."""
        if hasattr(os, "set_blocking") and os.name != "nt":
            # A worker that does not read must not stop the thread that would replace it.
            os.set_blocking(to_worker.fileno(), False)
        self._to_worker, self._from_worker = to_worker, from_worker

    def send(self, kind: str, **fields: Any) -> bool:
        """Whether the message went out; a worker that is ending or does not read gets none. Raises HalfSent."""
        line = protocol.encode(kind, **fields)
        try:
            written = self._to_worker.write(line) if self._to_worker is not None else None
        except (OSError, ValueError):
            return False
        if written and written < len(line):
            raise HalfSent
        return written == len(line)

    def hear(self) -> List[Dict[str, Any]]:
        """Waits for the next messages; none once the worker has ended. Raises OSError, ValueError, ProtocolError.

        Of pictures that came together only the newest is told of: nothing queues.
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
        """Where picture `number` lies in `exchange`; None where a newer one has its place already."""
        return self.exchange.frame(number)

    def let_go(self) -> None:
        """Tells the worker to end; does not wait."""
        try:
            if self._to_worker is not None:
                self._to_worker.close()
        except OSError:
            pass  # it has ended by itself

    def deafen(self) -> None:
        """Nothing is heard from the worker any more."""
        if self._from_worker is not None:
            self._from_worker.close()

    def close(self) -> None:
        """Gives the shared memory back. Call it when nobody is in `hear` any more."""
        self.let_go()
        self.deafen()
        self.exchange.close()


class WorkerEnd:
    """The worker's end. `hear` and `say` are file descriptors; messages may go out from any thread, pictures from one."""

    def __init__(self, hear: int, say: int) -> None:
        self._hear, self._say = hear, say
        self._exchange: Optional[FrameExchange] = None
        self._lines = protocol.Lines()
        self._sending = threading.Lock()
        self._number = 0

    def attach(self, name: str) -> None:
        """Takes the shared memory of that name, and the name away: the memory goes with the last who has it, however it ends.

        Raises ExchangeError.
        """
        self._exchange = FrameExchange.attach(name)
        self._exchange.unlink()

    def hear(self) -> Optional[List[Dict[str, Any]]]:
        """Waits for the next messages; None once OBS has let go. Raises ProtocolError."""
        piece = os.read(self._hear, AT_ONCE)
        return list(self._lines.feed(piece)) if piece else None

    def send(self, kind: str, **fields: Any) -> None:
        """Raises OSError where OBS is gone."""
        line = protocol.encode(kind, **fields)
        with self._sending:
            while line:
                line = line[os.write(self._say, line):]

    def publish(self, pixels: Any, width: int, height: int) -> None:
        """Shows a finished picture. pixels: any buffer of width * height * 4 bytes in a row, BGRA with straight alpha.

        Raises ExchangeError where the picture does not fit, OSError where OBS is gone.
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
    """Without the frames that a newer one in the same batch replaces."""
    newest = max((index for index, message in enumerate(messages) if message["type"] == "frame"), default=-1)
    return [message for index, message in enumerate(messages) if message["type"] != "frame" or index == newest]

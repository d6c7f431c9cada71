"""One worker process: starts it, listens to it and ends it. It never outlives the pipe that it reads from."""

import contextlib
import os
import subprocess
import threading

from ..link import protocol, start
from ..link.frames import FrameExchange
from ..shared import log_file, places, texts
from ..shared.texts import text
from .kept import libobs

LARGEST_PICTURE = 1024
"""The longest side, in pixels, that the settings offer; the exchange is made for it, so a new size needs no new worker."""
END_SECONDS = 0.5

CREATE_NO_WINDOW = 0x08000000


class NotSetUp(Exception):
    """The project's environment is missing. The message tells the user what to do."""


class WorkerProcess:
    """Starts the worker at once. `on_message(worker, message)` and then `on_end(worker)` are called in a thread of its own.

    `widest` is the greatest ratio of width to height, or of height to width, of the frames it may show.

    Raises NotSetUp, or OSError if memory or the process is not available.
    """

    def __init__(self, on_message, on_end, widest):
        python = places.venv_python()
        if not python.exists():
            raise NotSetUp(text("Status.NotSetUp", script=places.ROOT / "obs_avatar.py"))
        self.exchange = FrameExchange.create(widest * LARGEST_PICTURE, LARGEST_PICTURE)
        self._on_message = on_message
        self._on_end = on_end
        try:
            with log_file.opened() as log:
                self._process = subprocess.Popen(
                    start.command(str(python), start.Start(self.exchange.name, texts.language())),
                    stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, bufsize=0, cwd=str(places.ROOT),
                    env=_environment(), **_detached())
        except BaseException:
            self.exchange.close()
            raise
        if hasattr(os, "set_blocking") and os.name != "nt":
            # A worker that does not read must not block the thread that would replace it.
            os.set_blocking(self._process.stdin.fileno(), False)
        self._listener = threading.Thread(target=self._listen, name="obs-avatar-listener", daemon=True)
        self._listener.start()

    @property
    def pid(self):
        return self._process.pid

    @property
    def exit_code(self):
        """The exit code; None while the worker runs, and negative for the signal that ended it."""
        return self._process.poll()

    def send(self, kind, **fields):
        """Send a message and return whether it went out, which it does not if the worker is ending or does not read."""
        line = protocol.encode(kind, **fields)
        try:
            written = self._process.stdin.write(line)
        except (OSError, ValueError):
            return False
        if written and written < len(line):
            self.kill()  # it does not read, and would take the next message for the rest of this one
        return written == len(line)

    def kill(self):
        self._process.kill()

    def let_go(self):
        """Tell the worker to end, without waiting."""
        with contextlib.suppress(OSError):
            self._process.stdin.close()

    def close(self):
        """End the worker, by force if it does not end by itself, and wait for the last call of `on_end`."""
        self.let_go()
        try:
            self._process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()
            self._process.wait()
        if threading.current_thread() is not self._listener:
            self._listener.join(END_SECONDS)
        self.exchange.close()

    def _listen(self):
        lines, pipe = protocol.Lines(), self._process.stdout.fileno()
        try:
            while True:
                piece = os.read(pipe, 65536)
                if not piece:
                    break
                for message in _newest_frame_only(list(lines.feed(piece))):
                    self._on_message(self, message)
        except (OSError, ValueError, protocol.ProtocolError) as error:  # ValueError: the exchange has been closed meanwhile
            libobs.log(libobs.LOG_WARNING, "the worker cannot be understood and is ended: %s" % error)
            self.kill()
        finally:
            self._process.stdout.close()
            self._on_end(self)


def _newest_frame_only(messages):
    """Yield the messages without the frames that a newer one in the same batch replaces, so that nothing queues up."""
    newest = max((index for index, message in enumerate(messages) if message["type"] == "frame"), default=-1)
    return [message for index, message in enumerate(messages) if message["type"] != "frame" or index == newest]


def _environment():
    """Return OBS's environment without what its own Python and its packaging have added."""
    foreign = ("PYTHON", "QT_", "LD_", "DYLD_", "__PYVENV")
    return {key: value for key, value in os.environ.items() if not key.startswith(foreign)}


def _detached():
    """Return the options that detach the process, so that Ctrl-C in OBS's terminal and Windows's console do not affect it."""
    return {"creationflags": CREATE_NO_WINDOW} if os.name == "nt" else {"start_new_session": True}

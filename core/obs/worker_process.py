"""Starts one worker process, listens to it and ends it. The process never outlives the pipe that it reads from."""

import os
import subprocess
import threading
from typing import Any, Callable, Dict, Optional

from ..link import protocol, start
from ..link.ends import HalfSent, ObsEnd
from ..shared import log_file, places, texts
from ..shared.errors import UserError
from ..shared.texts import text
from .kept import libobs

LARGEST_PICTURE = 1024
"""The longest side, in pixels, that the settings offer; the exchange has room for it, so a new size needs no new worker."""
END_SECONDS = 0.5
"""The time in seconds that a worker has to end by itself before it is killed."""

CREATE_NO_WINDOW = 0x08000000


class NotSetUp(UserError):
    """The project's environment (.venv) is missing; the message is a sentence for the user."""


class WorkerProcess:
    """A worker, which starts at once; a thread of its own calls `on_message(worker, message)` and, last, `on_end(worker)`.

    `widest` is the largest ratio of a frame's longer side to its shorter one.

    Raises NotSetUp, or OSError if the system provides no memory or no process.
    """

    def __init__(self, on_message: Callable[["WorkerProcess", Any], None], on_end: Callable[["WorkerProcess"], None],
                 widest: int) -> None:
        python = places.venv_python()
        if not python.exists():
            raise NotSetUp(text("Status.NotSetUp", script=places.ROOT / "obs_avatar.py"))
        self.link = ObsEnd(widest * LARGEST_PICTURE, LARGEST_PICTURE)
        self._on_message = on_message
        self._on_end = on_end
        try:
            with log_file.opened() as log:
                self._process = subprocess.Popen(
                    start.command(str(python), start.Start(self.link.name, texts.language())),
                    stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, bufsize=0, cwd=str(places.ROOT),
                    env=_environment(), **_detached())
        except BaseException:
            self.link.close()
            raise
        self.link.connect(self._process.stdin, self._process.stdout)
        self._listener = threading.Thread(target=self._listen, name="obs-avatar-listener", daemon=True)
        self._listener.start()

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def exit_code(self) -> Optional[int]:
        """The exit code of the process: None while it runs, and the negative number of the signal if one ended it."""
        return self._process.poll()

    def send(self, kind: str, **fields: Any) -> bool:
        """Send a message and return whether it was sent. A worker that stops reading in the middle of one is killed."""
        try:
            return self.link.send(kind, **fields)
        except HalfSent:
            self.kill()
            return False

    def kill(self) -> None:
        self._process.kill()

    def let_go(self) -> None:
        """Tell the worker to end, without waiting."""
        self.link.let_go()

    def close(self) -> None:
        """End the worker, by force if it does not end by itself, and wait for the last call of `on_end`."""
        self.let_go()
        try:
            self._process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()
            self._process.wait()
        if threading.current_thread() is not self._listener:
            self._listener.join(END_SECONDS)
        self.link.close()

    def _listen(self) -> None:
        try:
            messages = self.link.hear()
            while messages:
                for message in messages:
                    self._on_message(self, message)
                messages = self.link.hear()
        except (OSError, ValueError, protocol.ProtocolError) as error:  # ValueError: the exchange was closed meanwhile
            libobs.log(libobs.LOG_WARNING, "a message from the worker cannot be read, so it is killed: %s" % error)
            self.kill()
        finally:
            self.link.deafen()
            self._on_end(self)


def _environment() -> Dict[str, str]:
    """Return OBS's environment variables without those that its Python and its packaging have added."""
    foreign = ("PYTHON", "QT_", "LD_", "DYLD_", "__PYVENV")
    return {key: value for key, value in os.environ.items() if not key.startswith(foreign)}


def _detached() -> Dict[str, Any]:
    """Return the options that detach the process, so that Ctrl-C in OBS's terminal and Windows's console do not affect it."""
    return {"creationflags": CREATE_NO_WINDOW} if os.name == "nt" else {"start_new_session": True}

"""A virtual X display, because OBS needs one."""

from __future__ import annotations

import os
import select
import subprocess
import time

from .processes import GOES_WITH_US
from .waiting import PATIENCE


class Display:
    """An Xvfb on a display number that the server itself found free. `name` is what DISPLAY has to be."""

    def __init__(self) -> None:
        read_end, write_end = os.pipe()
        # -noreset: the server shall outlive its last client, since tests start one OBS after the other.
        self._server = subprocess.Popen(
            [*GOES_WITH_US, "Xvfb", "-displayfd", str(write_end), "-screen", "0", "1600x1000x24", "-nolisten", "tcp",
             "-noreset"],
            pass_fds=[write_end], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            start_new_session=True)
        os.close(write_end)
        try:
            self.name = ":" + _line(read_end, time.monotonic() + PATIENCE)
        except BaseException:
            self.stop()
            raise
        finally:
            os.close(read_end)

    def stop(self) -> None:
        self._server.terminate()
        try:
            self._server.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self._server.kill()
            self._server.wait()


def _line(file: int, deadline: float) -> str:
    """The display number that Xvfb writes once it takes connections."""
    text = b""
    while not text.endswith(b"\n"):
        left = deadline - time.monotonic()
        if left <= 0 or not select.select([file], [], [], left)[0]:
            raise RuntimeError(f"Xvfb did not come up within {PATIENCE} s.")
        piece = os.read(file, 100)
        if not piece:
            raise RuntimeError("Xvfb ended at once: is another X server in the way, or /tmp/.X11-unix not writable?")
        text += piece
    return text.decode().strip()

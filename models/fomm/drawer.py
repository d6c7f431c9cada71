"""Draws in a thread of its own, so that whoever asks for a picture never waits for the network.

Nothing queues: the newest request replaces the one before it. The thread ends when the drawer is closed or nobody holds it
any more; it holds what it draws with, never the drawer.
"""

from __future__ import annotations

import os
import sys
import threading
import time
import weakref
from typing import Callable

from .carry import Drawn
from .keypoints import Keypoints
from .model import EncodedSource

Draw = Callable[[EncodedSource, Keypoints], Drawn]

NICENESS = 10
"""Faces are observed, and OBS encodes, before pictures are drawn: on two cores, paired, that made 22 shown pictures a second
of 16, and the network drew as many as before."""
CLOSING_SECONDS = 5.0
"""How long `close` waits at most for a drawing that is under way."""


class Drawer:
    """draw: called in the thread, once at a time."""

    def __init__(self, draw: Draw) -> None:
        self._tray = _Tray()
        self._thread = threading.Thread(target=_work, args=(self._tray, draw), name="fomm-drawer", daemon=True)
        self._thread.start()
        # Also at the end of the program: a thread inside a runtime while that one is torn down would crash it.
        weakref.finalize(self, _end, self._tray, self._thread)

    @property
    def seconds(self) -> float:
        """What the last drawing took; 0 before the first."""
        return self._tray.seconds

    def ask(self, source: EncodedSource, keypoints: Keypoints) -> Drawn | None:
        """The newest picture of that source that is there, in whatever pose; None before the first. The one that is
        asked for is drawn next. Raises what a drawing raised since the last call."""
        tray = self._tray
        with tray.changed:
            if tray.error is not None:
                error, tray.error, tray.wanted = tray.error, None, None
                raise error
            tray.wanted = source, keypoints
            tray.changed.notify()
            return tray.drawn if tray.drawn is not None and tray.drawn.source is source else None

    def forget(self) -> None:
        """Neither what is there nor what is under way is shown any more."""
        with self._tray.changed:
            self._tray.wanted = self._tray.drawn = None
            self._tray.epoch += 1

    def close(self) -> None:
        """Ends the thread. Nothing may be asked afterwards."""
        self._tray.stop()
        self._thread.join(CLOSING_SECONDS)


class _Tray:
    """What passes between the threads; all but `seconds` under `changed`."""

    def __init__(self) -> None:
        self.changed = threading.Condition()
        self.wanted: tuple[EncodedSource, Keypoints] | None = None
        self.drawn: Drawn | None = None
        self.error: BaseException | None = None
        self.stopped = False
        self.epoch = 0
        """Drawings that were begun in an earlier one are thrown away."""
        self.seconds = 0.0

    def stop(self) -> None:
        with self.changed:
            self.stopped, self.wanted, self.drawn = True, None, None
            self.changed.notify()


def _end(tray: _Tray, thread: threading.Thread) -> None:
    tray.stop()
    # Anywhere else this runs where Python happens to clear up, perhaps in the thread itself: nobody may wait there.
    if not threading.main_thread().is_alive():
        thread.join(CLOSING_SECONDS)


def _step_back() -> None:
    """This thread, and those that a runtime starts in it, run when nothing else wants to. Only Linux knows a thread's own
    niceness; elsewhere the call would reach a whole process, if any."""
    if sys.platform == "linux":
        try:
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)
        except OSError:  # a sandbox that forbids it, or more niceness than this already
            return


def _work(tray: _Tray, draw: Draw) -> None:
    _step_back()
    while True:
        with tray.changed:
            while tray.wanted is None and not tray.stopped:
                tray.changed.wait()
            if tray.stopped:
                return
            wanted, tray.wanted, epoch = tray.wanted, None, tray.epoch
        drawn, error, began = None, None, time.perf_counter()
        try:
            drawn = draw(*wanted)
        except BaseException as raised:  # whatever it is: it belongs to whoever asked, and the thread lives on
            error = raised
        with tray.changed:
            tray.seconds = time.perf_counter() - began
            if epoch == tray.epoch:
                tray.error, tray.drawn = error, drawn or tray.drawn
        del wanted, drawn, error  # while nothing is asked for, nothing of an old avatar is held

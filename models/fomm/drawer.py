"""Drawing in a thread of its own, so that no caller waits for the network.

Nothing queues: the newest request replaces the one before it. The thread ends when the drawer is closed or garbage-collected;
it keeps what it draws with alive, never the drawer.
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
"""Niceness of the thread, so that observing faces, and OBS's encoding, go first. In paired runs on two cores that raised the
pictures shown from 16 to 22 a second, and the network drew as many as before."""
CLOSING_SECONDS = 5.0
"""How long `close` waits at most, in seconds, for a drawing that is under way."""


class Drawer:
    """Draws the newest request. draw: called in the thread, never twice at once."""

    def __init__(self, draw: Draw) -> None:
        self._tray = _Tray()
        self._thread = threading.Thread(target=_work, args=(self._tray, draw), name="fomm-drawer", daemon=True)
        self._thread.start()
        # Also at exit: a thread that is inside a runtime while that is torn down would crash it.
        weakref.finalize(self, _end, self._tray, self._thread)

    @property
    def seconds(self) -> float:
        """Seconds that the last drawing took; 0 before the first."""
        return self._tray.seconds

    def ask(self, source: EncodedSource, keypoints: Keypoints) -> Drawn | None:
        """Return the newest finished picture of that source, in whatever pose; None before the first.

        The one asked for is drawn next. Raises what a drawing has raised since the last call.
        """
        tray = self._tray
        with tray.changed:
            if tray.error is not None:
                error, tray.error, tray.wanted = tray.error, None, None
                raise error
            tray.wanted = source, keypoints
            tray.changed.notify()
            return tray.drawn if tray.drawn is not None and tray.drawn.source is source else None

    def forget(self) -> None:
        """Discard the finished picture, the request, and the drawing that is under way."""
        with self._tray.changed:
            self._tray.wanted = self._tray.drawn = None
            self._tray.epoch += 1

    def close(self) -> None:
        """End the thread. `ask` must not be called afterwards."""
        self._tray.stop()
        self._thread.join(CLOSING_SECONDS)


class _Tray:
    """What passes between the threads; all but `seconds` is guarded by `changed`."""

    def __init__(self) -> None:
        self.changed = threading.Condition()
        self.wanted: tuple[EncodedSource, Keypoints] | None = None
        self.drawn: Drawn | None = None
        self.error: BaseException | None = None
        self.stopped = False
        self.epoch = 0
        """Number of the epoch: a drawing that was begun in an earlier one is discarded."""
        self.seconds = 0.0

    def stop(self) -> None:
        with self.changed:
            self.stopped, self.wanted, self.drawn = True, None, None
            self.changed.notify()


def _end(tray: _Tray, thread: threading.Thread) -> None:
    """End the thread and wait for it at exit."""
    tray.stop()
    # Before exit this runs wherever Python collects garbage, perhaps in the thread itself, which must not wait.
    if not threading.main_thread().is_alive():
        thread.join(CLOSING_SECONDS)


def _step_back() -> None:
    """Lower the priority of this thread, and of those that a runtime starts from it.

    Only Linux has a niceness per thread; elsewhere the call would affect a whole process, if any.
    """
    if sys.platform == "linux":
        try:
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)
        except OSError:  # a sandbox forbids it, or the niceness is higher already
            return


def _work(tray: _Tray, draw: Draw) -> None:
    """What the thread runs: draws whatever is wanted until the tray is stopped."""
    _step_back()
    while True:
        with tray.changed:
            while tray.wanted is None and not tray.stopped:
                tray.changed.wait()
            if tray.stopped or tray.wanted is None:
                return
            wanted, tray.wanted, epoch = tray.wanted, None, tray.epoch
        drawn, error, began = None, None, time.perf_counter()
        try:
            drawn = draw(*wanted)
        except BaseException as raised:  # whatever it is, it is the caller's, and the thread lives on
            error = raised
        with tray.changed:
            tray.seconds = time.perf_counter() - began
            if epoch == tray.epoch:
                tray.error, tray.drawn = error, drawn or tray.drawn
        del wanted, drawn, error  # an idle thread must not keep an old avatar alive

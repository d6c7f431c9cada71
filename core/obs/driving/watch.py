"""Watches another source of OBS that drives an Avatar source: keeps it running and takes its frames."""

import time
from typing import Optional

from ..kept import calls, libobs
from .tap import Deliver, Tap


class NoSuchSource(Exception):
    """There is no source of that name."""


class Watch:
    """Watches the source named `name` until `close`, even if OBS removes it meanwhile; `deliver` gets its frames, see tap.Tap.

    Raises NoSuchSource.
    """

    def __init__(self, name: str, deliver: Deliver) -> None:
        source = libobs.get_source_by_name(name.encode())
        if not source or libobs.source_removed(source):
            libobs.source_release(source)
            raise NoSuchSource(name)
        self.name = name
        self._deliver = deliver
        self._tap: Optional[Tap] = None
        self._weak = libobs.source_get_weak_source(source)
        # Needed if no scene shows the source: a camera only delivers frames while it counts as shown.
        libobs.source_inc_showing(source)
        libobs.source_release(source)
        self._ticking = calls.start_ticking(self._turn)

    @property
    def alive(self) -> bool:
        """Whether the user still has the source: a scene that is not drawn keeps removed sources for a while."""
        source = libobs.weak_source_get_source(self._weak)
        if not source:
            return False
        removed = libobs.source_removed(source)
        libobs.source_release(source)
        return not removed

    def close(self) -> None:
        """Stop watching. Must not be called in OBS's graphics thread."""
        calls.stop_ticking(self._ticking)
        if self._tap is not None:
            libobs.enter_graphics()
            self._tap.close()
            libobs.leave_graphics()
        source = libobs.weak_source_get_source(self._weak)
        if source:
            libobs.source_dec_showing(source)
            libobs.source_release(source)
        libobs.weak_source_release(self._weak)

    def _turn(self) -> None:
        source = libobs.weak_source_get_source(self._weak)
        if not source:
            return
        libobs.enter_graphics()
        try:
            if self._tap is None:
                self._tap = Tap(self._deliver)
            self._tap.turn(lambda: libobs.source_video_render(source), libobs.source_get_width(source),
                           libobs.source_get_height(source), time.monotonic())
        finally:
            libobs.leave_graphics()
            libobs.source_release(source)

"""One Avatar filter: the source that it is on drives it, and is never shown itself.

What is shown is the filter's screen (screen.py), which this fills as a source fills itself. `turn` is called whenever
OBS draws the filter; it takes the picture of the source for the worker.
"""

import time
from dataclasses import replace

from ..shared.settings import OBS_SOURCE
from .driving.tap import Tap
from .kept import libobs
from .source import Source

UNSEEN_SECONDS = 1.0
"""A filter that was not drawn for so long is not shown anywhere."""


class Filter(Source):
    """Serves the libobs filter at address `filter` with `settings`; its pictures go to `screen`."""

    FILLS, WIDEST = True, 2

    def __init__(self, filter, settings, screen):
        self._tap = None
        self._ended = False
        self._drawn_at = 0.0
        super().__init__(filter, _driven_by_its_source(settings), screen)

    def update(self, settings):
        super().update(_driven_by_its_source(settings))

    def turn(self, target, width, height):
        """In OBS's graphics thread. target: what the filter is on, or the filter before it; of that size in pixels."""
        self._drawn_at = time.monotonic()
        if not self._output.shown:
            self.set_shown(True)
        if self._ended or not self._driving.wanted:
            return
        if self._tap is None:
            self._tap = Tap(self._driving.deliver)
        self._tap.turn(lambda: self._draw(target), width, height, self._drawn_at)

    def _draw(self, target):
        flags = libobs.source_get_output_flags(target)
        plain = not flags & (libobs.OUTPUT_CUSTOM_DRAW | libobs.OUTPUT_ASYNC)
        if plain and target == libobs.filter_get_parent(self._output.source):
            libobs.source_default_render(target)
        else:
            libobs.source_video_render(target)

    def look_around(self):
        super().look_around()
        if self._output.shown and time.monotonic() - self._drawn_at > UNSEEN_SECONDS:
            self.set_shown(False)

    def close(self):
        super().close()
        libobs.enter_graphics()  # from here on nobody is in `turn`
        self._ended = True
        if self._tap is not None:
            self._tap.close()
            self._tap = None
        libobs.leave_graphics()


def _driven_by_its_source(settings):
    return replace(settings, driver=OBS_SOURCE, driver_source="")

"""Serves one Avatar filter: the source that the filter is on drives the avatar and is never shown itself.

The filter shows its screen (kept/screen.py), which gets pictures just as a source does. OBS calls `turn` whenever it draws the
filter, and `turn` takes the source's frame for the worker.
"""

import time
from dataclasses import replace
from typing import Optional

from ..shared.settings import OBS_SOURCE, Settings
from .driving.tap import Tap
from .kept import libobs
from .source import Source

UNSEEN_SECONDS = 1.0
"""The time in seconds without being drawn after which a filter counts as hidden."""


class Filter(Source):
    """Serves the libobs filter at address `filter` with `settings`; its pictures go to the libobs source at `screen`."""

    FILLS, WIDEST = True, 2

    def __init__(self, filter: int, settings: Settings, screen: int) -> None:
        self._tap: Optional[Tap] = None
        self._ended = False
        self._drawn_at = 0.0
        super().__init__(filter, _driven_by_its_source(settings), screen)

    def update(self, settings: Settings) -> None:
        super().update(_driven_by_its_source(settings))

    def turn(self, target: int, width: int, height: int) -> None:
        """Take a frame of `target`, the source or the filter before, of that size in pixels. Runs in OBS's graphics thread."""
        self._drawn_at = time.monotonic()
        if not self._output.shown:
            self.set_shown(True)
        if self._ended or not self._driving.wanted:
            return
        if self._tap is None:
            self._tap = Tap(self._driving.deliver)
        self._tap.turn(lambda: self._draw(target), width, height, self._drawn_at)

    def _draw(self, target: int) -> None:
        flags = libobs.source_get_output_flags(target)
        plain = not flags & (libobs.OUTPUT_CUSTOM_DRAW | libobs.OUTPUT_ASYNC)
        if plain and target == libobs.filter_get_parent(self._output.source):
            libobs.source_default_render(target)
        else:
            libobs.source_video_render(target)

    def look_around(self) -> None:
        super().look_around()
        if self._output.shown and time.monotonic() - self._drawn_at > UNSEEN_SECONDS:
            self.set_shown(False)

    def close(self) -> None:
        super().close()
        libobs.enter_graphics()  # from here on, no thread is in `turn`
        self._ended = True
        if self._tap is not None:
            self._tap.close()
            self._tap = None
        libobs.leave_graphics()


def _driven_by_its_source(settings: Settings) -> Settings:
    return replace(settings, driver=OBS_SOURCE, driver_source="")

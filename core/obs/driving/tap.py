"""Takes frames of another source for the worker: OBS draws it small into a texture of ours, from which it is copied.

OBS draws the source whatever it is (a camera in any pixel format, a browser, a scene), so nothing here has to know formats. The
copy is fetched when OBS draws again: by then, the graphics card has finished, so nothing waits.
"""

import ctypes as C
from typing import Any, Callable, Optional, Tuple

from ..kept import libobs

Deliver = Callable[[int, int, int, int], Any]
"""A function that gets the frames: the address of the first row (BGRA), the bytes from row to row, width and height in pixels.
The rows stay valid until it returns."""
LONGEST_SIDE = 960
"""The longest side of the frames in pixels: more would not help the worker, and would cost OBS's graphics thread time."""
SECONDS_BETWEEN = 0.9 / 30
"""The least time between two frames in seconds: thirty a second are enough, however often OBS draws."""

_block = C.create_string_buffer(32)
_BLACK = (C.addressof(_block) + 15) & ~15
"""The address of a vec4 of zeros, aligned to 16 bytes as libobs requires."""


class Tap:
    """A tap on one source. Make, use and close it in OBS's graphics thread, or between enter_graphics and leave_graphics."""

    def __init__(self, deliver: Deliver) -> None:
        self._deliver = deliver
        self._texture = libobs.gs_texrender_create(libobs.GS_BGRA, libobs.GS_ZS_NONE)
        self._stage: Optional[int] = None
        self._size = (0, 0)
        self._staged = False
        self._due = 0.0

    def close(self) -> None:
        libobs.gs_texrender_destroy(self._texture)
        if self._stage:
            libobs.gs_stagesurface_destroy(self._stage)

    def turn(self, draw: Callable[[], Any], width: int, height: int, now: float) -> None:
        """Deliver what was drawn before, and draw again if it is time. Has to be called whenever OBS draws.

        `draw` is a function that draws the source, of that size in pixels, with libobs.
        """
        if self._staged:
            self._fetch()
        if now >= self._due and width and height:
            self._due = max(self._due + SECONDS_BETWEEN, now)
            self._draw(draw, width, height)

    def _fetch(self) -> None:
        self._staged = False
        data, row = C.c_void_p(), C.c_uint32()
        if libobs.gs_stagesurface_map(self._stage, C.byref(data), C.byref(row)):
            try:
                if data.value:
                    self._deliver(data.value, row.value, *self._size)
            finally:
                libobs.gs_stagesurface_unmap(self._stage)

    def _draw(self, draw: Callable[[], Any], width: int, height: int) -> None:
        small = _fitting(width, height)
        if small != self._size:
            if self._stage:
                libobs.gs_stagesurface_destroy(self._stage)
            self._stage, self._size = libobs.gs_stagesurface_create(small[0], small[1], libobs.GS_BGRA), small
        libobs.gs_texrender_reset(self._texture)
        if not self._stage or not libobs.gs_texrender_begin(self._texture, *small):
            return
        libobs.gs_clear(libobs.GS_CLEAR_COLOR, _BLACK, 0.0, 0)
        libobs.gs_ortho(0.0, width, 0.0, height, -100.0, 100.0)
        libobs.gs_blend_state_push()
        libobs.gs_blend_function(libobs.GS_BLEND_ONE, libobs.GS_BLEND_ZERO)
        try:
            draw()
        finally:
            libobs.gs_blend_state_pop()
            libobs.gs_texrender_end(self._texture)
        libobs.gs_stage_texture(self._stage, libobs.gs_texrender_get_texture(self._texture))
        self._staged = True


def _fitting(width: int, height: int) -> Tuple[int, int]:
    """Return the size at which a source of that size is drawn: even, and never enlarged."""
    part = min(1.0, LONGEST_SIDE / max(width, height))
    return max(2, int(width * part) & ~1), max(2, int(height * part) & ~1)

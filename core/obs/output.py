"""Shows a source's pictures in OBS, the worker's or a placeholder, until the source is closed."""

import ctypes as C
import threading
from typing import Any, Callable, NamedTuple, Optional

from . import placeholder
from .kept import libobs


class Pixels(NamedTuple):
    """A BGRA picture in memory, without gaps between its rows."""

    keep: Any
    """The object that keeps the memory alive."""
    address: int
    width: int
    height: int


class Output:
    """Hands pictures to the libobs source at address `screen`, and asks OBS about the one at `source`, until `end`.

    Any thread may call its methods, except OBS's graphics thread.
    """

    def __init__(self, source: int, screen: int) -> None:
        self.source: Optional[int] = source
        """The address of the libobs source; None once it has ended. Only OBS's graphics thread may use it outside `alive`."""
        self.shown = False
        """Whether the source is shown anywhere."""
        self._screen = screen
        self._alive = threading.Lock()
        """Held while OBS is called with the source's address, and while `end` takes that address away."""
        self._closing = False
        self._newest: Optional[Callable[[], Optional[Pixels]]] = None
        """The function that returns the picture handed over last, or None if it is gone; None before the first one."""
        libobs.source_set_async_unbuffered(screen, True)

    def alive(self, use: Callable[[int], Any]) -> Any:
        """Return what `use` makes of the source's address, while the source cannot end, or None if it has ended."""
        with self._alive:
            return use(self.source) if self.source is not None else None

    def close(self) -> None:
        """Show nothing from now on, except a last placeholder."""
        self._closing = True

    def end(self) -> None:
        """Let go of the source; no picture goes to OBS after this."""
        with self._alive:
            self.source = None

    def show_frame(self, link: Any, number: int) -> bool:
        """Show picture `number` from the other end of `link`; return False if it is gone already, or the source is closing."""
        def picture() -> Optional[Pixels]:
            frame = link.frame(number)
            if frame is None:
                return None
            anchor = C.c_char.from_buffer(link.exchange.mapping, frame.offset)
            return Pixels(anchor, C.addressof(anchor), frame.width, frame.height)

        return self._push(picture)

    def show_placeholder(self, which: str, side: int, last: bool = False) -> None:
        """Show the placeholder `which`, side x side pixels; if it is the `last` picture, also after `close`."""
        pixels = placeholder.pixels(which, side)
        address = C.cast(C.c_char_p(pixels), C.c_void_p).value or 0
        self._push(lambda: Pixels(pixels, address, side, side), last)

    def show_again(self) -> None:
        """Hand over the newest picture once more, because OBS may not have drawn it before the source was hidden."""
        if self._newest is not None:
            self._push(self._newest)

    def _push(self, picture: Callable[[], Optional[Pixels]], last: bool = False) -> bool:
        """Hand OBS a picture, which it copies before this returns, and return whether there was one to hand over.

        A picture for obs_source_output_video waits for OBS's next turn, and is dropped one turn later if it was not drawn.
        A hidden source is not drawn, so showing it would begin with whatever was drawn last, however long ago. While the
        source is hidden, pictures therefore go straight to the texture that OBS draws from, under OBS's graphics lock.
        """
        with self._alive:
            found = picture() if self.source is not None and (last or not self._closing) else None
            if found is None:
                return False
            frame = libobs.SourceFrame(width=found.width, height=found.height, format=libobs.VIDEO_FORMAT_BGRA, full_range=True,
                                       flags=libobs.FRAME_LINEAR_ALPHA, timestamp=libobs.os_gettime_ns())
            frame.data[0], frame.linesize[0] = found.address, 4 * found.width
            shown = self.shown
            if not shown:
                libobs.source_set_video_frame(self._screen, C.byref(frame))
            if shown or self._newest is None:  # the first one tells OBS that there is something to draw
                libobs.source_output_video(self._screen, C.byref(frame))
            self._newest = picture
            return True

"""What a source shows in OBS: the worker's pictures, or a placeholder, until it is closed."""

import ctypes as C
import threading
from typing import Any, Callable, NamedTuple, Optional

from . import placeholder
from .kept import libobs


class Pixels(NamedTuple):
    """A BGRA picture in memory, rows without gaps."""

    keep: Any
    """Whatever keeps the memory alive."""
    address: int
    width: int
    height: int


class Output:
    """Hands pictures to the libobs source at address `screen`, and asks OBS about the one at `source`, until `end`.

    Any thread may call it, but none of OBS's graphics thread.
    """

    def __init__(self, source: int, screen: int) -> None:
        self.source: Optional[int] = source
        """The address of the libobs source; None once it has ended. Use it inside `alive` only."""
        self.shown = False
        """Whether the source is shown anywhere."""
        self._screen = screen
        self._alive = threading.Lock()
        """Held while a picture goes to OBS; under it `end` takes the source away."""
        self._closing = False
        self._newest: Optional[Callable[[], Optional[Pixels]]] = None
        """The picture that was handed over last."""
        libobs.source_set_async_unbuffered(screen, True)

    def alive(self, use: Callable[[int], Any]) -> Any:
        """Return what `use` makes of the source's address, while the source cannot end, or None if it has ended."""
        with self._alive:
            return use(self.source) if self.source is not None else None

    def close(self) -> None:
        """From now on only a last placeholder is shown."""
        self._closing = True

    def end(self) -> None:
        """No picture goes to OBS after this."""
        with self._alive:
            self.source = None

    def show_frame(self, link: Any, number: int) -> bool:
        """Show that picture of the worker at the other end of `link`; return False if it is gone already."""
        def picture() -> Optional[Pixels]:
            frame = link.frame(number)
            if frame is None:
                return None
            anchor = C.c_char.from_buffer(link.exchange.mapping, frame.offset)
            return Pixels(anchor, C.addressof(anchor), frame.width, frame.height)

        return self._push(picture)

    def show_placeholder(self, which: str, side: int, last: bool = False) -> None:
        """Show the placeholder `which`, side x side pixels; also while the source closes, if it is the last picture."""
        pixels = placeholder.pixels(which, side)
        address = C.cast(C.c_char_p(pixels), C.c_void_p).value or 0
        self._push(lambda: Pixels(pixels, address, side, side), last)

    def show_again(self) -> None:
        """Hand over the newest picture once more: OBS may not have come to draw it before the source was hidden."""
        if self._newest is not None:
            self._push(self._newest)

    def _push(self, picture: Callable[[], Optional[Pixels]], last: bool = False) -> bool:
        """Hand OBS a picture, which it copies before this returns, and tell whether it did.

        A picture for output_video waits for OBS's next turn, and is gone one turn later if nobody has drawn it by then. In a
        hidden source nobody does, so showing it would begin with whatever was drawn last, however long ago. While the
        source is hidden a picture therefore goes straight to where OBS draws from, for which OBS's graphics lock is taken.
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

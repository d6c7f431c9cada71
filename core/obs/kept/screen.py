"""What an Avatar filter shows instead of the source that it is on: a private video source, shown at that one's size.

The filter never draws the source itself where anybody can see it. So no bug of ours, and nothing that OBS does with the
source's own frames (a media source shows some without any filter), can let the real picture through.
"""

import ctypes as C
from typing import Any, Callable

from . import libobs

SCREEN_ID = b"obs_avatar_screen"
SCREEN_NAME = C.create_string_buffer(b"Avatar screen")


def source_info(keep: Callable[..., Any]) -> libobs.SourceInfo:
    """Return the description, for libobs, of the kind of source that shows what it is given; `keep` is calls.keep."""
    return libobs.SourceInfo(
        id=SCREEN_ID, type=libobs.SOURCE_TYPE_INPUT,
        output_flags=libobs.OUTPUT_VIDEO | libobs.OUTPUT_ASYNC | libobs.OUTPUT_CAP_DISABLED,
        get_name=keep(libobs.PointerFn, lambda type_data: C.addressof(SCREEN_NAME), C.addressof(SCREEN_NAME)),
        create=keep(libobs.PointerFn2, lambda settings, source: libobs.bmalloc(16)),
        destroy=C.cast(libobs.bfree, libobs.VoidFn))


def make() -> int:
    """Make a new screen, which its maker has to release."""
    return libobs.source_create_private(SCREEN_ID, SCREEN_NAME.value, None)


def draw(screen: int, width: int, height: int) -> None:
    """Draw the screen centred, as large as fits into width x height, or nothing if it is empty. Graphics thread only."""
    own_width, own_height = libobs.source_get_base_width(screen), libobs.source_get_base_height(screen)
    if not (own_width and own_height):
        return
    scale = min(width / own_width, height / own_height)
    libobs.gs_matrix_push()
    libobs.gs_matrix_translate((width - own_width * scale) / 2, (height - own_height * scale) / 2, 0.0)
    libobs.gs_matrix_scale(scale, scale, 1.0)
    libobs.source_video_render(screen)
    libobs.gs_matrix_pop()

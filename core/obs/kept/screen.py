"""What an Avatar filter shows instead of the source that it is on: a private video source, shown as large as that one.

The filter never draws the source itself to where anybody sees it. So no fault of ours, and nothing that OBS does with
the source's own pictures (a media source shows some past all filters), can let the real picture through.
"""

import ctypes as C

from . import libobs

SCREEN_ID = b"obs_avatar_screen"
SCREEN_NAME = C.create_string_buffer(b"Avatar screen")


def source_info(keep):
    """What libobs has to know of the kind of source that shows what it is given. keep: as calls.keep."""
    return libobs.SourceInfo(
        id=SCREEN_ID, type=libobs.SOURCE_TYPE_INPUT,
        output_flags=libobs.OUTPUT_VIDEO | libobs.OUTPUT_ASYNC | libobs.OUTPUT_CAP_DISABLED,
        get_name=keep(libobs.PointerFn, lambda type_data: C.addressof(SCREEN_NAME), C.addressof(SCREEN_NAME)),
        create=keep(libobs.PointerFn2, lambda settings, source: libobs.bmalloc(16)),
        destroy=C.cast(libobs.bfree, libobs.VoidFn))


def make():
    """A new one, for its maker to release."""
    return libobs.source_create_private(SCREEN_ID, SCREEN_NAME.value, None)


def draw(screen, width, height):
    """Draws it as large as it fits into width x height, in the middle; nothing where it shows nothing yet. Graphics thread."""
    own_width, own_height = libobs.source_get_base_width(screen), libobs.source_get_base_height(screen)
    if not (own_width and own_height):
        return
    scale = min(width / own_width, height / own_height)
    libobs.gs_matrix_push()
    libobs.gs_matrix_translate((width - own_width * scale) / 2, (height - own_height * scale) / 2, 0.0)
    libobs.gs_matrix_scale(scale, scale, 1.0)
    libobs.source_video_render(screen)
    libobs.gs_matrix_pop()

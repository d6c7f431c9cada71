"""The picture that is shown while a worker has none to show. It ships with the product and needs nothing but Python itself.

The files in placeholders/ are grey PNGs for every language and size, made by docs/make_placeholders.py. Only what that script
writes can be read here (8-bit grey, unfiltered rows), because OBS's Python has no library for pictures.
"""

import struct
import zlib
from functools import lru_cache
from pathlib import Path

from ..shared import texts

STARTING, BACK_SOON, SET_UP, OFF = "starting", "back_soon", "set_up", "off"
FOLDER = Path(__file__).resolve().parent / "placeholders"
_SIGNATURE = b"\x89PNG\r\n\x1a\n"


def pixels(which: str, side: int) -> bytes:
    """Return the placeholder `which` as BGRA bytes, side x side, in the language in use; plain grey if its file is damaged."""
    return _pixels(FOLDER / texts.language() / ("%s_%d.png" % (which, side)), side)


@lru_cache(maxsize=4)
def _pixels(path: Path, side: int) -> bytes:
    try:
        grey = _grey(path.read_bytes(), side)
    except (OSError, ValueError, struct.error, zlib.error):
        grey = b"\x24" * (side * side)
    bgra = bytearray(4 * side * side)
    bgra[0::4] = bgra[1::4] = bgra[2::4] = grey
    bgra[3::4] = b"\xff" * (side * side)
    return bytes(bgra)


def _grey(file: bytes, side: int) -> bytes:
    if not file.startswith(_SIGNATURE):
        raise ValueError("no PNG")
    packed, position = b"", len(_SIGNATURE)
    while position < len(file):
        length, kind = struct.unpack_from(">I4s", file, position)
        if kind == b"IDAT":
            packed += file[position + 8:position + 8 + length]
        position += length + 12
    expected = side * (side + 1)
    rows = zlib.decompressobj().decompress(packed, expected)
    if len(rows) != expected or any(rows[::side + 1]):
        raise ValueError("not a PNG of ours")
    return b"".join(rows[start + 1:start + 1 + side] for start in range(0, expected, side + 1))

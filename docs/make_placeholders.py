"""Draws the pictures in core/obs/placeholders. Run it in the project's environment after a change of their look:

    .venv/bin/python docs/make_placeholders.py
"""

import struct
import sys
import zlib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from core import settings  # noqa: E402
from core.obs import placeholder  # noqa: E402
from core.worker import lettering  # noqa: E402

TEXTS = {
    placeholder.STARTING: ("One moment", "The avatar is being prepared."),
    placeholder.BACK_SOON: ("Back in a moment", "The avatar is being started again."),
    placeholder.SET_UP: ("Nearly there", "OBS Avatar needs to be set up once: open the properties of this source."),
    placeholder.OFF: ("Avatar off", "The script of OBS Avatar is not loaded: see Tools > Scripts."),
}


def png(grey: bytes, side: int) -> bytes:
    """8 bit grey pixels as a PNG whose rows are unfiltered, which core/obs/placeholder.py can read without a library."""
    rows = b"".join(b"\0" + grey[start:start + side] for start in range(0, side * side, side))
    chunks = ((b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks)


def main() -> None:
    placeholder.FOLDER.mkdir(exist_ok=True)
    for choice in settings.BY_KEY["size"].choices:
        side = int(choice.id)
        for name, (title, sentence) in TEXTS.items():
            picture = lettering.placeholder((side, side), title, sentence)
            (placeholder.FOLDER / ("%s_%d.png" % (name, side))).write_bytes(png(picture[..., 1].tobytes(), side))


if __name__ == "__main__":
    main()

"""Draws the pictures in core/obs/placeholders. Run it in the project's environment after a change of their look or words:

    .venv/bin/python docs/make_placeholders.py
"""

import struct
import sys
import zlib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from core.animation.compose import lettering  # noqa: E402
from core.obs import placeholder  # noqa: E402
from core.shared import settings, texts  # noqa: E402

TEXTS = {placeholder.STARTING: "Placeholder.Starting", placeholder.BACK_SOON: "Placeholder.BackSoon",
         placeholder.SET_UP: "Placeholder.SetUp", placeholder.OFF: "Placeholder.Off"}


def png(grey: bytes, side: int) -> bytes:
    """8 bit grey pixels as a PNG whose rows are unfiltered, which core/obs/placeholder.py can read without a library."""
    rows = b"".join(b"\0" + grey[start:start + side] for start in range(0, side * side, side))
    chunks = ((b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks)


def main(folder: Path = placeholder.FOLDER) -> None:
    for language in sorted(path.stem for path in texts.FOLDER.glob("*.ini")):
        texts.use(language)
        (folder / language).mkdir(parents=True, exist_ok=True)
        for side in (int(choice.id) for choice in settings.BY_KEY["size"].choices):
            for name, key in TEXTS.items():
                picture = lettering.placeholder((side, side), texts.text(key), texts.text(key + ".More"))
                (folder / language / ("%s_%d.png" % (name, side))).write_bytes(png(picture[..., 1].tobytes(), side))


if __name__ == "__main__":
    main()

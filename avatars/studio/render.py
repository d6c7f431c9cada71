"""Renders avatars: python render.py NAME ... --makehuman FOLDER --assets FOLDER (see README.md)."""

from __future__ import annotations

import argparse
import importlib
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

import numpy as np  # noqa: E402
import portrait  # noqa: E402
import stage  # noqa: E402
from library import Library  # noqa: E402
from PIL import Image  # noqa: E402

CAST = sorted(path.stem for path in (HERE / "cast").glob("*.py"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", default=CAST, metavar="NAME", help=f"of {', '.join(CAST)}; all without one")
    parser.add_argument("--makehuman", type=Path, required=True, help="a checkout of makehumancommunity/makehuman")
    parser.add_argument("--assets", type=Path, required=True, help="a checkout of makehumancommunity/makehuman-assets")
    parser.add_argument("--side", type=int, default=1024, help="of the picture, in pixels")
    parser.add_argument("--samples", type=int, help="a pixel; as the character says without it")
    parser.add_argument("-o", "--output", type=Path, default=HERE.parent, help="folder; the avatars' own without it")
    options = parser.parse_args()
    library = Library(options.makehuman, options.assets)
    for name in options.names:
        started = time.time()
        character = importlib.import_module(f"cast.{name}").CHARACTER
        picture = options.output / f"{name}.png"
        with tempfile.TemporaryDirectory() as drawings:
            portrait.build(character, library, Path(drawings))
            built = time.time()
            stage.renderer(options.side, options.samples or character.samples)
            stage.render(picture)
        if character.finish:
            character.finish(picture)
        strip(picture)
        print(f"{picture}: built in {built - started:.0f} s, rendered in {time.time() - built:.0f} s", flush=True)


def strip(picture: Path) -> None:
    """Packs a PNG anew, without the time and the other remarks that Blender writes into it."""
    with Image.open(picture) as rendered:
        bare = Image.fromarray(np.asarray(rendered.convert("RGB")))
    bare.save(picture, optimize=True)


if __name__ == "__main__":
    main()

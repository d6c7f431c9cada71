"""The options of `bench`. Standard library only, because they are parsed before the environment may exist."""

from __future__ import annotations

import argparse

from ..shared.settings import BY_KEY, DEFAULTS

SIZES = ("512", "1024")
"""The sizes, in pixels a side, at which speed is measured by default."""
QUALITY_FRAMES = 150
"""The number of frames of each clip that quality is measured on by default, as in the prototype, so that numbers compare."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    engines = [choice.id for choice in BY_KEY["engine"].choices]
    sizes = [choice.id for choice in BY_KEY["size"].choices]
    parser.add_argument("--quality", nargs="*", metavar="CLIP",
                        help="Measure likeness and steadiness instead of speed, with the faces in these video files. "
                             "Without a file, the clip that comes with OBS Avatar is used.")
    parser.add_argument("--engine", choices=engines, default=DEFAULTS.engine,
                        help="What moves the picture. Default: %(default)s.")
    parser.add_argument("--avatars", nargs="+", metavar="ID", default=None,
                        help="The avatars to measure with; for speed, only the first is used. Default: for quality, all that "
                             "come with OBS Avatar; for speed, nora.")
    parser.add_argument("--sizes", nargs="+", choices=sizes, default=SIZES,
                        help="The sizes to measure speed at (quality is always measured at 512). Default: 512 1024.")
    parser.add_argument("--frames", type=int, metavar="N", default=None,
                        help=f"Use only the first N frames of each clip. Default: for speed, all; for quality, "
                             f"{QUALITY_FRAMES}.")
    parser.add_argument("--json", metavar="FILE", help="Write all numbers to this file (JSON).")
    parser.add_argument("--charts", metavar="FOLDER", help="Draw charts into this folder (PNG).")

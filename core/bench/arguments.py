"""The options of `bench`. Standard library only, like all that runs before the environment is there."""

from __future__ import annotations

import argparse

from ..shared.settings import BY_KEY, DEFAULTS

SIZES = ("512", "1024")
"""What speed is measured at where nobody asks for another size."""
QUALITY_FRAMES = 150
"""Frames of each clip that quality is measured on: as many as in the prototype, so that numbers can be compared."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    engines = [choice.id for choice in BY_KEY["engine"].choices]
    sizes = [choice.id for choice in BY_KEY["size"].choices]
    parser.add_argument("--quality", nargs="*", metavar="CLIP",
                        help="Measure likeness and steadiness in place of speed, with the faces in these video files; "
                             "without a file, with the clip that ships.")
    parser.add_argument("--engine", choices=engines, default=DEFAULTS.engine,
                        help="What moves the picture. Default: %(default)s.")
    parser.add_argument("--avatars", nargs="+", metavar="ID", default=None,
                        help="The avatars to move; speed uses the first one. Default: all that ship for quality, nora for "
                             "speed.")
    parser.add_argument("--sizes", nargs="+", choices=sizes, default=SIZES,
                        help="Sizes to measure speed at; quality is measured at 512. Default: 512 1024.")
    parser.add_argument("--frames", type=int, metavar="N", default=None,
                        help=f"Use the first N frames of each clip only. Default: all for speed, {QUALITY_FRAMES} for "
                             "quality.")
    parser.add_argument("--json", metavar="FILE", help="Write all numbers to this file.")
    parser.add_argument("--charts", metavar="FOLDER", help="Draw charts into this folder (PNG).")

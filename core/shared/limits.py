"""What is accepted of files that come from strangers, in one place. Standard library only: both processes use it.

Why each limit is what it is, and what is refused with which sentence, stands in docs/strangers.md.
"""

MEGABYTE = 1024 * 1024

PICTURE_FILE_BYTES = 200 * MEGABYTE
PICTURE_PIXELS = 100_000_000
"""Decoded, that is 300 MB for a moment; a picture beyond it is a mistake or an attack."""
PICTURE_LEAST_SIDE = 64
"""In pixels. Nobody can be recognised in less, and no face is found."""
PICTURE_FORMATS = ("PNG", "JPEG", "WEBP", "BMP", "TIFF", "GIF")
"""By Pillow's names. It knows dozens more, which nobody's portrait is in; some of them start other programs."""
COLOUR_PROFILE_BYTES = 4 * MEGABYTE

MANIFEST_BYTES = 64 * 1024
EXPRESSIONS = 12
CONDITIONS = 8
"""Of one expression."""
TITLE_LETTERS = 80
AUTHOR_LETTERS = 120
LICENCE_LETTERS = 400
FILE_NAME_LETTERS = 64
"""Of a picture in a pack. Names of packs' folders are made from titles and are shorter."""

PACK_FILE_BYTES = 120 * MEGABYTE
"""Of the .zip."""
PACK_FILES = 64
PACK_UNPACKED_BYTES = 200 * MEGABYTE
"""What may come out of a .zip in all, whatever it says about itself."""

LISTED_AVATARS = 2000
"""Of the user's folder; more are not listed."""

"""The limits for files that come from strangers, in one place. Standard library only, because both processes use it.

docs/strangers.md says what happens to files beyond each limit.
"""

MEGABYTE = 1024 * 1024

PICTURE_FILE_BYTES = 200 * MEGABYTE
PICTURE_PIXELS = 100_000_000
"""The largest number of pixels in a picture; decoded, it takes 300 MB for a moment. A larger one is a mistake or an attack."""
PICTURE_LEAST_SIDE = 64
"""The smallest accepted shorter side of a picture, in pixels: in a smaller one no face is found or recognised."""
PICTURE_FORMATS = ("PNG", "JPEG", "WEBP", "BMP", "TIFF", "GIF")
"""The accepted formats, by Pillow's names. Pillow knows dozens more that no portrait uses, and starts programs for some."""
COLOUR_PROFILE_BYTES = 4 * MEGABYTE

MANIFEST_BYTES = 64 * 1024
EXPRESSIONS = 12
CONDITIONS = 8
"""The most conditions of one expression."""
TITLE_LETTERS = 80
AUTHOR_LETTERS = 120
LICENCE_LETTERS = 400
FILE_NAME_LETTERS = 64
"""The longest name of a picture in a pack, in letters. Packs' own folders are named after titles and are shorter."""

PACK_FILE_BYTES = 120 * MEGABYTE
"""The largest .zip file of a pack, in bytes."""
PACK_FILES = 64
PACK_UNPACKED_BYTES = 200 * MEGABYTE
"""The most bytes that may be unpacked from a .zip file in all, whatever it claims."""

LISTED_AVATARS = 2000
"""The most avatars that are listed from the user's folder."""

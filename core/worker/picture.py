"""Reads a picture that becomes an avatar, whatever file a user points at, within limits."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import NamedTuple, Optional

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from models.engine import BACKDROP

from ..texts import text

LARGEST_FILE_BYTES = 200 * 1024 * 1024
LARGEST_PIXELS = 100_000_000
"""Decoded, that is 300 MB for a moment; a picture beyond it is a mistake or an attack."""
SMALLEST_SIDE = 64
"""In pixels. Nobody can be recognised in less, and no face is found."""
WORKING_SIDE = 2048
"""Larger pictures are reduced to this longer side at once: an avatar is drawn at 1024 at most."""


class PictureError(Exception):
    """The file cannot be used as a picture; the message says why and what to do, for the user."""


class Picture(NamedTuple):
    pixels: np.ndarray
    """uint8 BGR (H, W, 3), upright; what is transparent is laid over BACKDROP."""
    note: str
    """What the user should know about how the file was read; mostly empty."""
    alpha: Optional[np.ndarray] = None
    """uint8 (H, W), where the file has transparency at all."""


def read(path: Path) -> Picture:
    """The picture in a file. Raises PictureError."""
    name = path.name
    try:
        if path.stat().st_size > LARGEST_FILE_BYTES:
            raise PictureError(text("Picture.LargeFile", name=name, megabytes=LARGEST_FILE_BYTES >> 20))
        # Pillow warns of large pictures and has its own limit; ours below is the one that counts.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(path) as image:
                return _decoded(image, name)
    except FileNotFoundError as error:
        raise PictureError(text("Picture.Missing", name=name)) from error
    except UnidentifiedImageError as error:
        raise PictureError(text("Picture.NoPicture", name=name)) from error
    except Image.DecompressionBombError as error:
        raise PictureError(_too_large(name)) from error
    except MemoryError as error:
        raise PictureError(text("Picture.NoMemory", name=name)) from error
    except PictureError:
        raise
    except Exception as error:  # Pillow's decoders raise whatever they stumble over: OSError, TypeError, SyntaxError, …
        raise PictureError(text("Picture.Damaged", name=name, error=error)) from error


def _too_large(name: str) -> str:
    return text("Picture.TooManyPixels", name=name, millions=LARGEST_PIXELS // 1_000_000)


def _decoded(image: Image.Image, name: str) -> Picture:
    width, height = image.size
    if width * height > LARGEST_PIXELS:
        raise PictureError(_too_large(name))
    if min(width, height) < SMALLEST_SIDE:
        raise PictureError(text("Picture.TooSmall", name=name, width=width, height=height, least=SMALLEST_SIDE))
    animated = getattr(image, "n_frames", 1) > 1
    image.draft("RGB", (WORKING_SIDE, WORKING_SIDE))  # lets the JPEG decoder leave out what is reduced away anyway
    if image.mode.startswith("I;16") or image.mode in ("I", "F"):
        image = _eight_bit(image)
    image = ImageOps.exif_transpose(image)
    alpha = None
    if "A" in image.getbands() or "transparency" in image.info:
        image = image.convert("RGBA")
        alpha = _reduced(image.getchannel("A"))
        image = Image.alpha_composite(Image.new("RGBA", image.size, (BACKDROP, BACKDROP, BACKDROP, 255)), image)
    pixels = np.ascontiguousarray(_reduced(image.convert("RGB"))[..., ::-1])
    return Picture(pixels, text("Picture.Animated", name=name) if animated else "",
                   alpha if alpha is not None and alpha.min() < 255 else None)


def _reduced(image: Image.Image) -> np.ndarray:
    image.thumbnail((WORKING_SIDE, WORKING_SIDE), Image.Resampling.LANCZOS)
    return np.asarray(image)


def _eight_bit(image: Image.Image) -> Image.Image:
    """Pictures with more than 8 bits a channel are spread over 0..255; Pillow alone would clip them to white."""
    values = np.asarray(image, np.float64)
    darkest, brightest = float(values.min()), float(values.max())
    span = 65535.0 if 255 < brightest <= 65535 and darkest >= 0 else max(brightest - darkest, 1e-9)
    offset = 0.0 if span == 65535.0 else darkest
    return Image.fromarray(((values - offset) * (255.0 / span)).clip(0, 255).astype(np.uint8))

"""Reads a picture that becomes an avatar, whatever file a user points at, within the limits of core/shared/limits.py."""

from __future__ import annotations

import io
import warnings
from pathlib import Path
from typing import BinaryIO, NamedTuple

import numpy as np
from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from models.contract import BACKDROP

from ..shared import limits
from ..shared.errors import UserError
from ..shared.texts import text
from . import plain_backdrop
from .framing import Box, resized

WORKING_SIDE = 2048
"""The longest side, in pixels, to which larger pictures are reduced at once; avatars are drawn at 1024 at most."""
MOVING = ("GIF", "PNG", "WEBP")
"""The formats in which several pictures in one file are an animation."""
HEAD_BYTES = 1024
ORIENTATION = 0x0112
"""The EXIF tag for the orientation of a picture."""
TRANSPARENT, LEAST_TRANSPARENT = 128, 0.01
"""The alpha below which a pixel counts as transparent, and the least share of such pixels that makes a cut-out."""


class PictureError(UserError):
    """The file cannot be used as a picture."""


class Picture(NamedTuple):
    pixels: np.ndarray
    """The upright picture, uint8 BGR (H, W, 3), with transparent parts laid over BACKDROP."""
    note: str
    """What the user should know about how the file was read; usually empty."""
    alpha: np.ndarray | None = None
    """The opacity of a picture that was cut out, float32 (H, W), 0..1, or None if it is opaque."""
    coverage: np.ndarray | None = None
    """Where an opaque picture on one plain colour shows somebody, float32 (H, W), 0..1, or None."""


def read(path: Path) -> Picture:
    """Read the picture in a file. Raises PictureError."""
    name = path.name
    try:
        if path.stat().st_size > limits.PICTURE_FILE_BYTES:
            raise _too_long(name)
        with path.open("rb") as file:
            return _opened(file, name)
    except FileNotFoundError as error:
        raise PictureError(text("Picture.Missing", name=name)) from error
    except OSError as error:
        raise PictureError(text("Picture.Damaged", name=name, error=error.strerror or error)) from error


def decoded(data: bytes, name: str) -> Picture:
    """Decode a picture from the bytes of a file with the file name `name`. Raises PictureError."""
    if len(data) > limits.PICTURE_FILE_BYTES:
        raise _too_long(name)
    return _opened(io.BytesIO(data), name)


def _opened(file: BinaryIO, name: str) -> Picture:
    try:
        # Pillow has its own limit and warns about large pictures, but our limit is the one that counts.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(file, formats=limits.PICTURE_FORMATS) as image:
                return _upright(image, name)
    except UnidentifiedImageError as error:
        raise PictureError(_no_picture(file, name)) from error
    except Image.DecompressionBombError as error:
        raise PictureError(_too_large(name)) from error
    except MemoryError as error:
        raise PictureError(text("Picture.NoMemory", name=name)) from error
    except PictureError:
        raise
    except Exception as error:  # Pillow's decoders raise all kinds of errors: OSError, TypeError, SyntaxError, …
        raise PictureError(text("Picture.Damaged", name=name, error=error)) from error


def _no_picture(file: BinaryIO, name: str) -> str:
    """Return what to do with a file in none of our formats; some common ones can be saved as another."""
    file.seek(0)
    head = file.read(HEAD_BYTES)
    if b"<svg" in head.lower():
        return text("Picture.Svg", name=name)
    if head[4:8] == b"ftyp":
        return text("Picture.Heic", name=name)
    return text("Picture.NoPicture", name=name)


def _too_long(name: str) -> PictureError:
    return PictureError(text("Picture.LargeFile", name=name, megabytes=limits.PICTURE_FILE_BYTES // limits.MEGABYTE))


def _too_large(name: str) -> str:
    return text("Picture.TooManyPixels", name=name, millions=limits.PICTURE_PIXELS // 1_000_000)


def _upright(image: Image.Image, name: str) -> Picture:
    width, height = image.size
    if width * height > limits.PICTURE_PIXELS:
        raise PictureError(_too_large(name))
    if min(width, height) < limits.PICTURE_LEAST_SIDE:
        raise PictureError(text("Picture.TooSmall", name=name, width=width, height=height, least=limits.PICTURE_LEAST_SIDE))
    moves = image.format in MOVING and getattr(image, "n_frames", 1) > 1
    profile = image.info.get("icc_profile") or b""
    image.draft("RGB", (WORKING_SIDE, WORKING_SIDE))  # lets the JPEG decoder skip detail that would be lost anyway
    image = _turned(_reduced(image), image.getexif().get(ORIENTATION, 1))
    alpha = image.getchannel("A") if "A" in image.getbands() else None
    image, strange_profile = _in_srgb(image, profile)
    if alpha is not None:
        image = Image.composite(image, Image.new("RGB", image.size, (BACKDROP, BACKDROP, BACKDROP)), alpha)
    pixels = np.ascontiguousarray(np.asarray(image)[..., ::-1])
    notes = (text("Picture.Animated", name=name) if moves else "", text("Picture.Profile") if strange_profile else "")
    seen = None if alpha is None else _coverage(alpha, image.size)
    return Picture(pixels, " ".join(filter(None, notes)), seen, plain_backdrop.coverage(pixels) if seen is None else None)


def _reduced(image: Image.Image) -> Image.Image:
    """Reduce a picture to WORKING_SIDE and 8 bits a channel, so that all later steps work on few pixels."""
    if image.mode.startswith("I;16") or image.mode in ("I", "F"):
        image = _eight_bit(image)
    elif image.mode in ("P", "PA", "1") or "transparency" in image.info:
        image = image.convert("RGBA" if image.mode == "PA" or "transparency" in image.info else "RGB")
    image.thumbnail((WORKING_SIDE, WORKING_SIDE), Image.Resampling.LANCZOS)
    return image


def _turned(image: Image.Image, orientation: int) -> Image.Image:
    """Turn a picture upright, according to its EXIF orientation."""
    image.getexif()[ORIENTATION] = orientation
    return ImageOps.exif_transpose(image)


def _in_srgb(image: Image.Image, profile: bytes) -> tuple[Image.Image, bool]:
    """Return the picture as sRGB, and whether its colour profile could not be used."""
    if not profile:
        return image.convert("RGB"), False
    if len(profile) > limits.COLOUR_PROFILE_BYTES:
        return image.convert("RGB"), True
    base = image if image.mode in ("RGB", "CMYK", "L") else image.convert("L" if image.mode == "LA" else "RGB")
    try:
        converted = ImageCms.profileToProfile(base, ImageCms.ImageCmsProfile(io.BytesIO(profile)),
                                              ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return image.convert("RGB"), True
    return converted or image.convert("RGB"), converted is None


def _coverage(alpha: Image.Image, size: tuple[int, int]) -> np.ndarray | None:
    values = np.asarray(alpha.resize(size, Image.Resampling.BOX))
    share = float((values < TRANSPARENT).mean())
    return values.astype(np.float32) / 255 if LEAST_TRANSPARENT < share < 1 else None


def _eight_bit(image: Image.Image) -> Image.Image:
    """Map more than 8 bits a channel onto 0..255; Pillow alone would clip such pictures to white."""
    # Twice the needed pixels are kept for averaging later; all pixels of a huge picture would fill the memory.
    step = max(1, max(image.size) // (2 * WORKING_SIDE))
    values = np.asarray(image)[::step, ::step].astype(np.float32)
    darkest, brightest = float(values.min()), float(values.max())
    span = 65535.0 if 255 < brightest <= 65535 and darkest >= 0 else max(brightest - darkest, 1e-9)
    offset = 0.0 if span == 65535.0 else darkest
    return Image.fromarray(((values - offset) * (255.0 / span)).clip(0, 255).astype(np.uint8))


def part(read: Picture, box: Box, size: tuple[int, int]) -> np.ndarray:
    """Return that part of a picture at `size` (width, height), as BGR, or BGRA if the picture was cut out."""
    pixels = np.ascontiguousarray(resized(box.of(read.pixels), size))
    if read.alpha is None:
        return pixels
    alpha = np.clip(resized(box.of(read.alpha), size), 0, 1) * 255
    return np.dstack([pixels, np.rint(alpha).astype(np.uint8)])


def matte(path: Path, size: tuple[int, int]) -> np.ndarray:
    """Read a matte at `size` (width, height), float32 (H, W), 0..1: how much of the person shows. Raises PictureError."""
    grey = read(path).pixels[..., 1]
    image = Image.fromarray(np.ascontiguousarray(grey)).resize(size, Image.Resampling.BILINEAR)
    return np.asarray(image).astype(np.float32) / 255

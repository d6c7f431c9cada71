"""Landmarks by hand of the user's avatars: what the editor page asks for and saves. See docs/avatars.md for the points."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from models import engines
from models.contract import FaceNotFound
from models.see import by_hand

from ..pictures import encoding, framing, reading
from ..pictures.reading import PictureError
from ..shared import avatars, manifest, settings
from ..shared.manifest import Points
from ..shared.settings import BUILT_IN_ENGINE
from ..shared.texts import text
from . import keeping, preparing, sheet

SHOWN_SIDE = 1024
PREVIEW_SIDE = 256


class Suggestion(NamedTuple):
    points: dict[str, Any]
    """By name, [x, y] in parts of the picture's width and height."""
    source: str
    """"hand" where somebody placed them, "found" where a face was found, "guess" where neither."""


def suggest(avatar: str) -> Suggestion:
    """Where the points of an avatar are, to be dragged from there. Raises PictureError."""
    entry = _entry(avatar)
    guess = {name: tuple(round(value, 6) for value in point)
             for name, point in by_hand.suggested(*preparing.UNKNOWN_FACE).items()}
    if entry.about.landmarks is not None:
        return Suggestion(dict(entry.about.landmarks), "guess" if entry.about.landmarks == guess else "hand")
    try:
        face, _ = engines.load(BUILT_IN_ENGINE).seer.find(reading.read(entry.path).pixels)
    except FaceNotFound:
        return Suggestion(guess, "guess")
    low, high = manifest.LANDMARKS_REACH
    return Suggestion({name: tuple(np.clip(point, low, high).tolist()) for name, point in by_hand.read_off(face).items()},
                      "found")


def save(avatar: str, points: Any) -> list[str]:
    """Keeps the points, checked, for one of the user's own avatars; returns remarks about it.

    Raises PictureError, FaceNotFound.
    """
    entry = keeping.own(avatar)
    placed = entry._replace(about=entry.about._replace(landmarks=_checked(points)))
    engine = engines.load(BUILT_IN_ENGINE)
    # First it is made, then it is kept: points of no face never get into the folder.
    preparing.prepare(engine, placed, settings.DEFAULTS.side)
    keeping.describe(entry, placed.about)
    return preparing.remarks(placed, preparing.look(engine, placed))


def forget(avatar: str) -> None:
    """Leaves finding the face to the detector again. Raises PictureError."""
    entry = keeping.own(avatar)
    keeping.describe(entry, entry.about._replace(landmarks=None))


def preview(avatar: str, points: Any) -> bytes:
    """Nine poses of the avatar with these points, as a JPEG; nothing is kept. Raises PictureError, FaceNotFound."""
    entry = _entry(avatar)
    placed = entry._replace(about=entry.about._replace(landmarks=_checked(points), expressions={}))
    engine = engines.load(BUILT_IN_ENGINE, cached=False)
    return encoding.jpeg(sheet.draw(engine.painter, preparing.prepare(engine, placed, PREVIEW_SIDE).avatar))


def shown(avatar: str) -> bytes:
    """The whole picture of an avatar as the points lie on it, upright, as a JPEG. Raises PictureError."""
    pixels = reading.read(_entry(avatar).path).pixels
    height, width = pixels.shape[:2]
    scale = min(1.0, SHOWN_SIDE / max(height, width))
    return encoding.jpeg(framing.resized(pixels, (round(width * scale), round(height * scale))))


def _entry(avatar: str) -> avatars.AvatarEntry:
    entry = avatars.find(avatar)
    if entry is None:
        raise PictureError(text("Picture.Unknown", name=avatar))
    return entry


def _checked(points: Any) -> Points:
    try:
        return manifest.checked_landmarks(points)
    except ValueError as error:
        raise PictureError(text("Picture.LandmarksWrong", where=error)) from error

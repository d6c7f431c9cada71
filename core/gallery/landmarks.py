"""Landmarks by hand for the user's avatars, as the editor page asks for and saves them. docs/avatars.md explains the points."""

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
    """The points by name, each [x, y] in fractions of the picture's width and height."""
    source: str
    """Where the points come from: "hand" for points placed by hand, "found" for a found face, "guess" for neither."""


def suggest(avatar: str) -> Suggestion:
    """Return the current points of an avatar, for the user to drag. Raises PictureError."""
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
    """Keep the points, checked, for one of the user's own avatars; return remarks about it.

    Raises PictureError, FaceNotFound.
    """
    entry = keeping.own(avatar)
    placed = entry._replace(about=entry.about._replace(landmarks=_checked(points)))
    engine = engines.load(BUILT_IN_ENGINE)
    # The avatar is prepared before the points are saved, so that points that make no face never get into the folder.
    preparing.prepare(engine, placed, settings.DEFAULTS.side)
    keeping.describe(entry, placed.about)
    return preparing.remarks(placed, preparing.look(engine, placed))


def forget(avatar: str) -> None:
    """Delete the points placed by hand, so that the detector finds the face again. Raises PictureError."""
    entry = keeping.own(avatar)
    keeping.describe(entry, entry.about._replace(landmarks=None))


def preview(avatar: str, points: Any) -> bytes:
    """Nine poses of the avatar with these points, as a JPEG; nothing is kept. Raises PictureError, FaceNotFound."""
    entry = _entry(avatar)
    placed = entry._replace(about=entry.about._replace(landmarks=_checked(points), expressions={}))
    engine = engines.load(BUILT_IN_ENGINE, cached=False)
    return encoding.jpeg(sheet.draw(engine.painter, preparing.prepare(engine, placed, PREVIEW_SIDE).avatar))


def shown(avatar: str) -> bytes:
    """Return the whole upright picture of an avatar, on which the points lie, as a JPEG. Raises PictureError."""
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

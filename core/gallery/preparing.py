"""From what lies on disk to what an engine can move: picture, landmarks by hand, matte, and the alternative pictures."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np

from models.contract import Engine, FaceNotFound, Observation, PreparedAvatar
from models.cut import matte as network
from models.face.topology import FACE_OVAL
from models.see import blendshapes, by_hand

from ..pictures import framing, reading
from ..pictures.reading import Picture, PictureError
from ..shared.avatars import FROM_FILE, USERS, AvatarEntry
from ..shared.texts import text
from . import fitness

UNKNOWN_FACE = ((0.3, 0.2), (0.7, 0.8))
"""Where a face is taken to be that nobody has found or placed yet, as corners in fractions of the picture."""


COVERED_FACE = 0.75
"""Share of the face that belongs to the person at least, or the coverage is none."""
SEEN_OF_COVERED = 0.8
"""Share of all that stands out of a one-coloured backdrop that the network takes for the person at least. Where it is less,
something else stands there too: a disc that was drawn behind somebody would move with the head."""


class Prepared(NamedTuple):
    avatar: PreparedAvatar
    """What the painter made of its own picture."""
    alternatives: dict[str, PreparedAvatar]
    """What it made of the picture for each expression, by its name."""
    size: tuple[int, int]
    """(width, height) in pixels."""
    note: str
    """What the user should know about the picture; empty where all is well."""


class Seen(NamedTuple):
    """A picture and the face in it."""

    picture: Picture
    face: Observation
    faces: int
    placed: bool
    """Whether somebody placed the landmarks by hand."""
    matte: np.ndarray | None = None
    """float32 (H, W), 0..1: where an opaque picture shows the person, from a file beside it; else that is found."""


def prepare(engine: Engine, entry: AvatarEntry, side: int | None) -> Prepared:
    """The avatar, `side` pixels wide and high around its face, or as large as its picture where that is None.

    Raises PictureError, FaceNotFound, EngineUnavailable.
    """
    seen = look(engine, entry)
    box = framing.box(seen.picture.pixels, seen.face) if side else framing.even_box(seen.picture.pixels)
    size = (side, side) if side else (box.width, box.height)
    avatar = _one(engine, seen, box, size)
    alternatives = {name: _one(engine, _alternative(engine, seen, entry.folder / each.picture), box, size)
                    for name, each in entry.about.expressions.items()}
    # Nothing is said of those that ship: they are as they should be.
    own = entry.id == FROM_FILE or entry.id.startswith(USERS)
    return Prepared(avatar, alternatives, size, " ".join(remarks(entry, seen)) if own else "")


def remarks(entry: AvatarEntry, seen: Seen) -> list[str]:
    """Sentences about an avatar's picture; none where all is well."""
    unknown = [text("Picture.NoSuchCoefficient", expression=name, name=each.coefficient)
               for name, expression in entry.about.expressions.items()
               for each in expression.when if each.coefficient not in blendshapes.NAMES]
    about = [entry.error, seen.picture.note, *unknown, *fitness.remarks(seen.face, seen.faces, seen.placed)]
    return [each for each in about if each]


def look(engine: Engine, entry: AvatarEntry) -> Seen:
    """The picture of an avatar, and the face in it. Raises PictureError, FaceNotFound."""
    read = reading.read(entry.path)
    height, width = read.pixels.shape[:2]
    matte = reading.matte(entry.folder / entry.about.matte, (width, height)) if entry.about.matte else read.coverage
    if entry.about.landmarks is None:
        face, faces = engine.seer.find(read.pixels)
        if not entry.about.matte and matte is not None and _seen_of(matte, read.pixels, face) < SEEN_OF_COVERED:
            matte = None
        return Seen(read, face, faces, False, _trusted(matte, face))
    try:
        face = by_hand.observation(entry.about.landmarks, (width, height))
        return Seen(read, face, 1, True, _trusted(matte, face))
    except np.linalg.LinAlgError as error:
        raise PictureError(text("Picture.LandmarksNoFace")) from error


def _trusted(coverage: np.ndarray | None, face: Observation) -> np.ndarray | None:
    """None where it leaves out the face, such as one drawn as mere lines on the colour of the paper."""
    if coverage is None:
        return None
    inside = np.zeros(coverage.shape, np.uint8)
    cv2.fillPoly(inside, [face.keypoints[FACE_OVAL, :2].astype(np.int32)], 1)
    covered = coverage[inside > 0]
    return coverage if covered.size and covered.mean() > COVERED_FACE else None


def _seen_of(coverage: np.ndarray, pixels: np.ndarray, face: Observation) -> float:
    """How much of what is covered is the person as the network sees it, 0..1."""
    seen = network.rough(pixels, face.keypoints)
    small = cv2.resize(coverage, seen.shape[::-1], interpolation=cv2.INTER_AREA)
    return float(np.minimum(seen, small).sum() / max(small.sum(), 1e-6))


def _alternative(engine: Engine, main: Seen, path: Path) -> Seen:
    """Another picture of the same avatar, at the size of the main one, so that both have the face in the same place."""
    read = reading.read(path)
    height, width = main.picture.pixels.shape[:2]
    if abs(read.pixels.shape[1] / read.pixels.shape[0] - width / height) > framing.SQUARE_TOLERANCE * width / height:
        raise PictureError(text("Picture.OtherShape", name=path.name))
    pixels = framing.resized(read.pixels, (width, height))
    alpha = main.picture.alpha if read.alpha is None else framing.resized(read.alpha, (width, height))
    if main.placed:
        face = main.face
    else:
        try:
            face, _ = engine.seer.find(pixels)
        except FaceNotFound:
            face = main.face  # such as one that shuts its eyes to arcs
    return Seen(Picture(pixels, "", alpha), face, 1, main.placed, main.matte)


def _one(engine: Engine, seen: Seen, box: framing.Box, size: tuple[int, int]) -> PreparedAvatar:
    pixels = reading.part(seen.picture, box, size)
    person = None if seen.matte is None else np.clip(framing.resized(box.of(seen.matte), size), 0, 1)
    face = _within(seen.face, box, size)
    if seen.placed:
        return engine.painter.prepare(pixels, face, person)
    try:
        return engine.painter.prepare(pixels, None, person)
    except FaceNotFound as error:
        # The whole picture showed the face, its part alone does not: then where it was seen is where it is.
        if error.too_small:
            raise
        return engine.painter.prepare(pixels, face, person)


def _within(face: Observation, box: framing.Box, size: tuple[int, int]) -> Observation:
    """The same face in a part of the picture at another size."""
    scale = size[0] / box.width
    points = (face.keypoints - (box.left, box.top, 0)) * scale
    return replace(face, keypoints=points.astype(np.float32), frame_size=size)

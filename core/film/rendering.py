"""A clip in, a film out: every driving frame gives exactly one picture. The caller has the terminal."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Callable

from ..animation.animator import Animator
from ..animation.follow import motion_file
from ..animation.follow.motion_file import Moment, Motion
from ..shared import colours
from ..shared.errors import UserError
from ..shared.settings import Settings
from . import opening
from .clip import Clip, ClipFrame
from .motion_clip import AnyClip, MotionClip
from .movie import Movie
from .report import report


@dataclass(frozen=True)
class Film:
    """What came of a clip."""

    numbers: dict[str, Any]
    """Counts and times, see report.report."""
    clip_damaged: bool
    """Whether some of the clip could not be read."""
    sound_lost: bool
    """Whether some of the sound could not be taken over."""
    seen_through: bool
    """Whether the avatar was transparent somewhere; the film shows the colour of the background there."""


def render(source: Path, out: Path, settings: Settings, square: bool = True, motion: Path | None = None,
           say: Callable[[str], None] = lambda sentence: None,
           watched: Callable[[AnyClip, Iterator[ClipFrame]], Iterator[ClipFrame]] = lambda clip, frames: frames) -> Film:
    """Write `out`, an .mp4 file. Raises UserError.

    source: a clip, or a motion file. square: whether the picture is cut to a square around the face at the size of the
    settings; otherwise it keeps its own shape and size. motion: where to save what moved. say: is told what the user should
    know about the avatar before the work begins. watched: passes the frames of the clip on, and may show how far it has come.
    """
    moments: list[Moment] = []
    with _opened(source, settings) as clip:
        animator = Animator.of(settings, square)
        if animator.note:
            say(animator.note)
        if settings.motion == "relative":
            with _opened(source, settings) as same:
                animator.begin(opening.reference(same, animator.see))
        with Movie(out, animator.size, clip, colours.bgr(settings.background_colour)) as movie:
            numbers = _carried_through(clip, animator, movie, moments, watched)
    if motion:
        _save_motion(motion, Motion(settings.engine, float(clip.rate), moments))
    return Film(numbers, clip.damaged, movie.sound_lost, movie.seen_through)


def _opened(source: Path, settings: Settings) -> AnyClip:
    return MotionClip(source, settings.engine) if source.suffix.lower() == motion_file.SUFFIX else Clip(source)


def _carried_through(clip: AnyClip, animator: Animator, movie: Movie, moments: list[Moment],
                     watched: Callable[[AnyClip, Iterator[ClipFrame]], Iterator[ClipFrame]]) -> dict[str, Any]:
    reading: list[float] = []
    writing: list[float] = []
    without_face = 0
    began = time.perf_counter()
    frames = _timed(clip.read(on_sound=movie.add_sound), reading)
    for frame in watched(clip, frames):
        picture = animator.step(frame.driving)
        moments.append(Moment(frame.driving.seconds, animator.observed and replace(animator.observed, driver_picture=None)))
        without_face += not animator.face
        drawn = time.perf_counter()
        movie.add_picture(picture, frame.pts)
        writing.append((time.perf_counter() - drawn) * 1000)
    if not clip.frames_read:
        raise UserError(f"“{clip.path.name}” contains no frame that can be read. Choose another clip.")
    return report(animator.settings, animator.size, clip.frames_read, without_face, time.perf_counter() - began,
                  float(clip.rate), {**animator.stopwatch.milliseconds, "read": reading, "write": writing})


def _timed(frames: Iterator[ClipFrame], milliseconds: list[float]) -> Iterator[ClipFrame]:
    """Yield the same frames; how long each took to come goes into `milliseconds`."""
    while True:
        asked = time.perf_counter()
        frame = next(frames, None)
        if frame is None:
            return
        milliseconds.append((time.perf_counter() - asked) * 1000)
        yield frame


def _save_motion(path: Path, motion: Motion) -> None:
    try:
        motion_file.save(path, motion)
    except ValueError as error:
        raise UserError("No face was found in the clip, so there is no motion to save. Choose another clip.") from error
    except OSError as error:
        raise UserError(f"The motion file “{path}” cannot be written ({error.strerror}). Choose another folder.") from error

"""`render`: a clip instead of a camera, a file instead of OBS. Every driving frame becomes exactly one picture."""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from models.contract import EngineUnavailable, FaceNotFound

from ..animation.animator import Animator
from ..animation.follow import motion_file
from ..animation.follow.motion_file import Moment, Motion
from ..film import opening
from ..film.clip import Clip
from ..film.motion_clip import MotionClip
from ..film.movie import Movie
from ..film.report import report
from ..pictures.reading import PictureError
from ..shared import colours
from ..shared.errors import UserError
from ..shared.settings import cleaned
from .options import given_settings


def run(arguments: argparse.Namespace) -> int:
    made_report = Path(arguments.report).expanduser() if arguments.report else None
    if made_report:
        _check_folder(made_report)
    motion = Path(arguments.save_motion).expanduser() if arguments.save_motion else None
    if motion:
        _check_folder(motion)
    numbers = render(Path(arguments.clip).expanduser(), Path(arguments.out).expanduser(), given_settings(arguments), motion)
    if made_report:
        try:
            made_report.write_text(json.dumps(numbers, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        except OSError as error:
            raise UserError(f"The report “{made_report}” cannot be written ({error.strerror}). "
                            "Choose another folder.") from error
    return 0


def render(source: Path, out: Path, given: Mapping[str, Any], motion: Path | None = None) -> dict[str, Any]:
    """Render `source` to the file `out` and return the report. Raises UserError.

    source: a clip or a motion file. given: the settings that differ from the defaults. motion: where to save the motion.
    """
    _check_output(source, out)
    moments: list[Moment] = []
    with _opened(source, given) as clip:
        animator = _loaded(given)
        if animator.values["motion"] == "relative":
            with _opened(source, given) as same:
                animator.begin(opening.reference(same, animator))
        with Movie(out, animator.size, clip, colours.bgr(animator.values["background_colour"])) as movie:
            numbers = _carried_through(clip, animator, movie, moments)
    _tell(clip, movie, out, numbers)
    if movie.seen_through:
        colour = colours.written(animator.values["background_colour"])
        print(f"A video has no transparency, so the background is filled with {colour}. "
              "Choose another colour with --background-colour.")
    if motion:
        _save_motion(motion, Motion(animator.values["engine"], float(clip.rate), moments))
    return numbers


def _opened(source: Path, given: Mapping[str, Any]) -> Clip | MotionClip:
    if source.suffix.lower() == motion_file.SUFFIX:
        return MotionClip(source, cleaned(given)["engine"])
    return Clip(source)


def _save_motion(path: Path, motion: Motion) -> None:
    try:
        motion_file.save(path, motion)
    except ValueError as error:
        raise UserError("No face was found in the clip, so there is no motion to save. Choose another clip.") from error
    except OSError as error:
        raise UserError(f"The motion file “{path}” cannot be written ({error.strerror}). Choose another folder.") from error


def _loaded(given: Mapping[str, Any]) -> Animator:
    settings = cleaned(given)
    # With absolute motion, the face is where the clip has it: cropped to a square, it would no longer line up.
    animator = Animator(settings, reframe=settings["motion"] != "absolute" or "size" in given)
    try:
        animator.load()
    except (PictureError, FaceNotFound, EngineUnavailable) as error:
        raise UserError(str(error)) from error
    if animator.note:
        print(animator.note)
    return animator


def _carried_through(clip: Clip | MotionClip, animator: Animator, movie: Movie,
                     moments: list[Moment]) -> dict[str, Any]:
    reading: list[float] = []
    writing: list[float] = []
    without_face = 0
    began = time.perf_counter()
    frames = clip.read(on_sound=movie.add_sound)
    with _progress(clip) as advance:
        while True:
            asked = time.perf_counter()
            frame = next(frames, None)
            if frame is None:
                break
            reading.append((time.perf_counter() - asked) * 1000)
            seconds = float(frame.pts * clip.time_base)
            picture = frame.moved(animator, seconds)
            moments.append(Moment(seconds, animator.observed and replace(animator.observed, driver_picture=None)))
            without_face += not animator.face
            drawn = time.perf_counter()
            movie.add_picture(picture, frame.pts)
            writing.append((time.perf_counter() - drawn) * 1000)
            advance()
    if not clip.frames_read:
        raise UserError(f"“{clip.path.name}” contains no frame that can be read. Choose another clip.")
    return report(animator.values, animator.size, clip.frames_read, without_face, time.perf_counter() - began,
                  float(clip.rate), {**animator.stages, "read": reading, "write": writing})


@contextmanager
def _progress(clip: Clip) -> Iterator[Any]:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(),
               TextColumn("{task.fields[rate]}"), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task(clip.path.name, total=clip.frames, rate="")

        def advance() -> None:
            speed = progress.tasks[task].speed
            progress.update(task, advance=1, rate=f"{speed:.0f} fps" if speed else "")
        yield advance


def _check_output(source: Path, out: Path) -> None:
    """Fail now instead of after minutes of work. Raises UserError if `out` could not be written."""
    if out.suffix.lower() != ".mp4":
        raise UserError(f"The output “{out.name}” is written as MP4. Give it a name that ends in .mp4.", 2)
    _check_folder(out)
    if source.exists() and out.exists() and source.samefile(out):
        raise UserError("The output would overwrite the clip itself. Give it another name.", 2)


def _check_folder(file: Path) -> None:
    if not file.parent.is_dir():
        raise UserError(f"The folder “{file.parent}” does not exist. Create it, or choose another one.")
    if file.is_dir():
        raise UserError(f"“{file}” is a folder. Add the name of a file in it.")


def _tell(clip: Clip, movie: Movie, out: Path, numbers: Mapping[str, Any]) -> None:
    frames, missing = numbers["frames"], numbers["frames_without_face"]
    print(f"{out}: {frames} frames of {numbers['width']} x {numbers['height']} at {numbers['source_fps']:g} fps, "
          f"rendered at {numbers['fps']:.0f} fps.")
    if missing == frames:
        print("No face was found in the clip, so the avatar does not move. A well-lit face from the front is found best.")
    elif missing:
        print(f"{missing} of {frames} frames showed no face.")
    if clip.damaged:
        print(f"“{clip.path.name}” is damaged or cut off. The part that could be read was rendered.")
    if movie.sound_lost:
        print("Some of the sound could not be read and is missing.")

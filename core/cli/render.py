"""`render`: a clip in place of a camera, a file in place of OBS; with progress and sentences in the terminal."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from ..film import rendering
from ..film.clip import ClipFrame
from ..film.motion_clip import AnyClip
from ..film.rendering import Film
from ..shared import colours
from ..shared.errors import UsageError, UserError
from ..shared.settings import Settings
from .options import given_settings


def run(arguments: argparse.Namespace) -> int:
    made_report = Path(arguments.report).expanduser() if arguments.report else None
    if made_report:
        _check_folder(made_report)
    motion = Path(arguments.save_motion).expanduser() if arguments.save_motion else None
    if motion:
        _check_folder(motion)
    film = render(Path(arguments.clip).expanduser(), Path(arguments.out).expanduser(), given_settings(arguments), motion)
    if made_report:
        try:
            made_report.write_text(json.dumps(film.numbers, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        except OSError as error:
            raise UserError(f"The report “{made_report}” cannot be written ({error.strerror}). "
                            "Choose another folder.") from error
    return 0


def render(source: Path, out: Path, given: Mapping[str, Any], motion: Path | None = None) -> Film:
    """Write `out`, and say in the terminal how it goes. Raises UserError.

    source: a clip or a motion file. given: the settings that differ from the defaults. motion: where to save the motion.
    """
    _check_output(source, out)
    settings = Settings.of(given)
    # With absolute motion, the face is where the clip has it: cropped to a square, it would no longer line up.
    square = settings.motion != "absolute" or "size" in given
    film = rendering.render(source, out, settings, square, motion, print, _with_progress)
    _tell(source, film, out)
    if film.seen_through:
        print(f"A video has no transparency, so the background is filled with {colours.written(settings.background_colour)}. "
              "Choose another colour with --background-colour.")
    return film


def _with_progress(clip: AnyClip, frames: Iterator[ClipFrame]) -> Iterator[ClipFrame]:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(),
               TextColumn("{task.fields[rate]}"), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task(clip.path.name, total=clip.frames, rate="")
        for frame in frames:
            yield frame
            speed = progress.tasks[task].speed
            progress.update(task, advance=1, rate=f"{speed:.0f} fps" if speed else "")


def _check_output(source: Path, out: Path) -> None:
    """Fail now instead of after minutes of work. Raises UserError if `out` could not be written."""
    if out.suffix.lower() != ".mp4":
        raise UsageError(f"The output “{out.name}” is written as MP4. Give it a name that ends in .mp4.")
    _check_folder(out)
    if source.exists() and out.exists() and source.samefile(out):
        raise UsageError("The output would overwrite the clip itself. Give it another name.")


def _check_folder(file: Path) -> None:
    if not file.parent.is_dir():
        raise UserError(f"The folder “{file.parent}” does not exist. Create it, or choose another one.")
    if file.is_dir():
        raise UserError(f"“{file}” is a folder. Add the name of a file in it.")


def _tell(source: Path, film: Film, out: Path) -> None:
    numbers = film.numbers
    frames, missing = numbers["frames"], numbers["frames_without_face"]
    print(f"{out}: {frames} frames of {numbers['width']} x {numbers['height']} at {numbers['source_fps']:g} fps, "
          f"rendered at {numbers['fps']:.0f} fps.")
    if missing == frames:
        print("No face was found in the clip, so the avatar does not move. A well-lit face from the front is found best.")
    elif missing:
        print(f"{missing} of {frames} frames showed no face.")
    if film.clip_damaged:
        print(f"“{source.name}” is damaged or cut off. The part that could be read was rendered.")
    if film.sound_lost:
        print("Some of the sound could not be read and is missing.")

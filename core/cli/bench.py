"""`bench`: measures speed, or with `--quality` likeness and steadiness, and shows, writes and draws the numbers."""

from __future__ import annotations

import argparse
import json
from functools import partial
from pathlib import Path
from typing import Any, Callable

from rich.console import Console

from ..bench import clips, machine, neural, quality, speed, stage, worker
from ..bench.arguments import QUALITY_FRAMES
from ..bench.shown import charts, tables
from ..shared import places
from ..shared.errors import UsageError, UserError

CLIP = places.SHIPPED_AVATARS / "driving" / "drive.mp4"


def run(arguments: argparse.Namespace) -> int:
    if arguments.frames is not None and arguments.frames < 2:
        raise UsageError(f"--frames is {arguments.frames}: 2 are the least that can be measured.")
    written = Path(arguments.json).expanduser() if arguments.json else None
    drawn = Path(arguments.charts).expanduser() if arguments.charts else None
    _check(written, drawn)
    console = Console()
    with Console(stderr=True).status("") as status:
        measure = _speed if arguments.quality is None else _quality
        numbers = {"machine": machine.describe(), **measure(arguments, status.update)}
    _show(console, numbers)
    if written:
        _write(written, numbers)
    if drawn:
        for chart in charts.draw(numbers, drawn):
            console.print(str(chart), soft_wrap=True)
    return 0


def _speed(arguments: argparse.Namespace, advance: Callable[[str], None]) -> dict[str, Any]:
    if arguments.engine == "fomm":
        return {"engine": "fomm", "neural": neural.run(arguments.frames or neural.FRAMES, advance)}
    avatar = stage.chosen(arguments.avatars)[0] if arguments.avatars else speed.AVATAR
    numbers = speed.measure(CLIP, avatar, arguments.engine, arguments.sizes, arguments.frames, advance)
    for size in arguments.sizes:
        advance(f"{size}: the worker is started")
        numbers[size]["worker"] = worker.measure(CLIP, avatar, arguments.engine, size, worker.STARTS,
                                                 worker.RUN_SECONDS)
    return {"engine": arguments.engine, "avatar": avatar, "speed": numbers}


def _quality(arguments: argparse.Namespace, advance: Callable[[str], None]) -> dict[str, Any]:
    files = [Path(name).expanduser() for name in arguments.quality] or [CLIP]
    missing = [file for file in files if not file.is_file()]
    if missing:
        raise UsageError(f"There is no video file “{missing[0]}”. Check its name and folder.")
    readers = [partial(clips.read, file, arguments.frames or QUALITY_FRAMES) for file in files]
    avatars = stage.chosen(arguments.avatars)
    return {"quality": quality.measure(readers, avatars, arguments.engine, advance)}


def _show(console: Console, numbers: dict[str, Any]) -> None:
    about = numbers["machine"]
    busy = "" if about["load"] is None else f", load {about['load']} when it began"
    console.print(f"{about['date']}, {about['processor']}, {about['cores']} cores{busy}", highlight=False)
    if "speed" in numbers:
        console.print(tables.speed(numbers["speed"]))
        return
    if "neural" in numbers:
        console.print(neural.table(numbers["neural"]))
        return
    for table in tables.quality(numbers["quality"]):
        console.print(table)
    if numbers["quality"]["missing"]:
        console.print(numbers["quality"]["missing"], soft_wrap=True)


def _check(written: Path | None, drawn: Path | None) -> None:
    """Before minutes of work are done for nothing."""
    if written and (written.is_dir() or not written.parent.is_dir()):
        raise UsageError(f"“{written}” cannot be written: give a file in a folder that is there.")
    if drawn:
        charts.check(drawn)


def _write(file: Path, numbers: dict[str, Any]) -> None:
    try:
        file.write_text(json.dumps(numbers, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    except OSError as error:
        raise UserError(f"The numbers cannot be written to “{file}” ({error.strerror}).") from error

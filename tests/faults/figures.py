"""What the campaign counts: a row a fault, as a table and as JSON."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass
class Row:
    fault: str
    injected: int = 0
    survived: int = 0
    """OBS went on, and afterwards the avatar moved, or what the test asks for instead."""
    no_avatar_seconds: float = 0.0
    """The longest time in which the recording shows no avatar, for example a placeholder."""
    still_seconds: float = 0.0
    """The longest time in which it shows the avatar, unmoved."""
    camera_frames: int = 0
    """In which the driver's own picture is seen."""
    frames: int = 0
    """Of recordings and screenshots that were looked at."""


HEADS = ("fault", "injected", "survived", "longest without avatar", "longest unmoved", "frames with the camera", "frames seen")


def table(rows: list[Row]) -> list[str]:
    """Lines of Markdown, with the sums at the end."""
    lines = ["| " + " | ".join(HEADS) + " |", "|---|" + "--:|" * (len(HEADS) - 1)]
    lines += [f"| {row.fault} | {row.injected} | {row.survived} | {row.no_avatar_seconds:.1f} s | {row.still_seconds:.1f} s "
              f"| {row.camera_frames} | {row.frames} |" for row in [*rows, total(rows)]]
    return lines


def total(rows: list[Row]) -> Row:
    return Row("**all**", sum(row.injected for row in rows), sum(row.survived for row in rows),
               max((row.no_avatar_seconds for row in rows), default=0.0), max((row.still_seconds for row in rows), default=0.0),
               sum(row.camera_frames for row in rows), sum(row.frames for row in rows))


def write(path: Path, rows: list[Row]) -> None:
    path.write_text(json.dumps({"rows": [asdict(row) for row in rows], "all": asdict(total(rows))}, indent=2) + "\n")

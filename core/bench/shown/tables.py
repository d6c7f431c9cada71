"""Shows the numbers as tables in the terminal, with what misses its goal in yellow."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Callable

from rich.table import Column, Table

from ..channels import CHANNELS, SHAPES
from ..cross_driving import COLUMNS
from ..looking import ANGLES
from ..speed import ALL_STAGES
from . import goals

NOTHING = "–"
STEADINESS_ROWS = (
    ("still", "jitter_given", "still head: landmarks in the input", "px"),
    ("still", "jitter", "still head: landmarks in the picture", "px"),
    ("still", "flicker_face", "still head: flicker of the face", "levels"),
    ("still", "flicker_background", "still head: flicker of the background", "levels"),
    ("still", "lid_flutter_given", "still head: eyelids in the input", "eye widths"),
    ("still", "lid_flutter", "still head: eyelids in the picture", "eye widths"),
    ("blink", "opening_given", "blink of 100 ms: opening asked for", "of rest"),
    ("blink", "opening", "blink of 100 ms: opening reached", "of rest"),
    ("blink", "closing_delay", "blink: closes late by", "frames"),
    ("blink", "opening_delay", "blink: opens late by", "frames"),
    ("dropout", "jump_whole", "largest step, nothing lost", "px"),
    ("dropout", "jump", "largest step, face lost for 0.3 s", "px"),
    ("hand", "hand_step", "hand in front of a still face: largest step", "px"),
    ("hand", "hand_pull", "hand in front of a still face: furthest from rest", "px"),
    ("hand", "hand_lost", "hand in front of a still face: face lost", "of the frames"))
"""The rows for steadiness, each (part, measure, description, unit)."""


def speed(numbers: Mapping[str, Any]) -> Table:
    table = Table("stage", title="Speed: milliseconds per frame, median / 95th percentile / processor time")
    for size in numbers:
        table.add_column(f"{size} x {size}", justify="right")

    def row(name: str, cell: Callable[[str, Mapping[str, Any]], str]) -> None:
        table.add_row(name, *(cell(size, one) for size, one in numbers.items()))

    for stage in ALL_STAGES:
        row(stage, _times_of(stage))
    table.add_section()
    row("processor time per frame, ms", lambda size, one: f"{one['cpu_ms']:.1f}")
    row("frames per second, one after the other", lambda size, one: f"{one['fps_serial']:.0f}")
    row("frames per second, overlapped", lambda size, one: _fps(size, one["fps_overlapped"]))
    row("frames per second, quiet machine", lambda size, one: f"{one['fps_quiet']:.0f}")
    row("avatar prepared in, s", lambda size, one: f"{one['prepare_s']:.2f}")
    if any("worker" in one for one in numbers.values()):
        table.add_section()
        row("worker: start to first frame, s",
            lambda size, one: _marked(one["worker"]["first_frame_s"], 2, goals.FIRST_FRAME_SECONDS))
        row("worker: delay, ms", lambda size, one: f"{one['worker']['delay_ms']:.0f}")
        row("worker: frames per second", lambda size, one: f"{one['worker']['fps']:.1f}")
        row("worker: processor, % of a core", lambda size, one: number(one["worker"]["cpu_percent"], 0))
        row("worker: peak memory, MB",
            lambda size, one: _marked(one["worker"]["peak_mb"], 0, goals.RESIDENT_MB if size == "512" else None))
    return table


def _times_of(stage: str) -> Callable[[str, Mapping[str, Any]], str]:
    return lambda size, one: _times(stage, one["stages"][stage])


def _times(stage: str, one: Mapping[str, float]) -> str:
    used = _marked(one["cpu_ms"], 2, goals.OBSERVE_CPU_MS if stage == "observe" else None)
    return f"{one['median_ms']:.2f} / {one['p95_ms']:.2f} / {used}"


def _fps(size: str, fps: float) -> str:
    return f"[yellow]{fps:.0f}[/]" if fps < goals.FPS.get(size, 0) else f"{fps:.0f}"


def quality(numbers: Mapping[str, Any]) -> Iterator[Table]:
    yield _reconstruction(numbers)
    yield _likeness(numbers["means"]["cross_driving"])
    yield _steadiness(numbers["means"])
    if numbers["means"]["glasses"]:
        yield _glasses(numbers["means"]["glasses"])


def _reconstruction(numbers: Mapping[str, Any]) -> Table:
    table = Table(Column("clip", no_wrap=True), "n", title="Self-reconstruction, pictures at 256")
    for name in ("L1", "AKD own", "once", "dlib", "blendshape", "missed"):
        table.add_column(name, justify="right")
    for name, clip in numbers["clips"].items():
        found = clip["reconstruction"]
        table.add_row(name, *([str(found["frames"]), *_scores(found["engine"])] if found else ["no face"]))
    means = numbers["means"]["reconstruction"]
    if means:
        table.add_section()
        table.add_row("mean", "", *_scores(means["engine"]))
        table.add_row("still picture", "", *_scores(means["still"], goals_too=False))
        table.add_row("truth, noisy", "", *_scores(means["floor"], goals_too=False))
    return table


def _scores(found: Mapping[str, float | None], goals_too: bool = True) -> list[str]:
    columns: tuple[tuple[str, int, float | None], ...] = (
        ("l1", 4, None), ("akd", 2, goals.AKD), ("akd_once", 2, None), ("akd_independent", 2, goals.AKD_INDEPENDENT),
        ("blendshape_error", 3, goals.BLENDSHAPE_ERROR), ("missed", 2, None))
    return [_marked(found[key], digits, goal if goals_too else None) for key, digits, goal in columns]


def _likeness(means: Mapping[str, Mapping[str, Mapping[str, float]]]) -> Table:
    table = Table(Column("channel", no_wrap=True), "pairs", title="Cross-driving: correlation and slope of avatar on driver")
    for place in COLUMNS:
        table.add_column(place, justify="right")
    for channel in CHANNELS:
        if channel in (SHAPES[0], ANGLES[0]):
            table.add_section()
        if channel not in means.get("drawn", {}):
            table.add_row(channel, "0", *[NOTHING] * len(COLUMNS))
            continue
        cells = [_alike(channel, means[place][channel]) if place in means else NOTHING for place in COLUMNS]
        table.add_row(channel, str(means["drawn"][channel]["pairs"]), *cells)
    return table


def _alike(channel: str, one: Mapping[str, float]) -> str:
    r, slope = one["correlation"], one["slope"]
    far = not goals.SLOPE[0] <= slope <= goals.SLOPE[1]
    return (f"[yellow]{r:.2f}[/]" if r < goals.correlation(channel) else f"{r:.2f}") + " " + \
        (f"[yellow]{slope:.2f}[/]" if far else f"{slope:.2f}")


def _steadiness(means: Mapping[str, Any]) -> Table:
    table = Table("steadiness", "mean", "worst", "unit", title="Steadiness: over all pairs of clip and avatar, at 512")
    for part, key, words, measured_in in STEADINESS_ROWS:
        one = means["steadiness"][part][key]
        table.add_row(words, number(one["mean"], 3), number(one["worst"], 3), measured_in)
    table.add_row("background swim while the head moves", number(means["swim"]["mean"], 3),
                  number(means["swim"]["worst"], 3), "levels")
    return table


def _glasses(means: Mapping[str, Any]) -> Table:
    table = Table("with glasses against without", "clips", "correlation", "slope", title="Dark glasses on the driver's face")
    for name, one in means["likeness"].items():
        table.add_row(name, str(one["clips"]), number(one["correlation"], 2), number(one["slope"], 2))
    table.add_row("jitter of a still head, factor", "", number(means["jitter_factor"], 2),
                  f"worst {number(means['jitter_factor_worst'], 2)}")
    return table


def number(value: float | None, digits: int) -> str:
    return NOTHING if value is None else f"{value:.{digits}f}"


def _marked(value: float | None, digits: int, goal: float | None) -> str:
    text = number(value, digits)
    return f"[yellow]{text}[/]" if value is not None and goal is not None and value > goal else text

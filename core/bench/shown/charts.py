"""The numbers as pictures for the docs: time a stage, delay, likeness a channel, likeness a clip. Only numbers are drawn."""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Callable

import numpy as np

from ...shared.errors import UsageError, UserError
from ..blink import RATE, SHUT
from ..channels import CHANNELS
from ..cross_driving import COLUMNS
from ..speed import ALL_STAGES
from . import chart_style as style
from . import goals


def check(folder: Path) -> None:
    """Raises UserError where no chart could be drawn."""
    if importlib.util.find_spec("matplotlib") is None:
        raise UserError("Charts need Matplotlib. Run “.venv/bin/python -m pip install -r core/bench/requirements.txt” first.")
    if not folder.is_dir():
        raise UsageError(f"The folder “{folder}” is not there: make it, or choose another one.")


def draw(numbers: Mapping[str, Any], folder: Path) -> list[Path]:
    """Draws all charts that these numbers allow; returns their files. Raises UserError."""
    check(folder)
    drawn: dict[str, Callable[[], Any]] = {}
    if "speed" in numbers:
        drawn["bench-speed.png"] = lambda: _speed(numbers["speed"])
    if "quality" in numbers:
        found = numbers["quality"]
        if found["means"]["cross_driving"]:
            drawn["bench-likeness.png"] = lambda: _likeness(found["means"]["cross_driving"])
        if found["means"]["reconstruction"]:
            drawn["bench-reconstruction.png"] = lambda: _reconstruction(found["clips"])
        if _blinks(found["clips"]):
            drawn["bench-blink.png"] = lambda: _blink(_blinks(found["clips"]))
    for name, make in drawn.items():
        with style.applied():
            figure = make()
            try:
                figure.savefig(folder / name)
            except OSError as error:
                raise UserError(f"The chart “{folder / name}” cannot be written ({error.strerror}).") from error
            finally:
                style.close(figure)
    return [folder / name for name in drawn]


def _speed(numbers: Mapping[str, Any]) -> Any:
    figure, (time, fps, delay) = style.panels(9.6, 3.0, 3, widths=(2.2, 1.4, 1))
    sizes = list(numbers)
    places = np.arange(len(sizes))
    for offset, height, key, shade in ((-0.18, 0.32, "cpu_ms", 1.0), (0.2, 0.22, "median_ms", 0.45)):
        left = np.zeros(len(sizes))
        for stage, colour in zip(ALL_STAGES, style.COLOURS):
            taken = np.array([numbers[size]["stages"][stage][key] for size in sizes])
            time.barh(places + offset, taken, height, left, color=colour, alpha=shade, label=stage if shade == 1 else None)
            left += taken
        words = "processor" if key == "cpu_ms" else "clock, median"
        for place, end in zip(places, left):
            time.annotate(f"{end:.1f} ms {words}", (end, place + offset), (4, 0), textcoords="offset points", va="center",
                          fontsize=7)
    time.set(title="Time a frame", yticks=places, yticklabels=sizes, xlim=(0, time.get_xlim()[1] * 1.35), xlabel="ms")
    time.invert_yaxis()
    time.legend(loc="upper center", bbox_to_anchor=(0.45, -0.2), ncol=len(ALL_STAGES), columnspacing=1)
    for offset, key, words, colour in ((-0.2, "fps_serial", "one by one", style.GREY),
                                       (0.2, "fps_overlapped", "overlapped", style.COLOURS[1])):
        bars = fps.bar(places + offset, [numbers[size][key] for size in sizes], 0.38, color=colour, label=words)
        fps.bar_label(bars, fmt="%.0f", fontsize=7)
    for place, size in zip(places, sizes):
        if size in goals.FPS:
            fps.plot([place - 0.45, place + 0.45], [goals.FPS[size]] * 2, color=style.GOAL, lw=1.2, ls="--",
                     label="goal" if place == 0 else None)
    fps.set(title="Frames a second", xticks=places, xticklabels=sizes)
    fps.legend(loc="upper center", bbox_to_anchor=(0.5, -0.2), ncol=3)
    if all("worker" in numbers[size] for size in sizes):
        bars = delay.bar(places, [numbers[size]["worker"]["delay_ms"] for size in sizes], 0.5, color=style.COLOURS[0])
        delay.bar_label(bars, fmt="%.0f", fontsize=7)
    delay.set(title="Delay in the worker, ms", xticks=places, xticklabels=sizes)
    return figure


def _likeness(means: Mapping[str, Mapping[str, Mapping[str, float]]]) -> Any:
    channels = [channel for channel in reversed(CHANNELS) if channel in means["drawn"]]
    figure, panels = style.panels(8.4, 0.9 + 0.27 * len(channels), 2, share_y=True)
    rows = np.arange(len(channels))
    for panel, key, words in zip(panels, ("correlation", "slope"), ("Correlation: at the same time", "Slope: how much of it")):
        for row, channel in zip(rows, channels):
            low, high = goals.SLOPE if key == "slope" else (goals.correlation(channel), 1.0)
            panel.barh(row, high - low, 0.72, low, color=style.GOAL, alpha=0.13, lw=0)
            ends = [means[place][channel][key] for place in COLUMNS if place in means]
            panel.plot([min(ends), max(ends)], [row, row], color=style.GREY, lw=1, zorder=1)
        for place, colour, marker, size in zip(COLUMNS, style.PLACES, "oo.D", (16, 16, 40, 28)):
            if place in means:
                panel.scatter([means[place][channel][key] for channel in channels], rows, size, colour, marker=marker,
                              label=place, zorder=2)
        panel.set(title=words, yticks=rows, yticklabels=channels, ylim=(-0.7, len(rows) - 0.3))
        panel.grid(axis="x")
    panels[0].set_xlim(min(0.4, panels[0].get_xlim()[0]), 1.02)
    panels[0].legend(loc="lower left")
    return figure


def _reconstruction(clips: Mapping[str, Any]) -> Any:
    found = {name: clip["reconstruction"] for name, clip in clips.items() if clip["reconstruction"]}
    figure, panels = style.panels(8.4, 2.8, 2)
    places = np.arange(len(found))
    for panel, key, words, goal in ((panels[0], "akd", "AKD by our own tracker, px at 256", goals.AKD),
                                    (panels[1], "akd_independent", "AKD by dlib, px at 256", goals.AKD_INDEPENDENT)):
        engine = [one["engine"][key] or 0.0 for one in found.values()]
        floor = [one["floor"][key] or 0.0 for one in found.values()]
        bars = panel.bar(places, engine, 0.62, color=style.COLOURS[1], label="engine")
        panel.bar_label(bars, fmt="%.2f", fontsize=7)
        panel.bar(places, floor, 0.62, color=style.GREY, label="floor: the true frame, with noise")
        panel.axhline(goal, color=style.GOAL, lw=1.2, ls="--", label="goal")
        panel.set(title=words, xticks=places, xticklabels=found, ylim=(0, 1.25 * max(engine + [goal])))
        panel.legend(loc="upper left", ncol=3)
    return figure


def _blinks(clips: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
    return [(f"{name}, {pair['avatar']}", pair["blink"]) for name, clip in clips.items()
            for pair in clip["steadiness"] if pair["blink"]]


def _blink(blinks: list[tuple[str, Mapping[str, Any]]]) -> Any:
    figure, (panel,) = style.panels(6.0, 2.8, 1)
    times = 1000 * np.arange(len(blinks[0][1]["course"])) / RATE
    middle = np.argmin(blinks[0][1]["course_given"])
    for index, (_, blink) in enumerate(blinks):
        for key, colour, words in (("course_given", style.GREY, "driver"), ("course", style.COLOURS[1], "avatar")):
            panel.plot(times - times[middle], blink[key], color=colour, lw=1.1, alpha=max(0.35, 1 / len(blinks) ** 0.5),
                       marker=".", ms=4, label=words if index == 0 else None)
    panel.set(title=f"A blink of {1000 * SHUT / RATE:.0f} ms: opening of the lids, 1 at rest", xlim=(-170, 370), xlabel="ms")
    panel.grid(axis="y")
    panel.legend(loc="lower right")
    return figure

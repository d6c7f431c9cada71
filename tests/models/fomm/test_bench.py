"""`bench --engine fomm`, with a small network in place of a full-size one."""

from __future__ import annotations

import io
from pathlib import Path

from rich.console import Console

from core.bench import neural
from models.fomm.config import Config


def test_both_paths_are_measured_stage_by_stage_and_draw_the_same_picture(tmp_path: Path, config: Config) -> None:
    steps: list = []
    numbers = neural.run(2, steps.append, tmp_path, config)
    assert numbers["plain"].keys() == {"keypoints", "source", "picture"}
    assert numbers["fast"].keys() == set(neural.STAGES)
    assert all(one["median_ms"] > 0 for path in ("plain", "fast") for one in numbers[path].values())
    assert numbers["psnr"] >= numbers["psnr_least"] > 30 and numbers["frames"] == 2
    assert "making up weights of the real size" in steps
    written = io.StringIO()
    Console(file=written, width=130).print(neural.table(numbers))
    assert numbers["way"] in written.getvalue() and "frames per second" in written.getvalue()
    again: list = []
    neural.run(1, again.append, tmp_path, config)
    assert not any("making up" in step or "Preparing" in step for step in again), "kept from the first time"

"""`bench` as it is typed: what it prints and writes."""

import argparse
import json

import pytest

from core.bench import independent, stage
from core.bench.arguments import add_arguments
from core.bench.channels import CHANNELS
from core.bench.shown import charts
from core.bench.speed import ALL_STAGES
from core.cli import bench
from core.shared.errors import UserError

from .conftest import CLIP


def run(*given):
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    return bench.run(parser.parse_args([str(argument) for argument in given]))


def test_speed_of_ten_frames(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(bench.worker, "STARTS", 1)
    monkeypatch.setattr(bench.worker, "RUN_SECONDS", 1.0)
    written = tmp_path / "speed.json"
    assert run("--frames", 10, "--sizes", 256, "--json", written) == 0
    numbers = json.loads(written.read_text("utf-8"))
    assert numbers.keys() == {"machine", "engine", "avatar", "speed"}
    assert numbers["machine"]["cores"] >= 1
    one = numbers["speed"]["256"]
    assert tuple(one["stages"]) == ALL_STAGES
    assert all(stage["p10_ms"] <= stage["median_ms"] <= stage["p95_ms"] for stage in one["stages"].values())
    assert one["fps_serial"] > 1 and one["fps_overlapped"] > 1
    assert 0 < one["worker"]["first_frame_s"] < 60
    assert one["worker"]["fps"] > 1
    assert "observe" in capsys.readouterr().out


@pytest.fixture(scope="module")
def quality(tmp_path_factory):
    """The numbers of a short run, without dlib whether it is there or not."""
    written = tmp_path_factory.mktemp("bench") / "quality.json"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(independent.importlib.util, "find_spec", lambda name: None)
        assert run("--quality", CLIP, "--frames", 16, "--avatars", "clay", "--json", written) == 0
    return json.loads(written.read_text("utf-8"))


def test_quality_of_a_few_frames(quality):
    numbers = quality["quality"]
    assert numbers.keys() == {"engine", "avatars", "missing", "clips", "means"}
    clip = numbers["clips"]["drive"]
    assert clip["frames"] == 16
    assert clip["reconstruction"].keys() == {"frames", "engine", "still", "floor"}
    assert [pair["avatar"] for pair in clip["cross_driving"]] == [pair["avatar"] for pair in clip["steadiness"]] == ["clay"]
    assert set(clip["cross_driving"][0]["likeness"]) == {"seen", "placed", "drawn", "calibrated"}
    assert set(numbers["means"]["cross_driving"]["drawn"]) <= set(CHANNELS)
    assert numbers["means"]["steadiness"]["still"]["jitter"]["worst"] > 0


def test_what_is_not_installed_is_said(quality):
    assert "core/bench/requirements.txt" in quality["quality"]["missing"]
    assert quality["quality"]["means"]["reconstruction"]["engine"]["akd_independent"] is None


def test_charts(quality, tmp_path):
    pytest.importorskip("matplotlib", reason="see core/bench/requirements.txt")
    made = charts.draw(quality, tmp_path)
    assert {"bench-likeness.png", "bench-reconstruction.png"} <= {file.name for file in made}
    assert all(file.read_bytes().startswith(b"\x89PNG") for file in made)


def test_charts_without_matplotlib(monkeypatch, tmp_path):
    monkeypatch.setattr(charts.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(UserError, match="core/bench/requirements.txt"):
        run("--charts", tmp_path)


@pytest.mark.parametrize(("given", "sentence"), [
    (("--frames", 1), "least that can be measured"),
    (("--quality", "nowhere.mp4"), "no video file “nowhere.mp4”"),
    (("--quality", "--avatars", "nobody"), "no avatar “nobody”"),
    (("--json", "nowhere/numbers.json"), "cannot be written"),
])
def test_what_cannot_be_done_is_said_at_once(given, sentence):
    with pytest.raises(UserError, match=sentence):
        run(*given)


def test_all_avatars_that_ship_are_driven():
    assert {"nora", "marcus"} <= set(stage.chosen(None))

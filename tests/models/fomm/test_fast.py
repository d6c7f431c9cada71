"""The fast editions draw the same picture, and the machine chooses among them by measuring."""

from __future__ import annotations

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import torch

from models.fomm import FirstOrderMotionModel, made_up
from models.fomm.config import Config
from models.fomm.fast import load, loading, onnxruntime_runner, openvino_runner, torch_runner, trial
from models.fomm.fast.runner import Candidate, Graphs
from models.fomm.fast.trial import Result, Scene, best, hold, scenes
from models.fomm.model import Drawing

from .conftest import SIZE

TOLERANCE = {"fp32": 1e-3, "bf16": 0.1, "int8": 0.25}
"""The largest difference of any pixel. Random weights make more of rounding than trained ones."""
KEYPOINTS = 1e-4


@pytest.fixture(scope="module")
def faces() -> list[torch.Tensor]:
    return [made_up.picture(SIZE, phase) for phase in (0.3, 2.0)]


@pytest.fixture(scope="module")
def model(weights: Path) -> FirstOrderMotionModel:
    return FirstOrderMotionModel.from_checkpoint(weights)


@pytest.fixture(scope="module")
def stage(model: FirstOrderMotionModel, faces: list) -> list[Scene]:
    return scenes(model, faces)


@pytest.fixture(scope="module")
def weights(config: Config, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("fast") / "small.pth.tar"
    made_up.write(path, config)
    return path


@pytest.fixture(scope="module")
def tried(weights: Path, faces: list) -> dict:
    """The notes of a trial of all runtimes."""
    load(weights, pictures=faces, threads=1)
    return json.loads((weights.parent / "small-aligned" / "trial.json").read_text("utf-8"))


def test_every_runtime_of_this_machine_runs_and_draws_the_same_picture(tried: dict) -> None:
    assert {each["candidate"]["runtime"] for each in tried["measured"]} == {"torch", "onnxruntime", "openvino"}
    for each in tried["measured"]:
        assert not each["problem"]
        assert each["psnr"] > (60 if each["candidate"]["precision"] == "fp32" else trial.LEAST_PSNR)
    fastest = min(tried["measured"], key=lambda each: each["milliseconds"])
    assert tried["chosen"] == fastest


def test_the_choice_is_remembered_until_something_changes(tried: dict, weights: Path, faces: list,
                                                          monkeypatch: pytest.MonkeyPatch) -> None:
    steps: list = []
    model = load(weights, pictures=faces, threads=1, report=steps.append)
    assert not steps and str(model.result.candidate) == str(Candidate(**tried["chosen"]["candidate"]))
    monkeypatch.setattr(loading, "_machine", lambda: {"processor": "another one"})
    load(weights, pictures=faces, threads=1, report=steps.append,
         among=lambda candidate: candidate.runtime == "torch")
    assert [type(step) for step in steps] == [str, Result]


def test_of_two_that_load_at_once_one_tries_and_the_other_takes_its_choice(config: Config, faces: list, tmp_path: Path) -> None:
    """This happens when the engine is chosen, dropped and chosen again before it is ready, or for two avatars at once."""
    made_up.write(tmp_path / "small.pth.tar", config)
    steps: list = []

    def one(_: int) -> str:
        model = load(tmp_path / "small.pth.tar", pictures=faces, report=steps.append,
                     among=lambda candidate: candidate.precision == "fp32")
        return str(model.result.candidate)

    with ThreadPoolExecutor(2) as both:
        assert len(set(both.map(one, range(2)))) == 1
    assert "The model is being prepared already; waiting for that." in steps
    assert len([step for step in steps if isinstance(step, Result)]) == 3


def test_a_choice_that_does_not_run_any_more_is_made_anew(weights: Path, faces: list) -> None:
    def torch_only(candidate: Candidate) -> bool:
        return candidate.runtime == "torch"
    load(weights, align_corners=False, pictures=faces, among=torch_only)
    (notes,) = (weights.parent / "small-unaligned").glob("trial-*.json")  # of these candidates, beside that of all
    kept = json.loads(notes.read_text("utf-8"))
    kept["chosen"]["candidate"]["device"] = "none such"
    notes.write_text(json.dumps(kept), "utf-8")
    steps: list = []
    assert load(weights, align_corners=False, pictures=faces, among=torch_only, report=steps.append).result.psnr > 60
    assert steps[0] == "What was fastest does not run any more (RuntimeError)."


def test_each_runner_gives_the_models_keypoints_and_picture(tried: dict, weights: Path, model: FirstOrderMotionModel,
                                                            stage: list) -> None:
    folder = weights.parent / "small-aligned"
    graphs = Graphs(*(folder / f"{name}.onnx" for name in ("detect", "animate", "animate-int8")))
    for runner, candidate in [
            *((openvino_runner.OpenVinoRunner(graphs, each), each) for each in openvino_runner.candidates()),
            *((onnxruntime_runner.OnnxRuntimeRunner(graphs, each), each) for each in onnxruntime_runner.candidates()),
            *((torch_runner.TorchRunner(model, each), each) for each in torch_runner.candidates())]:
        for scene in stage:
            found, wanted = runner.detect(scene.frame), model.detect(scene.frame)
            torch.testing.assert_close(found.value, wanted.value, rtol=0, atol=KEYPOINTS)
            torch.testing.assert_close(found.jacobian, wanted.jacobian, rtol=0, atol=KEYPOINTS)
            torch.testing.assert_close(runner.draw(scene.source, scene.driving).picture, scene.picture, rtol=0,
                                       atol=TOLERANCE[candidate.precision])


def test_lower_precision_with_pytorch_keeps_coordinates_whole(model: FirstOrderMotionModel, stage: list) -> None:
    """The graphics cards' path, on the processor, where bfloat16 stands for their half precision."""
    runner = torch_runner.TorchRunner(model, Candidate("torch", "cpu", "bf16"))
    for scene in stage:
        found = runner.detect(scene.frame)
        assert found.value.dtype == found.jacobian.dtype == torch.float32
        torch.testing.assert_close(found.value, model.detect(scene.frame).value, rtol=0, atol=0.02)
        drawn = runner.draw(scene.source, scene.driving).picture
        assert drawn.dtype == torch.float32
        torch.testing.assert_close(drawn, scene.picture, rtol=0, atol=TOLERANCE["bf16"])
    assert model.networks.generator.final.weight.dtype == torch.float32, "the model itself is left as it was"


def test_keypoints_are_found_while_pictures_are_drawn(model: FirstOrderMotionModel, stage: list) -> None:
    runner = torch_runner.TorchRunner(model, Candidate("torch", "cpu", "fp32"))
    with ThreadPoolExecutor(1) as other:
        for scene in 3 * stage:
            found = other.submit(runner.detect, scene.frame)
            torch.testing.assert_close(runner.draw(scene.source, scene.driving).picture, scene.picture, rtol=0, atol=1e-4)
            torch.testing.assert_close(found.result().value, model.detect(scene.frame).value, rtol=0, atol=1e-5)


def test_openvino_cannot_report_home() -> None:
    code = ("import sys; from models.fomm.fast import openvino_runner; assert openvino_runner.candidates(); "
            "sys.exit(any('openvino_telemetry' in name and module for name, module in sys.modules.items()))")
    assert subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).resolve().parents[3]).returncode == 0


class Fake:
    """A runner whose picture is off by a given amount."""

    def __init__(self, error: float, stage: list[Scene]) -> None:
        self.error, self.stage = error, stage

    def detect(self, image: torch.Tensor) -> None:
        pass

    def draw(self, encoded: object, driving: object) -> Drawing:
        return Drawing(next(scene.picture for scene in self.stage if scene.driving is driving) + self.error, torch.ones(1))


def outcome(errors: dict[str, float | None], stage: list[Scene]) -> tuple[list[Result], Result | None]:
    def open_runner(candidate: Candidate) -> Fake:
        error = errors[candidate.device]
        if error is None:
            raise RuntimeError("no such device\nand more")
        return Fake(error, stage)
    results = hold([Candidate("fake", device, "int8") for device in errors], open_runner, stage, lambda _: None)
    return results, best(results)


def test_what_fails_or_draws_another_picture_is_not_chosen(stage: list) -> None:
    results, chosen = outcome({"broken": None, "wrong": 0.1, "blank": float("nan"), "good": 0.001}, stage)
    assert chosen is not None and chosen.candidate.device == "good"
    assert [result.problem for result in results] == [
        "It does not run here: RuntimeError: no such device", "Its picture differs too much: 20.0 dB.",
        "Its picture differs too much: nan dB.", ""]
    assert outcome({"broken": None}, stage)[1] is None

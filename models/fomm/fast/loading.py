"""Loading a checkpoint in its fastest form: exported and tried once, then remembered in files beside it."""

from __future__ import annotations

import hashlib
import json
import os
import platform
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Callable

import torch

from core.shared import locks
from core.shared.files import write_whole

from .. import made_up
from ..checkpoint import PathLike
from ..config import Config
from ..keypoints import Keypoints
from ..model import Drawing, EncodedSource, FirstOrderMotionModel
from . import onnxruntime_runner, openvino_runner, torch_runner
from .export import export
from .int8 import quantise
from .runner import Candidate, Graphs, Runner, animate_arrays
from .trial import Result, Scene, best, hold, scenes

LAYOUT = 2
"""Version of the files in the folder; files of another version are written anew."""


class FastModel:
    """FirstOrderMotionModel's methods, for one picture at a time. Tensors are in host memory."""

    def __init__(self, model: FirstOrderMotionModel, runner: Runner, result: Result) -> None:
        self.config = model.config
        self.result = result
        """How the model is run, with its measured time, to be shown to the user."""
        self._model, self._runner = model, runner

    def detect(self, image: torch.Tensor) -> Keypoints:
        return self._runner.detect(image)

    def encode(self, source: torch.Tensor) -> EncodedSource:
        return self._model.encode(source)

    def animate(self, encoded: EncodedSource, keypoints_driving: Keypoints) -> torch.Tensor:
        return self.draw(encoded, keypoints_driving).picture

    def draw(self, encoded: EncodedSource, keypoints_driving: Keypoints) -> Drawing:
        return self._runner.draw(encoded, keypoints_driving)


def load(path: PathLike, align_corners: bool = True, config: Config | None = None,
         pictures: Sequence[torch.Tensor] = (), among: Callable[[Candidate], bool] | None = None,
         threads: int | None = None, retry: bool = False,
         report: Callable[[str | Result], None] = lambda _: None) -> FastModel:
    """Return the fastest way to run a checkpoint on this machine.

    The first call takes a minute or two. Its choice is kept in a folder beside the file and used until the file, the
    machine or a runtime changes.

    pictures: faces, each (1, 3, 256, 256), framed as the model will see them. They calibrate int8 and judge the
    candidates: pass several, and real ones unless the weights are made up, too.
    among: tells which candidates to consider, such as those on one device. threads: None leaves it to the runtimes.
    retry: measure again. report: called with a sentence for each step and with the Result of each candidate.
    Raises as FirstOrderMotionModel.from_checkpoint does, and RuntimeError where no candidate runs.
    """
    path = Path(path)
    model = FirstOrderMotionModel.from_checkpoint(path, align_corners=align_corners, config=config)
    folder = path.with_name(f"{path.name.split('.')[0]}-{'aligned' if align_corners else 'unaligned'}")
    folder.mkdir(exist_ok=True)
    setup = _Setup(model, Graphs(*(folder / f"{name}.onnx" for name in ("detect", "animate", "animate-int8"))), threads)
    everything = [each for runtime in (torch_runner, onnxruntime_runner, openvino_runner)
                  for each in runtime.candidates()]
    candidates = [each for each in everything if among is None or among(each)]
    notes = _Notes(folder / _notes_name(candidates, everything), {
        "layout": LAYOUT, "weights": _digest(path), "machine": _machine(), "threads": threads,
        "candidates": [str(each) for each in candidates]})
    with _alone(folder, report):
        chosen = None if retry else notes.chosen()
        if chosen is not None:
            try:
                return setup.run(chosen)
            except Exception as error:  # a missing graph, an updated driver: whatever it is, a new trial finds out
                report(f"What was fastest does not run any more ({type(error).__name__}).")
        report("Preparing the model for this computer, once.")
        stage = scenes(model, pictures or [made_up.picture(256, phase) for phase in (0.3, 2.0)])
        return setup.run(_fastest(setup, candidates, stage, notes, report))


@dataclass(frozen=True)
class _Setup:
    """A checkpoint on this machine, ready to be run by any candidate."""

    model: FirstOrderMotionModel
    graphs: Graphs
    threads: int | None
    """Threads of the runtimes that run the graphs; None leaves it to them."""

    def open(self, candidate: Candidate) -> Runner:
        """Raise whatever the candidate's runtime raises."""
        if candidate.runtime == "torch":
            return torch_runner.TorchRunner(self.model, candidate)
        runtime: dict[str, Callable[[Graphs, Candidate, int | None], Runner]] = {
            "onnxruntime": onnxruntime_runner.OnnxRuntimeRunner, "openvino": openvino_runner.OpenVinoRunner}
        return runtime[candidate.runtime](self.graphs, candidate, self.threads)

    def run(self, chosen: Result) -> FastModel:
        """Return the model as a trial has chosen to run it. Raises as `open` does."""
        return FastModel(self.model, self.open(chosen.candidate), chosen)


@dataclass(frozen=True)
class _Notes:
    """A file that remembers the outcome of a trial."""

    path: Path
    circumstances: dict[str, Any]
    """What the outcome depends on, as JSON has it; under others it counts for nothing."""

    def chosen(self) -> Result | None:
        """Return what an earlier trial chose; None if there was none, or under other circumstances."""
        try:
            kept = json.loads(self.path.read_text("utf-8"))
            if kept["circumstances"] != self.circumstances:
                return None
            return Result(Candidate(**kept["chosen"].pop("candidate")), **kept["chosen"])
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None

    def write(self, chosen: Result, results: Sequence[Result]) -> None:
        text = json.dumps({"circumstances": self.circumstances, "chosen": asdict(chosen),
                           "measured": [asdict(result) for result in results]}, indent=1)
        write_whole(self.path, text.encode("utf-8"))


def _fastest(setup: _Setup, candidates: Sequence[Candidate], stage: Sequence[Scene], notes: _Notes,
             report: Callable[[str | Result], None]) -> Result:
    """Return the winner of a trial, which `notes` then remember. Raises RuntimeError if no candidate runs."""
    _write_graphs(setup.model, setup.graphs, candidates, stage)
    results = hold(candidates, setup.open, stage, report)
    chosen = best(results)
    if chosen is None:
        raise RuntimeError("The model does not run on this computer: " + "; ".join(
            f"{result.candidate}: {result.problem}" for result in results))
    notes.write(chosen, results)
    return chosen


@contextmanager
def _alone(folder: Path, report: Callable[[str], None]) -> Iterator[None]:
    """Let one caller at a time try out the model, in whatever process; the others wait and find it done.

    PyTorch cannot export in two threads at once, and each avatar in OBS has a process of its own.
    """
    with open(folder / ".lock", "ab") as lock:
        locks.take(lock.fileno(), lambda: report("The model is being prepared already; waiting for that."))
        yield


def _write_graphs(model: FirstOrderMotionModel, graphs: Graphs, candidates: Sequence[Candidate],
                  stage: Sequence[Scene]) -> None:
    """Write the graphs that the candidates need; the scenes calibrate int8."""
    if any(each.runtime != "torch" for each in candidates):
        export(model, stage[0].source.picture, graphs.detect, graphs.animate)
    if any(each.precision == "int8" for each in candidates):
        quantise(graphs.animate, graphs.animate_int8,
                 [animate_arrays(scene.source, scene.driving) for scene in stage])


def _notes_name(candidates: Sequence[Candidate], everything: Sequence[Candidate]) -> str:
    """Return a file name for each choice of candidates, so that going back to an earlier device costs no new trial."""
    if candidates == everything:
        return "trial.json"
    return f"trial-{hashlib.sha256(' '.join(map(str, candidates)).encode()).hexdigest()[:8]}.json"


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def _machine() -> dict[str, Any]:
    """Return the hardware and the versions of the runtimes, on which the outcome of a trial depends."""
    versions: dict[str, str | None] = {}
    for package in ("torch", "onnxruntime", "openvino"):
        try:
            versions[package] = version(package)
        except PackageNotFoundError:
            versions[package] = None
    gpus = [torch.cuda.get_device_name(index) for index in range(torch.cuda.device_count())]
    return {"processor": platform.processor() or platform.machine(), "cores": os.cpu_count(), "gpus": gpus, **versions}

"""Getting the fastest edition of a checkpoint: exported and tried once, remembered in files beside it."""

from __future__ import annotations

import hashlib
import json
import os
import platform
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
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
"""Of the files; another number makes them anew."""


class FastModel:
    """The methods of FirstOrderMotionModel, for one picture at a time. Tensors live in the computer's memory."""

    def __init__(self, model: FirstOrderMotionModel, runner: Runner, result: Result) -> None:
        self.config = model.config
        self.result = result
        """The way it is run, with its measured time: for whoever waits for it to see."""
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
    """The fastest way to run a checkpoint here. The first time takes a minute or two; what was found is kept in a
    folder beside the file and used until the file, the machine or a runtime changes.

    pictures: faces, each (1, 3, 256, 256), framed as the model will see them. They set the ranges of 8 bits and judge
    the candidates: use several, and more than made-up ones for weights that are not made up.
    among: which candidates to consider, such as those on one device. threads: None leaves it to the runtimes.
    retry: measure again. report: called with a sentence for each step and with the Result of each candidate.
    Raises as FirstOrderMotionModel.from_checkpoint does.
    """
    path = Path(path)
    model = FirstOrderMotionModel.from_checkpoint(path, align_corners=align_corners, config=config)
    folder = path.with_name(f"{path.name.split('.')[0]}-{'aligned' if align_corners else 'unaligned'}")
    folder.mkdir(exist_ok=True)
    graphs = Graphs(*(folder / f"{name}.onnx" for name in ("detect", "animate", "animate-int8")))
    everything = [each for runtime in (torch_runner, onnxruntime_runner, openvino_runner)
                  for each in runtime.candidates()]
    candidates = [each for each in everything if among is None or among(each)]
    notes = folder / _notes_name(candidates, everything)
    circumstances = {"layout": LAYOUT, "weights": _digest(path), "machine": _machine(), "threads": threads,
                     "candidates": [str(each) for each in candidates]}

    def open_runner(candidate: Candidate) -> Runner:
        if candidate.runtime == "torch":
            return torch_runner.TorchRunner(model, candidate)
        runtime = {"onnxruntime": onnxruntime_runner.OnnxRuntimeRunner, "openvino": openvino_runner.OpenVinoRunner}
        return runtime[candidate.runtime](graphs, candidate, threads)

    with _alone(folder, report):
        chosen = None if retry else _remembered(notes, circumstances)
        if chosen is not None:
            try:
                return FastModel(model, open_runner(chosen.candidate), chosen)
            except Exception as error:  # a graph is gone, a driver was updated: whatever it is, the next trial finds out
                report(f"What was fastest does not run any more ({type(error).__name__}).")
        report("Preparing the model for this computer, once.")
        stage = scenes(model, pictures or [made_up.picture(256, phase) for phase in (0.3, 2.0)])
        _write_graphs(model, graphs, candidates, stage)
        results = hold(candidates, open_runner, stage, report)
        chosen = best(results)
        if chosen is None:
            raise RuntimeError("The model does not run on this computer: " + "; ".join(
                f"{result.candidate}: {result.problem}" for result in results))
        _remember(notes, circumstances, chosen, results)
        return FastModel(model, open_runner(chosen.candidate), chosen)


@contextmanager
def _alone(folder: Path, report: Callable[[str], None]) -> Iterator[None]:
    """Only one at a time tries it out, whatever the process; who waited finds it done. PyTorch cannot export in two threads
    at once, and each avatar in OBS has a process of its own."""
    with open(folder / ".lock", "ab") as lock:
        locks.take(lock.fileno(), lambda: report("The model is being prepared already; waiting for that."))
        yield


def _write_graphs(model: FirstOrderMotionModel, graphs: Graphs, candidates: Sequence[Candidate],
                  stage: Sequence[Scene]) -> None:
    """Those that the candidates need."""
    if any(each.runtime != "torch" for each in candidates):
        export(model, stage[0].source.picture, graphs.detect, graphs.animate)
    if any(each.precision == "int8" for each in candidates):
        quantise(graphs.animate, graphs.animate_int8,
                 [animate_arrays(scene.source, scene.driving) for scene in stage])


def _notes_name(candidates: Sequence[Candidate], everything: Sequence[Candidate]) -> str:
    """A file for each choice of candidates: who changes the device and back does not wait for another trial."""
    if candidates == everything:
        return "trial.json"
    return f"trial-{hashlib.sha256(' '.join(map(str, candidates)).encode()).hexdigest()[:8]}.json"


def _remembered(notes: Path, circumstances: dict[str, Any]) -> Result | None:
    """What an earlier trial chose; None if there was none, or under other circumstances."""
    try:
        kept = json.loads(notes.read_text("utf-8"))
        if kept["circumstances"] != circumstances:
            return None
        return Result(Candidate(**kept["chosen"].pop("candidate")), **kept["chosen"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _remember(notes: Path, circumstances: dict[str, Any], chosen: Result, results: Sequence[Result]) -> None:
    text = json.dumps({"circumstances": circumstances, "chosen": asdict(chosen),
                       "measured": [asdict(result) for result in results]}, indent=1)
    write_whole(notes, text.encode("utf-8"))


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def _machine() -> dict[str, Any]:
    """What a trial's outcome depends on."""
    versions = {}
    for package in ("torch", "onnxruntime", "openvino"):
        try:
            versions[package] = version(package)
        except PackageNotFoundError:
            versions[package] = None
    gpus = [torch.cuda.get_device_name(index) for index in range(torch.cuda.device_count())]
    return {"processor": platform.processor() or platform.machine(), "cores": os.cpu_count(), "gpus": gpus, **versions}

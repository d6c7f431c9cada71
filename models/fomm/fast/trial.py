"""Which way to run the model is the fastest on this machine and still draws the same picture: measured, not guessed."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import cos, sin
from typing import Callable, NamedTuple

import torch
import torch.nn.functional as F

from ..keypoints import Keypoints
from ..model import EncodedSource, FirstOrderMotionModel
from ..motion_transfer import transfer
from .runner import Candidate, Runner

LEAST_PSNR = 35.0
"""dB against float32. Below, 8 bits begin to be seen as noise in smooth skin."""
FRAMES = 5
"""Timed in each round. The fastest counts: the others were held up by something else on the machine."""
FINALS = 2
"""Rounds more among those that came close, taking turns: a machine that is busy for a while wrongs nobody."""
MOTIONS = ((0.15, 1.0, 0.08, 0.0), (-0.1, 1.1, -0.05, 0.06))
"""By which a picture drives itself: an angle in radians, a scale, and a way in half pictures, x and y."""
CLOSE = 1.5
"""Times the fastest: who is slower after the first round is out."""


class Scene(NamedTuple):
    """A source in one pose, with the picture that float32 makes of it."""

    source: EncodedSource
    frame: torch.Tensor
    """(1, 3, H, W): the driving frame."""
    driving: Keypoints
    """What is drawn: the frame's motion, carried over to the source."""
    picture: torch.Tensor


def scenes(model: FirstOrderMotionModel, pictures: Sequence[torch.Tensor]) -> list[Scene]:
    """Each picture (1, 3, H, W) driven by itself: tilted, moved and enlarged."""
    made = []
    for picture in pictures:
        source = model.encode(picture)
        for motion in MOTIONS:
            frame = _moved(picture, *motion)
            driving = transfer(source.keypoints, model.detect(frame), source.keypoints)
            made.append(Scene(source, frame, driving, model.animate(source, driving)))
    return made


def _moved(picture: torch.Tensor, angle: float, scale: float, x: float, y: float) -> torch.Tensor:
    c, s = cos(angle) / scale, sin(angle) / scale
    grid = F.affine_grid(torch.tensor([[[c, -s, x], [s, c, y]]]), list(picture.shape), align_corners=False)
    return F.grid_sample(picture, grid, padding_mode="border", align_corners=False)


@dataclass(frozen=True)
class Result:
    """How a candidate did. `problem` is a sentence, or empty: with one it cannot be chosen."""

    candidate: Candidate
    milliseconds: float = 0.0
    """A frame: keypoints found and picture drawn."""
    psnr: float = 0.0
    """dB of the picture against float32, the worst of the scenes."""
    problem: str = ""


def hold(candidates: Sequence[Candidate], open_runner: Callable[[Candidate], Runner], stage: Sequence[Scene],
         report: Callable[[Result], None]) -> list[Result]:
    """Measures them all. report: called with each first result."""
    results = []
    for candidate in candidates:
        results.append(measure(candidate, open_runner, stage))
        report(results[-1])
    for _ in range(FINALS):
        fastest = best(results)
        for index, result in enumerate(results):
            if fastest and not result.problem and result.milliseconds < CLOSE * fastest.milliseconds:
                again = measure(result.candidate, open_runner, stage)
                results[index] = again if again.problem or again.milliseconds < result.milliseconds else result
    return results


def measure(candidate: Candidate, open_runner: Callable[[Candidate], Runner], stage: Sequence[Scene]) -> Result:
    """Runs a candidate. Whatever goes wrong, a missing driver or too little memory, only costs it the choice."""
    try:
        runner = open_runner(candidate)
        psnr = min(_psnr(runner.draw(scene.source, scene.driving).picture, scene.picture) for scene in stage)
        milliseconds = min(_time(runner, stage[-1]) for _ in range(FRAMES))
    except Exception as error:
        return Result(candidate, problem=f"It does not run here: {type(error).__name__}: {error}".splitlines()[0])
    if not psnr >= LEAST_PSNR:
        return Result(candidate, milliseconds, psnr, f"Its picture differs too much: {psnr:.1f} dB.")
    return Result(candidate, milliseconds, psnr)


def best(results: Iterable[Result]) -> Result | None:
    """The fastest that can be chosen."""
    able = (result for result in results if not result.problem)
    return min(able, key=lambda result: result.milliseconds, default=None)


def _time(runner: Runner, scene: Scene) -> float:
    start = time.perf_counter()
    runner.detect(scene.frame)
    runner.draw(scene.source, scene.driving)
    return (time.perf_counter() - start) * 1000


def _psnr(picture: torch.Tensor, reference: torch.Tensor) -> float:
    return float(-10 * torch.log10(((picture - reference) ** 2).mean().clamp_min(1e-20)))

"""Measuring which way to run the model is the fastest on this machine and still draws the same picture."""

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
"""Least PSNR against float32, in dB: below, quantisation to 8 bits begins to show as noise in smooth skin."""
FRAMES = 5
"""Number of frames timed in each round. The fastest counts: something else on the machine held up the others."""
FINALS = 2
"""Number of further rounds among the close candidates, in turns, so that a spell of load on the machine wrongs none."""
MOTIONS = ((0.15, 1.0, 0.08, 0.0), (-0.1, 1.1, -0.05, 0.06))
"""Motions with which a picture drives itself: angle in radians, scale, and displacement in half picture sides, x and y."""
CLOSE = 1.5
"""Largest time, in times of the fastest, with which a candidate goes on after the first round."""


class Scene(NamedTuple):
    """A source in one pose, with the picture that float32 gives."""

    source: EncodedSource
    """The source to draw."""
    frame: torch.Tensor
    """(1, 3, H, W): the driving frame."""
    driving: Keypoints
    """The keypoints to draw the source with: the motion of the frame, transferred to it."""
    picture: torch.Tensor
    """(1, 3, H, W): the source with these keypoints, drawn in float32."""


def scenes(model: FirstOrderMotionModel, pictures: Sequence[torch.Tensor]) -> list[Scene]:
    """Each picture, (1, 3, H, W), driven by itself in every one of MOTIONS."""
    made = []
    for picture in pictures:
        source = model.encode(picture)
        for motion in MOTIONS:
            frame = _moved(picture, *motion)
            driving = transfer(source.keypoints, model.detect(frame), source.keypoints)
            made.append(Scene(source, frame, driving, model.animate(source, driving)))
    return made


def _moved(picture: torch.Tensor, angle: float, scale: float, x: float, y: float) -> torch.Tensor:
    """(1, 3, H, W): the picture rotated, scaled and displaced; see MOTIONS."""
    c, s = cos(angle) / scale, sin(angle) / scale
    grid = F.affine_grid(torch.tensor([[[c, -s, x], [s, c, y]]]), list(picture.shape), align_corners=False)
    return F.grid_sample(picture, grid, padding_mode="border", align_corners=False)


@dataclass(frozen=True)
class Result:
    """How a candidate did in a trial."""

    candidate: Candidate
    """The candidate that was measured."""
    milliseconds: float = 0.0
    """Time for a frame, keypoints found and picture drawn, in milliseconds."""
    psnr: float = 0.0
    """PSNR of the picture against float32, in dB; the worst of all scenes."""
    problem: str = ""
    """Why the candidate cannot be chosen, in a sentence for the user; empty where it can."""


def hold(candidates: Sequence[Candidate], open_runner: Callable[[Candidate], Runner], stage: Sequence[Scene],
         report: Callable[[Result], None]) -> list[Result]:
    """Measure all candidates, the close ones repeatedly. report: called with the first result of each."""
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
    """Measure a candidate once. Whatever goes wrong, such as a missing driver, is the `problem` of its result."""
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
    """Return the fastest result that can be chosen, or None if none can."""
    able = (result for result in results if not result.problem)
    return min(able, key=lambda result: result.milliseconds, default=None)


def _time(runner: Runner, scene: Scene) -> float:
    """Return the time in milliseconds that one frame takes."""
    start = time.perf_counter()
    runner.detect(scene.frame)
    runner.draw(scene.source, scene.driving)
    return (time.perf_counter() - start) * 1000


def _psnr(picture: torch.Tensor, reference: torch.Tensor) -> float:
    """Return the peak signal-to-noise ratio of pictures 0..1, in dB."""
    return float(-10 * torch.log10(((picture - reference) ** 2).mean().clamp_min(1e-20)))

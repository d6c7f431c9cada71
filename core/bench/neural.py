"""Speed of the neural engine's network: its authors' order of operations in eager PyTorch against the fastest way here.

    keypoints   find the keypoints of the driving frame
    source      encode the avatar's picture: the authors' code does so for every frame, the fast path once per avatar
    picture     draw the picture, with everything that its authors' code does per frame
    carried     a frame in between: the last drawn one moved on to newer keypoints, without the network

The weights are made up, but of the real number and size, so that nobody needs a download; the pictures look like nothing. The
first run makes them and tries every way to run them, which takes minutes; both are kept in the platform's cache folder.
Milliseconds are medians. The two paths take turns frame by frame, so that a busy moment affects both. Processor time is that of
all threads of the process.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from itertools import cycle, islice
from pathlib import Path
from typing import Any, Callable

import cv2
import numpy as np
from rich.table import Table

from models.see.tracker import Tracker

from ..shared import places
from ..shared.errors import UserError
from ..shared.files import replacing
from . import clips
from .shown import tables

FRAMES = 20
STAGES = ("keypoints", "source", "picture", "carried")
A_FRAME = {"plain": ("keypoints", "picture"), "fast": ("keypoints", "picture")}
"""The stages that make up a frame; drawing on the plain path includes encoding the source."""
CARRIED_BY = 0.05
"""How far a frame is carried, in half picture sides, as a head moves in 0.2 s. Without movement, carrying costs nothing."""
CLIP = places.SHIPPED_AVATARS / "driving" / "drive.mp4"
AVATAR = places.SHIPPED_AVATARS / "nora.png"


def run(frames: int = FRAMES, advance: Callable[[str], None] = lambda _: None, folder: Path | None = None,
        config: Any = None) -> dict[str, Any]:
    """Measure and return {"plain": {stage: {"median_ms", "cpu_ms"}}, "fast": the same, and more}. Raises UserError.

    `frames` is the number of frames of the shipped clip, `folder` where the made-up weights are kept, and `config` their size,
    usually that of vox-256.
    """
    try:
        from models.fomm import carry, made_up, transfer
        from models.fomm.config import VOX_256
        from models.fomm.framing import pixels, tensor
        from models.fomm.painter import open_model
        from models.fomm.plain import PlainModel
    except ImportError as error:
        raise UserError(f"The neural engine is not installed ({error}). Run: python3 obs_avatar.py setup --neural") from error
    weights = (folder or places.user_cache() / "fomm-made-up") / "made-up.pth.tar"
    if not weights.is_file():
        advance("making up weights of the real size")
        weights.parent.mkdir(parents=True, exist_ok=True)
        with replacing(weights) as unfinished:
            made_up.write(unfinished, config or VOX_256)
    recording = clips.read(CLIP, frames)
    driving = [tensor(picture) for picture in _framed(recording.frames)]
    picture = cv2.imread(str(AVATAR))
    assert picture is not None
    avatar = _framed([picture])[0]
    advance("trying every way to run the network, only this once")
    fast = open_model(weights, [avatar], report=lambda news: advance(str(getattr(news, "candidate", news))))
    plain = PlainModel.from_checkpoint(weights)
    clock = _Clock()
    source = tensor(avatar)
    encoded = {"plain": plain.encode(source), "fast": fast.encode(source)}
    initial = plain.detect(driving[0])
    similarity: list[float] = []
    for index, frame in enumerate(islice(cycle(driving), frames + 1)):
        advance(f"frame {index} of {frames}")
        clock.counts = index > 0  # the first frame is slow everywhere
        pictures = {}
        for path, model in (("plain", plain), ("fast", fast)):
            found = clock(path, "keypoints", model.detect, frame)
            moved = transfer(encoded[path].keypoints, found, initial)
            pictures[path] = clock(path, "picture", model.draw, encoded[path], moved)
        clock("plain", "source", _features, plain, source)
        clock("fast", "source", fast.encode, source)
        drawn = carry.Drawn(encoded["fast"], moved, pixels(pictures["fast"].picture), pictures["fast"].mask[0].numpy())
        clock("fast", "carried", carry.carried, drawn, moved._replace(value=moved.value + CARRIED_BY))
        similarity.append(_psnr(pictures["fast"].picture.numpy(), pictures["plain"].picture.numpy()))
    numbers = clock.numbers()
    return {**numbers, "frames": frames, "way": str(fast.result.candidate),
            "psnr": float(np.median(similarity)), "psnr_least": float(min(similarity)),
            "times_faster": _sum(numbers["plain"], "median_ms", "plain") / _sum(numbers["fast"], "median_ms", "fast"),
            "times_less_cpu": _sum(numbers["plain"], "cpu_ms", "plain") / _sum(numbers["fast"], "cpu_ms", "fast")}


def table(numbers: Mapping[str, Any]) -> Table:
    """Return a table of what `run` returned, for the terminal."""
    made = Table("stage", title="Neural engine: milliseconds, median / processor time")
    made.add_column("authors' order, PyTorch", justify="right")
    made.add_column(numbers["way"], justify="right")
    once = {"source": {"plain": " (every frame, in “picture”)", "fast": " (once)"}}
    for stage in STAGES:
        made.add_row(stage, *(_times(numbers[path].get(stage), once.get(stage, {}).get(path, ""))
                              for path in ("plain", "fast")))
    made.add_section()
    made.add_row("a frame", *(f"{_sum(numbers[path], 'median_ms', path):.1f} / {_sum(numbers[path], 'cpu_ms', path):.1f}"
                              for path in ("plain", "fast")))
    made.add_row("frames per second", *(f"{1000 / _sum(numbers[path], 'median_ms', path):.1f}" for path in ("plain", "fast")))
    made.add_row("times faster, clock / processor", "",
                 f"{numbers['times_faster']:.1f} / {numbers['times_less_cpu']:.1f}")
    made.add_row("same picture, PSNR, median / least", "", f"{numbers['psnr']:.1f} / {numbers['psnr_least']:.1f} dB")
    return made


class _Clock:
    """Measures calls by path and stage."""

    def __init__(self) -> None:
        self.counts = True
        self._taken: dict[tuple[str, str], list[tuple[float, float]]] = {}

    def __call__(self, path: str, stage: str, step: Callable[..., Any], *arguments: Any) -> Any:
        clock, cpu = time.perf_counter(), time.process_time()
        result = step(*arguments)
        taken = (time.perf_counter() - clock) * 1000, (time.process_time() - cpu) * 1000
        if self.counts:
            self._taken.setdefault((path, stage), []).append(taken)
        return result

    def numbers(self) -> dict[str, dict[str, dict[str, float]]]:
        found: dict[str, dict[str, dict[str, float]]] = {"plain": {}, "fast": {}}
        for (path, stage), taken in self._taken.items():
            clock, cpu = np.median(taken, axis=0)
            found[path][stage] = {"median_ms": float(clock), "cpu_ms": float(cpu)}
        return found


def _features(model: Any, source: Any) -> Any:
    """Compute what the authors' code computes anew from the source for every frame."""
    import torch
    with torch.inference_mode():
        return model.networks.generator.encode(source)


def _framed(pictures: list[np.ndarray]) -> list[np.ndarray]:
    """Return the pictures cropped as the network expects, uint8 BGR (256, 256, 3), around the first one's face."""
    from models.fomm.framing import Square, cut
    from models.fomm.painter import SIZE
    face = Tracker().observe(pictures[0])
    height, width = pictures[0].shape[:2]
    square = Square.around(face.keypoints) if face else Square(0, 0, min(height, width))
    return [cut(picture, square, SIZE)[0] for picture in pictures]


def _sum(stages: Mapping[str, Mapping[str, float]], key: str, path: str) -> float:
    return sum(stages[stage][key] for stage in A_FRAME[path])


def _times(one: Mapping[str, float] | None, note: str) -> str:
    return tables.NOTHING if one is None else f"{one['median_ms']:.1f} / {one['cpu_ms']:.1f}{note}"


def _psnr(one: np.ndarray, other: np.ndarray) -> float:
    return float(-10 * np.log10(max(float(np.mean((one - other) ** 2)), 1e-12)))

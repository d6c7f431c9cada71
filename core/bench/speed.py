"""Speed of the steps of a frame, from the driver's file to the shared memory that OBS reads.

    read      decode the frame of the clip (a camera delivers its own)
    observe   detect, track, smooth
    animate   move and draw the avatar
    compose   mirror and badge
    publish   copy into the shared memory and tell OBS

Milliseconds on the clock are medians, 95th and 10th percentiles over all frames of all rounds; on a busy machine the 10th comes
close to what a quiet one takes. Processor time is that of all threads of the process, so it hardly depends on what else the
machine does. `fps_serial` is what one frame after the other allows, `fps_overlapped` with the next frame read and observed in a
second thread while this one is drawn, as the worker does: both are medians over the rounds. `fps_quiet` is 1000 / the sum of
the 10th percentiles, one frame after the other. Sizes take turns in each round, so that a busy moment meets all alike.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Callable

import numpy as np

from ..animation.driving import DrivingFrame
from ..animation.stopwatch import STAGES
from ..film.clip import Clip
from ..link.ends import WorkerEnd
from ..link.frames import FrameExchange
from .rig import Rig

ALL_STAGES = ("read", *STAGES, "publish")
AVATAR = "nora"
"""Speed hardly depends on the picture, so one is enough."""
ROUNDS = 3
WARMING = 5
"""Frames at the beginning of a round that are not counted: caches are cold, and the face is searched for."""


def measure(clip: Path, avatar: str, engine: str, sizes: Sequence[str], frames: int | None,
            advance: Callable[[str], None], rounds: int = ROUNDS) -> dict[str, Any]:
    """One entry a size. frames: how many of the clip a round takes; None: all."""
    benches: dict[str, _Bench] = {}
    for size in sizes:
        advance(f"{size}: the avatar is prepared")
        benches[size] = _Bench(avatar, engine, int(size))
    try:
        for turn in range(rounds):
            for size, bench in benches.items():
                advance(f"{size}: round {turn + 1} of {rounds}")
                bench.serial(_Reading(clip, frames))
                bench.overlapped(_Reading(clip, frames))
        return {size: bench.numbers() for size, bench in benches.items()}
    finally:
        for bench in benches.values():
            bench.close()


class _Reading:
    """The frames of a clip, with the time that each took."""

    def __init__(self, clip: Path, frames: int | None) -> None:
        self.clock: list[float] = []
        self.cpu: list[float] = []
        self._clip = clip
        self._frames = frames

    def __iter__(self) -> Iterator[DrivingFrame]:
        with Clip(self._clip) as clip:
            frames = clip.read(on_sound=lambda packet: None)
            while self._frames is None or len(self.clock) < self._frames:
                clock, cpu = time.perf_counter(), time.process_time()
                frame = next(frames, None)
                if frame is None:
                    return
                self.clock.append((time.perf_counter() - clock) * 1000)
                self.cpu.append((time.process_time() - cpu) * 1000)
                yield frame.driving


class _Bench:
    """One size: the avatar, a place to publish to, and what was measured."""

    def __init__(self, avatar: str, engine: str, size: int) -> None:
        began = time.perf_counter()
        self._rig = Rig(avatar, engine, size, badge=True)
        self._prepared = time.perf_counter() - began
        self._exchange = FrameExchange.create(size, size)
        self._nowhere = os.open(os.devnull, os.O_WRONLY)
        self._link = WorkerEnd(self._nowhere, self._nowhere)
        self._link.attach(self._exchange.name)
        self._clock: dict[str, list[float]] = {stage: [] for stage in ALL_STAGES}
        self._cpu: dict[str, list[float]] = {stage: [] for stage in ALL_STAGES}
        self._fps: dict[str, list[float]] = {"serial": [], "overlapped": []}

    def serial(self, reading: _Reading) -> None:
        self._start_afresh()
        publish: tuple[list[float], list[float]] = ([], [])
        # Read before: the decoder's threads work ahead, and their processor time would count for other stages.
        frames, began = list(reading), time.perf_counter()
        for count, frame in enumerate(frames):
            if count == WARMING:
                began = time.perf_counter()
            picture = self._rig.animator.step(frame)
            clock, cpu = time.perf_counter(), time.process_time()
            self._link.publish(np.ascontiguousarray(picture), *picture.shape[1::-1])
            publish[0].append((time.perf_counter() - clock) * 1000)
            publish[1].append((time.process_time() - cpu) * 1000)
        self._count("serial", len(frames), began - sum(reading.clock[WARMING:] or reading.clock) / 1000)
        taken = {**self._rig.stopwatch.milliseconds, "read": reading.clock, "publish": publish[0]}
        used = {**self._rig.stopwatch.cpu, "read": reading.cpu, "publish": publish[1]}
        for stage in ALL_STAGES:
            self._clock[stage] += taken[stage][WARMING:] or taken[stage]
            self._cpu[stage] += used[stage][WARMING:] or used[stage]

    def overlapped(self, reading: _Reading) -> None:
        self._start_afresh()
        frames, count, began = iter(reading), 0, time.perf_counter()

        def observe() -> Any:
            found = next(frames, None)
            return None if found is None else self._rig.animator.observe(found)

        with ThreadPoolExecutor(1) as observing:
            ahead = observing.submit(observe)
            while (seen := ahead.result()) is not None:
                if count == WARMING:
                    began = time.perf_counter()
                ahead = observing.submit(observe)
                picture = self._rig.animator.draw(seen)
                self._link.publish(np.ascontiguousarray(picture), *picture.shape[1::-1])
                count += 1
        self._count("overlapped", count, began)

    def _start_afresh(self) -> None:
        self._rig.animator.begin(None)

    def _count(self, way: str, frames: int, began: float) -> None:
        counted = frames - WARMING if frames > WARMING else frames
        self._fps[way].append(counted / (time.perf_counter() - began))

    def numbers(self) -> dict[str, Any]:
        stages = {stage: {"median_ms": float(np.median(self._clock[stage])),
                          "p95_ms": float(np.percentile(self._clock[stage], 95)),
                          "p10_ms": float(np.percentile(self._clock[stage], 10)),
                          "cpu_ms": float(np.median(self._cpu[stage]))} for stage in ALL_STAGES}
        return {"stages": stages, "frames": len(self._clock["read"]), "prepare_s": self._prepared,
                "cpu_ms": sum(stage["cpu_ms"] for stage in stages.values()),
                "fps_quiet": 1000 / sum(stage["p10_ms"] for stage in stages.values()),
                "fps_serial": float(np.median(self._fps["serial"])),
                "fps_overlapped": float(np.median(self._fps["overlapped"]))}

    def close(self) -> None:
        self._exchange.close()
        os.close(self._nowhere)

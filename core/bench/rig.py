"""An animator for measuring: what takes time is counted on the processor, too, and what was observed can be replayed."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

from models.contract import Observation

from ..animation.animator import Animator
from ..animation.driving import DrivingFrame
from ..animation.stopwatch import STAGES, Stopwatch
from ..shared.settings import Settings


class CpuStopwatch(Stopwatch):
    """Also counts the processor's time."""

    def __init__(self) -> None:
        super().__init__()
        self.cpu: dict[str, list[float]] = {stage: [] for stage in STAGES}
        """Milliseconds of processor time of each stage, by all threads of the process, the newest last."""

    @contextmanager
    def timing(self, stage: str) -> Iterator[None]:
        before = time.process_time()
        with super().timing(stage):
            yield
        self.cpu[stage].append((time.process_time() - before) * 1000)

    def clear(self) -> None:
        super().clear()
        for times in self.cpu.values():
            times.clear()


class Rig:
    """An animator whose reference is the first face, or a given one: one found along the way would change while measuring."""

    def __init__(self, avatar: str, engine: str, size: int = 512, badge: bool = False) -> None:
        """avatar: its id. Raises UserError."""
        self.stopwatch = CpuStopwatch()
        settings = Settings.of({"avatar": avatar, "engine": engine, "size": str(size), "badge": badge})
        self.animator = Animator.of(settings, stopwatch=self.stopwatch)
        self.engine = self.animator.engine

    def replay(self, observation: Observation | None, seconds: float) -> np.ndarray:
        """Return the finished picture for what was observed before, or None if no face was seen."""
        return self.animator.step(DrivingFrame(seconds, observation=observation))

"""How long the stages of a frame take."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

STAGES = ("observe", "animate", "compose")
"""The stages of Animator, in their order."""


class Stopwatch:
    """`with stopwatch.timing(stage)` around each. longest: how many of the newest times of a stage are kept; 0: all."""

    def __init__(self, longest: int = 0) -> None:
        self.milliseconds: dict[str, list[float]] = {stage: [] for stage in STAGES}
        """The times of each stage, the newest last."""
        self._longest = longest

    @contextmanager
    def timing(self, stage: str) -> Iterator[None]:
        """Times what is done inside; nothing is noted of what fails."""
        start = time.perf_counter()
        yield
        times = self.milliseconds[stage]
        times.append((time.perf_counter() - start) * 1000)
        if self._longest:
            del times[:-self._longest]

    def clear(self) -> None:
        """Forgets all times."""
        for times in self.milliseconds.values():
            times.clear()

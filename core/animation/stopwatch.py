"""Measures how long the stages of a frame take."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

STAGES = ("observe", "animate", "compose")
"""The names of Animator's stages, in the order in which they run."""


class Stopwatch:
    """Measures stages: put `with stopwatch.timing(stage)` around each.

    `longest` is the number of newest times per stage that are kept; 0 keeps all.
    """

    def __init__(self, longest: int = 0) -> None:
        self.milliseconds: dict[str, list[float]] = {stage: [] for stage in STAGES}
        """The times of each stage in milliseconds, the newest last."""
        self._longest = longest

    @contextmanager
    def timing(self, stage: str) -> Iterator[None]:
        """Measure the block as one run of `stage`; a block that raises is not recorded."""
        start = time.perf_counter()
        yield
        times = self.milliseconds[stage]
        times.append((time.perf_counter() - start) * 1000)
        if self._longest:
            del times[:-self._longest]

    def clear(self) -> None:
        """Forget all times."""
        for times in self.milliseconds.values():
            times.clear()

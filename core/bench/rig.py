"""The worker's own way from frame to picture, with places to measure at."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from models.contract import Engine, Observation

from ..animation.animator import Animator, Seen
from ..shared import settings


class Rig(Animator):
    """The reference is the first face, or the one it is given: one that finds itself would move while we measure."""

    def __init__(self, avatar: str, engine: str, size: int = 512, badge: bool = False) -> None:
        """Raises UserError. avatar: its id."""
        super().__init__(settings.cleaned({"avatar": avatar, "engine": engine, "size": str(size), "badge": badge}))
        self.cpu: dict[str, list[float]] = {stage: [] for stage in self.stages}
        """Milliseconds of processor time of each step, by all threads of the process, a list a stage."""
        self.load()

    @property
    def engine(self) -> Engine:
        return self._engine

    @property
    def avatar(self) -> Any:
        """What the engine prepared."""
        return self._appearance.own

    def take(self, observation: Observation | None, seconds: float) -> Seen:
        """The first half of `replay`, as `observe` is of `step`."""
        return self._taken(observation, seconds)

    @contextmanager
    def _timed(self, stage: str) -> Iterator[None]:
        before = time.process_time()
        with super()._timed(stage):
            yield
        self.cpu[stage].append((time.process_time() - before) * 1000)

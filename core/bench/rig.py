"""The worker's own path from frame to picture, with places to measure."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from models.contract import Engine, FaceNotFound, Observation

from ..animation.animator import Animator, Seen
from ..pictures.reading import PictureError
from ..shared import settings
from ..shared.errors import UserError


class Rig(Animator):
    """An animator whose reference is the first face, or a given one: one found along the way would change while measuring."""

    def __init__(self, avatar: str, engine: str, size: int = 512, badge: bool = False) -> None:
        """Prepare the avatar with the id `avatar`. Raises UserError."""
        super().__init__(settings.cleaned({"avatar": avatar, "engine": engine, "size": str(size), "badge": badge}))
        self.cpu: dict[str, list[float]] = {stage: [] for stage in self.stages}
        """The processor time of each step in milliseconds, over all threads of the process: one list per stage."""
        try:
            self.load()
        except (PictureError, FaceNotFound) as error:
            raise UserError(str(error)) from error

    @property
    def engine(self) -> Engine:
        return self._engine

    @property
    def avatar(self) -> Any:
        """The avatar as the engine prepared it."""
        return self._appearance.own

    def take(self, observation: Observation | None, seconds: float) -> Seen:
        """Do the first half of `replay`, as `observe` is the first half of `step`."""
        return self._taken(observation, seconds)

    @contextmanager
    def _timed(self, stage: str) -> Iterator[None]:
        before = time.process_time()
        with super()._timed(stage):
            yield
        self.cpu[stage].append((time.process_time() - before) * 1000)

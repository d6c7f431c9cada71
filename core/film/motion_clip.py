"""A motion file that stands in for a clip: it has a rate and frames, but neither pictures nor sound."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any, Callable, Union

from ..animation.driving import DrivingFrame
from ..animation.follow import motion_file
from ..shared.errors import UserError
from .clip import Clip, ClipFrame

TIME_BASE = Fraction(1, 90_000)
"""The unit of time in seconds: that of MPEG, which is fine enough for every frame rate."""


class MotionClip:
    """A motion file with the interface of clip.Clip. Raises UserError if it cannot be used with this engine."""

    def __init__(self, path: Path, engine: str) -> None:
        self._motion = motion_file.load(path)
        if self._motion.engine != engine:
            raise UserError(f"“{path.name}” was recorded with the engine “{self._motion.engine}”. "
                            f"Add --engine {self._motion.engine}.")
        self.path = path
        self.frames_read = 0
        self.damaged = False
        self.sound = None
        self.rate = Fraction(self._motion.rate).limit_denominator(1001)
        self.time_base, self.start = TIME_BASE, Fraction(0)
        self.frames = len(self._motion.moments)

    def __enter__(self) -> MotionClip:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def read(self, on_sound: Callable[[Any], None]) -> Iterator[ClipFrame]:
        last = -1
        for moment in self._motion.moments:
            self.frames_read += 1
            last = max(last + 1, round(moment.seconds / TIME_BASE))
            yield ClipFrame(last, DrivingFrame(float(last * TIME_BASE), observation=moment.observation))


AnyClip = Union[Clip, MotionClip]
"""Whatever can drive a film."""

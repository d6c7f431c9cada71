"""What whoever opens an engine wants of it."""

from __future__ import annotations

from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Callable

from .cache import Cache

AUTO = "auto"
"""The device that leaves the choice to the engine."""


@dataclass(frozen=True)
class Wishes:
    """How an engine is to run."""

    device: str = AUTO
    """What a neural engine computes on: "auto", or an id out of models.neural.devices()."""
    live: bool = False
    """Whether every picture has to be there at once: a painter that is too slow for that carries the last one on."""
    report: Callable[[object], None] = lambda _: None
    """Called with what happens while a neural engine is tried out, which takes minutes the first time."""
    cache: Cache | None = None
    """Where prepared avatars and found faces are kept; None: nowhere."""
    helper: Executor | None = None
    """A thread for what can be loaded beside other work; None: everything is loaded when it is needed."""

"""Defines what the caller may ask for when an engine is opened."""

from __future__ import annotations

from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Callable

from .cache import Cache

AUTO = "auto"
"""The device that leaves the choice to the engine."""


@dataclass(frozen=True)
class Wishes:
    """The way in which an engine is to run."""

    device: str = AUTO
    """The device of a neural engine: "auto", or an id from models.neural.devices()."""
    live: bool = False
    """Whether every picture is needed at once; a painter that is too slow for that carries the last one on."""
    report: Callable[[object], None] = lambda _: None
    """A function that is called with the progress of trying out a neural engine, which takes minutes the first time."""
    cache: Cache | None = None
    """The cache for prepared avatars and found faces; None to keep none."""
    helper: Executor | None = None
    """A thread that loads things in parallel with other work; None to load everything when it is needed."""

"""What is looked at again and again during a soak, and what it was at the start and at the end."""

from __future__ import annotations

import statistics
from typing import NamedTuple

import psutil

from ..support import processes
from ..support.obs_process import Obs
from ..support.scene import AVATAR

MEGABYTE = 1 << 20


class Sample(NamedTuple):
    seconds: float
    obs_megabytes: float
    worker_megabytes: float
    obs_files: int
    worker_files: int
    obs_threads: int
    worker_threads: int
    segments: int
    delay_ms: float
    fps: float


def take(obs: Obs, seconds: float) -> Sample:
    status = obs.status(AVATAR)
    one, other = psutil.Process(obs.pid), psutil.Process(int(status["worker_pid"]))
    segments = processes.mapped_shared_memory(obs.pid) | processes.mapped_shared_memory(other.pid)
    return Sample(seconds, one.memory_info().rss / MEGABYTE, other.memory_info().rss / MEGABYTE, one.num_fds(), other.num_fds(),
                  one.num_threads(), other.num_threads(), len(segments), status["delay_ms"], status["fps"])


def start_and_end(samples: list[Sample], what: str) -> tuple[float, float]:
    """The median in the first and in the last quarter."""
    first, last = _quarters(samples, what)
    return round(statistics.median(first), 1), round(statistics.median(last), 1)


def least(samples: list[Sample], what: str) -> tuple[float, float]:
    """The least in the first and in the last quarter: what is there for a moment is not counted, what stays is."""
    first, last = _quarters(samples, what)
    return min(first), min(last)


def _quarters(samples: list[Sample], what: str) -> tuple[list[float], list[float]]:
    quarter = max(1, len(samples) // 4)
    values = [getattr(sample, what) for sample in samples]
    return values[:quarter], values[-quarter:]

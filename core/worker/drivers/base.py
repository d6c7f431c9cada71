"""What a driver is."""

from __future__ import annotations

import threading
from typing import NamedTuple, Protocol

import numpy as np

from ...shared.errors import UserError


class DriverError(UserError):
    """The driver cannot be opened, or has stopped."""


class DrivingFrame(NamedTuple):
    picture: np.ndarray
    """uint8 BGR (H, W, 3)."""
    time: float
    """When the picture arrived, in seconds of time.monotonic()."""


class Driver(Protocol):
    """Used by one thread. `open` and `read` may block; `stopping` tells them that nobody waits any more."""

    name: str
    """For the user: what this driver is."""

    def open(self, stopping: threading.Event) -> None:
        """Raises DriverError."""
        ...

    def read(self, stopping: threading.Event) -> np.ndarray:
        """The next picture, BGR, as soon as it is due. Raises DriverError."""
        ...

    def close(self) -> None:
        """May be called in any state, more than once."""
        ...

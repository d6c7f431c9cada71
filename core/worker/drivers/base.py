"""What a driver is: where the moving face comes from, whatever kind of thing it is."""

from __future__ import annotations

import threading
from typing import Protocol, Union

import numpy as np

from models.contract import Observation

from ...shared.errors import UserError


class DriverError(UserError):
    """The driver cannot be opened, or has stopped."""


Given = Union[np.ndarray, Observation]
"""What a driver gives: a picture, uint8 BGR (H, W, 3), that a face may be seen in; or what it has seen itself."""


class Driver(Protocol):
    """Used by one thread. `open` and `read` may block; `stopping` tells them that nobody waits any more."""

    name: str
    """For the user: what this driver is."""

    def open(self, stopping: threading.Event) -> None:
        """Raises DriverError."""
        ...

    def read(self, stopping: threading.Event) -> Given:
        """The next picture or observation, as soon as it is due. Raises DriverError."""
        ...

    def close(self) -> None:
        """May be called in any state, more than once."""
        ...

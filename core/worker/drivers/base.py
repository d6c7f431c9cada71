"""What a driver is: where the moving face comes from, whatever kind of thing it is."""

from __future__ import annotations

import threading
from typing import Protocol, Union

import numpy as np

from models.contract import Observation

from ...shared.errors import UserError


class DriverError(UserError):
    """The driver cannot be opened, or has stopped."""


Given = Union[np.ndarray, Observation, None]
"""What a driver gives: a picture, uint8 BGR (H, W, 3), that a face may be seen in; or the face that it has seen itself, in the
landmarks of models.contract.Seer; or None where it has looked itself and seen no face.

A painter that reads pictures, as the neural engine does, needs Observation.driver_picture, and rests without."""


class Driver(Protocol):
    """Used by one thread. `open` and `read` may block; `stopping` tells them that nobody waits any more."""

    name: str
    """For the user: what this driver is."""

    def open(self, stopping: threading.Event) -> None:
        """Raises DriverError."""
        ...

    def read(self, stopping: threading.Event) -> Given:
        """The next picture, observation or None, as soon as it is due. Raises DriverError."""
        ...

    def close(self) -> None:
        """May be called in any state, more than once."""
        ...

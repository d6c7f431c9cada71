"""Defines what a driver is: a supplier of the moving face, of whatever kind."""

from __future__ import annotations

import threading
from typing import Protocol, Union

import numpy as np

from models.contract import Observation

from ...shared.errors import UserError


class DriverError(UserError):
    """The driver cannot be opened, or has stopped; the message is a sentence for the user."""


Given = Union[np.ndarray, Observation, None]
"""What a driver delivers: a picture, uint8 BGR (H, W, 3), in which a face may be found; or the face that it found itself, in
the landmarks of models.contract.Seer; or None if it looked itself and found no face.

A painter that reads pictures, as the neural engine does, needs Observation.driver_picture, and rests without it."""


class Driver(Protocol):
    """A driver, used by one thread. `open` and `read` may block; `stopping` tells them that the result is no longer wanted."""

    name: str
    """The driver's name, for the user."""

    def open(self, stopping: threading.Event) -> None:
        """Open the driver. Raises DriverError."""
        ...

    def read(self, stopping: threading.Event) -> Given:
        """Return the next picture, face or None, as soon as it is due. Raises DriverError."""
        ...

    def close(self) -> None:
        """Close the driver; may be called in any state, and more than once."""
        ...

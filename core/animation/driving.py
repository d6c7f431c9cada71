"""Defines the frames that move the avatar, wherever they come from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.contract import Observation


@dataclass(frozen=True)
class DrivingFrame:
    """One frame of a driver: a picture in which a face may be found, or an observation that was made already.

    If it has neither, the driver itself looked and found no face.
    """

    seconds: float
    """The time of arrival in seconds of the driver's own clock, later than that of the frame before."""
    picture: np.ndarray | None = None
    """The picture as uint8 BGR (H, W, 3), or None if the driver gives observations."""
    observation: Observation | None = None
    """The driver's observation, in the keypoints of the painter for which it is meant, or None."""

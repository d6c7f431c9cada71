"""Defines the frames that move the avatar, wherever they come from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.contract import Observation


@dataclass(frozen=True)
class DrivingFrame:
    """One frame of a driver: at most one of a picture, a face that the driver found itself, and an observation.

    If it has none of them, the driver itself looked and found no face.
    """

    seconds: float
    """The time of arrival in seconds of the driver's own clock, later than that of the frame before."""
    picture: np.ndarray | None = None
    """The picture in which a face may be found, uint8 BGR (H, W, 3)."""
    face: Observation | None = None
    """The face that the driver found, in landmarks as models.contract.Seer gives them; the painter has not read it yet."""
    observation: Observation | None = None
    """What the painter read from an earlier picture, in the painter's own keypoints."""

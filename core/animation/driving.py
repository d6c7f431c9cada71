"""What moves the avatar, frame by frame, wherever it comes from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.contract import Observation


@dataclass(frozen=True)
class DrivingFrame:
    """One frame of a driver: a picture that a face may be seen in, or what was seen already; at most one of the three.

    With none of them, somebody looked before and saw no face.
    """

    seconds: float
    """When it came, on the driver's own clock; later than the frame before."""
    picture: np.ndarray | None = None
    """uint8 BGR (H, W, 3)."""
    face: Observation | None = None
    """What a driver saw itself, in landmarks as models.contract.Seer gives them; the painter has not read it yet."""
    observation: Observation | None = None
    """What was seen and read before, in the keypoints of the painter that it is for."""

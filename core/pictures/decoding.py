"""Turns decoded video frames into arrays."""

from __future__ import annotations

from typing import Any

import numpy as np


def picture_of(frame: Any) -> np.ndarray:
    """Return a decoded av.VideoFrame as uint8 BGR (H, W, 3), upright if the file says that it was filmed sideways."""
    picture = frame.to_ndarray(format="bgr24")
    turns = round(getattr(frame, "rotation", 0) / 90) % 4  # counter-clockwise, as in numpy
    return np.ascontiguousarray(np.rot90(picture, turns)) if turns else picture

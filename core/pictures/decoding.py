"""Decoded frames of videos as arrays."""

from __future__ import annotations

from typing import Any

import numpy as np


def picture_of(frame: Any) -> np.ndarray:
    """A decoded av.VideoFrame as BGR (H, W, 3), turned upright where the file says that it was filmed on its side."""
    picture = frame.to_ndarray(format="bgr24")
    turns = round(getattr(frame, "rotation", 0) / 90) % 4  # counter-clockwise, as numpy counts too
    return np.ascontiguousarray(np.rot90(picture, turns)) if turns else picture

"""Reads the frames of a clip into memory."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import NamedTuple

import numpy as np

from ..film.clip import Clip
from ..shared.errors import UserError


class Recording(NamedTuple):
    name: str
    frames: list[np.ndarray]
    """The frames, each uint8 BGR (H, W, 3)."""
    times: list[float]
    """The time of each frame in seconds from the clip's beginning."""

    @property
    def rate(self) -> float:
        """The frame rate in frames per second."""
        return (len(self.times) - 1) / (self.times[-1] - self.times[0]) if len(self.times) > 1 else 25.0


def read(path: Path, limit: int | None) -> Recording:
    """Read the first `limit` frames of a clip, or all if it is None. Raises UserError."""
    with Clip(path) as clip:
        read_frames = list(islice(clip.read(on_sound=lambda packet: None), limit))
        times = [float(frame.pts * clip.time_base) for frame in read_frames]
    if not read_frames:
        raise UserError(f"“{path.name}” contains no frame that can be read. Choose another clip.")
    return Recording(path.stem, [frame.driving.picture for frame in read_frames if frame.driving.picture is not None], times)

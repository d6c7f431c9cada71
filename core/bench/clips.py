"""The frames of a clip, in memory."""

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
    """BGR (H, W, 3)."""
    times: list[float]
    """In seconds from the clip's beginning."""

    @property
    def rate(self) -> float:
        """Frames a second."""
        return (len(self.times) - 1) / (self.times[-1] - self.times[0]) if len(self.times) > 1 else 25.0


def read(path: Path, limit: int | None) -> Recording:
    """The first `limit` frames of a clip, or all. Raises UserError."""
    with Clip(path) as clip:
        read_frames = list(islice(clip.read(on_sound=lambda packet: None), limit))
        times = [float(frame.pts * clip.time_base) for frame in read_frames]
    if not read_frames:
        raise UserError(f"“{path.name}” holds no picture that can be read. Choose another clip.")
    return Recording(path.stem, [frame.driving.picture for frame in read_frames], times)

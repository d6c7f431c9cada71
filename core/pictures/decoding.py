"""Turns decoded video frames into arrays."""

from __future__ import annotations

from typing import Any

import av
import numpy as np
from av.video.reformatter import VideoReformatter

_ONE_THREAD: dict[str, Any] = {"threads": 1} if int(av.__version__.partition(".")[0]) >= 17 else {}
"""Converting a frame takes less time than starting threads for it; before version 17 PyAV always used one."""


class Converter:
    """Makes pictures of the frames of one video. One for all of them: each new one would make FFmpeg's tables anew."""

    def __init__(self) -> None:
        self._reformatter = VideoReformatter()

    def picture(self, frame: Any) -> np.ndarray:
        """Return a decoded av.VideoFrame as BGR (H, W, 3), turned upright if the file says that it was filmed sideways."""
        picture: np.ndarray = self._reformatter.reformat(frame, format="bgr24", **_ONE_THREAD).to_ndarray()
        turns = round(getattr(frame, "rotation", 0) / 90) % 4  # counter-clockwise, as numpy counts too
        return np.ascontiguousarray(np.rot90(picture, turns)) if turns else picture

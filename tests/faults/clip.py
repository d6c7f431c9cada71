"""The driving clip with a frame of a colour that no avatar and no placeholder has: where it is seen, the camera is seen."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np

from ..support.scene import CLIP

COLOUR = (255, 0, 255)
BORDER = 48
"""Pixels on each side."""
A_LOT = 0.01
"""Of a picture; the frame is half of the clip."""


def framed(picture: np.ndarray) -> np.ndarray:
    """uint8 BGR with the tell-tale frame around it."""
    high, wide = picture.shape[:2]
    made = np.full((high + 2 * BORDER, wide + 2 * BORDER, 3), COLOUR, np.uint8)
    made[BORDER:-BORDER, BORDER:-BORDER] = picture
    return made


def pictures() -> list[np.ndarray]:
    with av.open(str(CLIP)) as container:
        return [framed(frame.to_ndarray(format="bgr24")) for frame in container.decode(video=0)]


def write(path: Path, rate: int = 24) -> Path:
    with av.open(str(path), "w") as container:
        framed_pictures, stream = pictures(), container.add_stream("libx264", rate=rate)
        stream.height, stream.width = framed_pictures[0].shape[:2]
        stream.pix_fmt = "yuv420p"
        for picture in framed_pictures:
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, "bgr24")))
        container.mux(stream.encode())
    return path


def shows_camera(picture: np.ndarray) -> bool:
    """Whether the tell-tale colour is seen in a picture, BGR or BGRA. Every fourth pixel is enough for a frame so wide."""
    blue, green, red = (picture[::4, ::4, channel].astype(int) for channel in range(3))
    return float(((blue > 170) & (red > 170) & (green < 90)).mean()) > A_LOT

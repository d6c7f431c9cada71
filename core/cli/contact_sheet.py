"""Some pictures of a clip side by side, to see at a glance whether it moves."""

from __future__ import annotations

from pathlib import Path

import av
import cv2
import numpy as np

SIDE = 256


def write(clip: Path, sheet: Path, columns: int = 4, rows: int = 3) -> None:
    """Writes a PNG of columns x rows pictures, taken at even distances from the whole clip."""
    with av.open(str(clip)) as container:
        frames = container.streams.video[0].frames
        chosen = np.linspace(0, frames - 1, columns * rows).round().astype(int).tolist()
        kept = {index: _small(frame) for index, frame in enumerate(container.decode(video=0)) if index in chosen}
    tiles = [kept[index] for index in chosen]
    picture = cv2.vconcat([cv2.hconcat(tiles[row * columns:(row + 1) * columns]) for row in range(rows)])
    # Not cv2.imwrite: on Windows it cannot write into folders with letters that the system's old code page lacks.
    sheet.write_bytes(cv2.imencode(".png", picture)[1].tobytes())


def _small(frame: av.VideoFrame) -> np.ndarray:
    size = SIDE, max(1, round(SIDE * frame.height / frame.width))
    return cv2.resize(frame.to_ndarray(format="bgr24"), size, interpolation=cv2.INTER_AREA)

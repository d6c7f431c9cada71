"""Draws frames of a clip side by side, to show at a glance whether it moves."""

from __future__ import annotations

from pathlib import Path

import av
import cv2
import numpy as np

SIDE = 256


def write(clip: Path, sheet: Path, columns: int = 4, rows: int = 3) -> None:
    """Write a PNG with columns x rows frames, spaced evenly over the whole clip."""
    with av.open(str(clip)) as container:
        frames = container.streams.video[0].frames
        chosen = np.linspace(0, frames - 1, columns * rows).round().astype(int).tolist()
        kept = {index: _small(frame) for index, frame in enumerate(container.decode(video=0)) if index in chosen}
    tiles = [kept[index] for index in chosen]
    picture = cv2.vconcat([cv2.hconcat(tiles[row * columns:(row + 1) * columns]) for row in range(rows)])
    # On Windows, cv2.imwrite cannot write into folders whose names have letters outside the system's old code page.
    sheet.write_bytes(cv2.imencode(".png", picture)[1].tobytes())


def _small(frame: av.VideoFrame) -> np.ndarray:
    size = SIDE, max(1, round(SIDE * frame.height / frame.width))
    return cv2.resize(frame.to_ndarray(format="bgr24"), size, interpolation=cv2.INTER_AREA)

"""What a rendering took, as numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ..animation.stopwatch import STAGES
from ..shared.settings import Settings

ALL_STAGES = ("read", *STAGES, "write")
"""The stages of a rendering, in their order."""


def summary(milliseconds: Sequence[float]) -> dict[str, float]:
    """The median and the 95th percentile of a stage, in milliseconds."""
    return {"median_ms": round(float(np.median(milliseconds)), 3),
            "p95_ms": round(float(np.percentile(milliseconds, 95)), 3)}


def report(settings: Settings, size: tuple[int, int], frames: int, without_face: int, seconds: float,
           source_fps: float, stages: Mapping[str, Sequence[float]]) -> dict[str, Any]:
    """For `--report`. fps: frames a second of the whole loop, the sound included."""
    return {
        "frames": frames, "frames_without_face": without_face, "width": size[0], "height": size[1],
        "fps": round(frames / seconds, 2), "source_fps": round(source_fps, 3),
        "stages": {stage: summary(stages[stage]) for stage in ALL_STAGES},
        "avatar": settings.avatar_file if settings.avatar == "file" else settings.avatar,
        "engine": settings.engine, "motion": settings.motion, "size": settings.size}

"""Steadiness: what a viewer sees while nothing should move, and when something moves fast. The parts say what they mean."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from . import blink, dropout, moments, occlusion, still_head
from .clips import Recording
from .stage import Stage


def measure(stages: Sequence[Stage], recording: Recording) -> list[dict[str, Any]]:
    """Return one entry per avatar: its name and the numbers of the parts, or None for what cannot be measured."""
    found = moments.find(stages[0].rig.engine, recording)
    if found is None:
        return []
    return [{"avatar": stage.name,
             "still": still_head.measure(stage, recording.frames[found.open]),
             "blink": blink.measure(stage, found),
             "dropout": dropout.measure(stage, found.observations, recording.rate),
             "hand": occlusion.measure(stage, recording.frames[found.open])} for stage in stages]

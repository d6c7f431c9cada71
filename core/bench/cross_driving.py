"""Cross-driving: a clip moves the avatars that ship, with relative motion and smoothing, as a viewer sees it.

For each channel (see `channels`), its course in the avatar's pictures is compared with its course in the driver's frames by
correlation and slope. Both are examined afresh, picture by picture. What the driver hardly moves is left out.

Relative motion starts from a reference, and an avatar cannot smile less than not at all: a driver who smiles in the first frame
loses that smile. So there are two runs, besides what `tracing` reports about the first:

    drawn        the reference is the clip's first face, as the prototype was measured
    calibrated   the reference is the most neutral face of the clip, as after a click on Calibrate, and much as in `render`
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import numpy as np

from models.contract import Observation

from ..animation.driving import DrivingFrame
from ..animation.follow.following import Seen
from . import background, channels
from .clips import Recording
from .looking import Look, Looker
from .stage import Stage
from .tracing import PLACES, Tracer

EVERY = 3
"""The distance between frames that are compared: one in this many."""
COLUMNS = PLACES + ("calibrated",)
AGES_AGO = 100.0
"""The seconds before the clip at which the driver was calibrated, longer ago than anything is remembered."""

Course = dict[str, list[float]]


def measure(stages: Sequence[Stage], recording: Recording) -> list[dict[str, Any]]:
    """Return one entry per avatar: its name, the frames without a face, and the likeness for each of COLUMNS and channels."""
    looker = Looker()
    truths: dict[int, Look | None] = {index: looker.look(recording.frames[index])
                                         for index in range(0, len(recording.frames), EVERY)}
    # Tracking and smoothing give the same result for every avatar of an engine.
    observations: list[Observation | None] = []
    animator = stages[0].rig.animator
    animator.driver_changed()
    seen = []
    for frame, time in zip(recording.frames, recording.times):
        seen.append(animator.observe(DrivingFrame(time, frame)))
        observations.append(animator.observed)
    calibrated = _calibrated(stages[0], recording, observations, truths)
    return [_driven(stage, seen, calibrated, truths, looker) for stage in stages]


def _calibrated(stage: Stage, recording: Recording, observations: Sequence[Observation | None],
                truths: dict[int, Look | None]) -> list[Seen]:
    """Return what is seen of the same clip with the most neutral of its faces as the reference."""
    efforts = {index: channels.effort(truth.expression, truth.pose) for index, truth in truths.items()
               if truth is not None and observations[index] is not None}
    if not efforts:
        return []
    neutral = observations[min(efforts, key=lambda index: efforts[index])]
    animator = stage.rig.animator
    animator.driver_changed()
    animator.observe(DrivingFrame(recording.times[0] - AGES_AGO, observation=neutral))
    return [animator.observe(DrivingFrame(time, observation=observation))
            for observation, time in zip(observations, recording.times)]


def _driven(stage: Stage, seen: Sequence[Seen], calibrated: Sequence[Seen], truths: dict[int, Look | None],
            looker: Looker) -> dict[str, Any]:
    tracer = Tracer() if Tracer.knows(stage.rig.engine) else None
    courses: dict[str, Course] = {column: defaultdict(list) for column in ("driver",) + COLUMNS}
    swim = background.Swim(stage.still, stage.look, stage.away)
    missed = 0
    for index, truth in truths.items():
        driving = seen[index].driving
        if truth is None or driving is None:
            continue
        look = looker.look(stage.rig.animator.draw(calibrated[index]))
        picture = stage.rig.animator.draw(seen[index])
        first = looker.look(picture)
        if look is None or first is None:
            missed += 1
            continue
        swim.add(picture, first)
        _append(courses["driver"], channels.values(truth.points, truth.expression, truth.pose))
        _append(courses["drawn"], channels.values(first.points, first.expression, first.pose))
        _append(courses["calibrated"], channels.values(look.points, look.expression, look.pose))
        if tracer is not None:
            _append(courses["seen"], tracer.seen(driving))
            _append(courses["placed"], tracer.placed(stage.rig, seen[index]))
    return {"avatar": stage.name, "frames": len(courses["driver"]["yaw"]), "missed": missed, "swim": swim.levels,
            "likeness": {column: _likeness(courses["driver"], courses[column]) for column in COLUMNS if courses[column]}}


def _append(course: Course, values: dict[str, float]) -> None:
    for channel, value in values.items():
        course[channel].append(value)


def _likeness(driver: Course, avatar: Course) -> dict[str, dict[str, float]]:
    found = {channel: channels.likeness(channel, driver[channel], avatar[channel]) for channel in channels.CHANNELS}
    return {channel: alike._asdict() for channel, alike in found.items() if alike is not None}


def summary(driven: Sequence[dict[str, Any]]) -> dict[str, dict[str, dict[str, float]]]:
    """Return the means over all pairs of clip and avatar, for each of COLUMNS and channels; `pairs` is their number."""
    means: dict[str, dict[str, dict[str, float]]] = {}
    for place in COLUMNS:
        for channel in channels.CHANNELS:
            alike = [pair["likeness"][place][channel] for pair in driven if channel in pair["likeness"].get(place, {})]
            if alike:
                means.setdefault(place, {})[channel] = {
                    "correlation": float(np.mean([one["correlation"] for one in alike])),
                    "slope": float(np.mean([one["slope"] for one in alike])), "pairs": len(alike)}
    return means

"""Cross-driving: a clip moves the avatars that ship, by relative motion, smoothed, as a viewer sees it.

For each channel (see `channels`) the course found in the avatar's pictures is compared with the one found in the driver's
frames: correlation and slope. Both are looked at afresh, picture by picture. What the driver hardly moves is left out.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any, Dict, List, Optional, Sequence

import numpy as np

from ..worker.animator import Seen
from . import background, channels
from .clips import Recording
from .looking import Look, Looker
from .stage import Stage
from .tracing import PLACES, Tracer

EVERY = 3
"""One frame of so many is compared."""

Course = Dict[str, List[float]]


def measure(stages: Sequence[Stage], recording: Recording) -> List[Dict[str, Any]]:
    """One entry an avatar: its name, the frames without a face, and for each of PLACES and channels the likeness."""
    looker = Looker()
    truths: Dict[int, Optional[Look]] = {index: looker.look(recording.frames[index])
                                         for index in range(0, len(recording.frames), EVERY)}
    seen = _observed(stages[0], recording)
    return [_driven(stage, seen, truths, looker) for stage in stages]


def _observed(stage: Stage, recording: Recording) -> List[Seen]:
    """What the tracker and the smoother make of the clip: the same for every avatar of an engine."""
    stage.rig.driver_changed()
    return [stage.rig.observe(frame, time) for frame, time in zip(recording.frames, recording.times)]


def _driven(stage: Stage, seen: Sequence[Seen], truths: Dict[int, Optional[Look]], looker: Looker) -> Dict[str, Any]:
    tracer = Tracer() if Tracer.knows(stage.rig.engine) else None
    courses: Dict[str, Course] = {place: defaultdict(list) for place in ("driver",) + PLACES}
    swim = background.Swim(stage.still, stage.background)
    missed = 0
    for index, truth in truths.items():
        if truth is None or seen[index].driving is None:
            continue
        picture = stage.rig.draw(seen[index])
        swim.add(picture)
        look = looker.look(picture)
        if look is None:
            missed += 1
            continue
        _append(courses["driver"], channels.values(truth.expression, truth.pose))
        _append(courses["drawn"], channels.values(look.expression, look.pose))
        if tracer is not None:
            _append(courses["seen"], tracer.seen(seen[index].driving))
            _append(courses["placed"], tracer.placed(stage.rig.avatar, seen[index]))
    return {"avatar": stage.name, "frames": len(courses["driver"]["yaw"]), "missed": missed, "swim": swim.levels,
            "likeness": {place: _likeness(courses["driver"], courses[place]) for place in PLACES if courses[place]}}


def _append(course: Course, values: Dict[str, float]) -> None:
    for channel, value in values.items():
        course[channel].append(value)


def _likeness(driver: Course, avatar: Course) -> Dict[str, Dict[str, float]]:
    found = {channel: channels.likeness(channel, driver[channel], avatar[channel]) for channel in channels.CHANNELS}
    return {channel: alike._asdict() for channel, alike in found.items() if alike is not None}


def summary(driven: Sequence[Dict[str, Any]]) -> Dict[str, Dict[str, Dict[str, float]]]:
    """The mean over all pairs of clip and avatar, for each of PLACES and channels; `pairs` is how many there were."""
    means: Dict[str, Dict[str, Dict[str, float]]] = {}
    for place in PLACES:
        for channel in channels.CHANNELS:
            alike = [pair["likeness"][place][channel] for pair in driven if channel in pair["likeness"].get(place, {})]
            if alike:
                means.setdefault(place, {})[channel] = {
                    "correlation": float(np.mean([one["correlation"] for one in alike])),
                    "slope": float(np.mean([one["slope"] for one in alike])), "pairs": len(alike)}
    return means

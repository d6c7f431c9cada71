"""The answer to a blink of 100 ms: a still head whose lids are shut in three frames of thirty a second, open before and after.

The observations are real: an open-eyed one, and the lids of the most closed one in the same clip laid over it. They go
through smoother and engine; the lids are then measured in the pictures.

    opening        least opening of the lids reached, as a share of their opening at rest: 0 is shut
    opening_given  the same of the observations: what the engine was asked for
    closing_delay, opening_delay   frames from where the driver's lids pass half of their way to where the avatar's pass half
                   of the driver's way (interpolated between frames, so fractions are real); null if they never do
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .looking import Looker, lid_opening
from .moments import Moments, blinking
from .stage import Stage

RATE = 30.0
BEFORE, SHUT, AFTER = 15, 3, 20
"""Frames; the three that are shut last 100 ms."""


def measure(stage: Stage, moments: Moments) -> dict[str, Any] | None:
    """None where the clip holds no shut eye, or the avatar's face is lost. `course` and `course_given`: opening by frame."""
    if moments.shut is None:
        return None
    opened = moments.observations[moments.open]
    shut = blinking(opened, moments.observations[moments.shut])
    looker = Looker(follow=True)
    stage.rig.animator.driver_changed()
    given: list[float] = []
    shown: list[float] = []
    for index in range(BEFORE + SHUT + AFTER):
        observation = shut if BEFORE <= index < BEFORE + SHUT else opened
        look = looker.look(stage.rig.replay(observation, index / RATE))
        if look is None:
            return None
        given.append(lid_opening(observation.keypoints))
        shown.append(look.lid_opening)
    return answer(np.array(given) / given[0], np.array(shown) / np.mean(shown[5:BEFORE]))


def answer(given: np.ndarray, shown: np.ndarray) -> dict[str, Any]:
    """The numbers of two courses of the lids, of the driver and of the avatar, each 1 at rest."""
    half = (1 + float(given.min())) / 2
    return {"opening": float(shown.min()), "opening_given": float(given.min()),
            "closing_delay": _later(_passes(given, half, True), _passes(shown, half, True)),
            "opening_delay": _later(_passes(given, half, False), _passes(shown, half, False)),
            "course": shown.round(4).tolist(), "course_given": given.round(4).tolist()}


def _passes(course: np.ndarray, level: float, down: bool) -> float | None:
    """The frame, with its fraction, where the course first falls through `level`; or, not `down`, last rises through it."""
    falls = (course[:-1] > level) & (course[1:] <= level)
    rises = (course[:-1] <= level) & (course[1:] > level)
    found = np.flatnonzero(falls if down else rises)
    if not len(found):
        return None
    index = found[0] if down else found[-1]
    return float(index + (level - course[index]) / (course[index + 1] - course[index]))


def _later(driver: float | None, avatar: float | None) -> float | None:
    return None if driver is None or avatar is None else avatar - driver

"""The response to a blink of 100 ms: a still head whose eyelids are shut for three frames at 30 per second.

The observations are real: one with open eyes, onto which the eyelids of the most closed one in the same clip are laid. They go
through smoother and engine, and then the eyelids are measured in the pictures.

    opening        smallest opening of the eyelids, as a fraction of their opening at rest: 0 is shut
    opening_given  the same for the observations: what the engine was asked for
    closing_delay, opening_delay   frames between the driver's eyelids passing the halfway point and the avatar's passing the
                   same point (interpolated between frames, so fractions are real); null if they never do
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .looking import Looker, lid_opening
from .moments import Moments, blinking
from .stage import Stage

RATE = 30.0
BEFORE, SHUT, AFTER = 15, 3, 20
"""The number of frames before, during and after the blink; the three that are shut last 100 ms."""


def measure(stage: Stage, moments: Moments) -> dict[str, Any] | None:
    """Measure a blink; None without a shut eye or the avatar's face. `course` and `course_given` are openings by frame."""
    if moments.shut is None:
        return None
    opened, closed = moments.observations[moments.open], moments.observations[moments.shut]
    if opened is None or closed is None:
        return None
    shut = blinking(opened, closed)
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
    """Return the numbers for the courses of the driver's and the avatar's eyelids, each 1 at rest."""
    half = (1 + float(given.min())) / 2
    return {"opening": float(shown.min()), "opening_given": float(given.min()),
            "closing_delay": _later(_passes(given, half, True), _passes(shown, half, True)),
            "opening_delay": _later(_passes(given, half, False), _passes(shown, half, False)),
            "course": shown.round(4).tolist(), "course_given": given.round(4).tolist()}


def _passes(course: np.ndarray, level: float, down: bool) -> float | None:
    """Return the fractional frame where the course first falls through `level` or, if not `down`, last rises through it."""
    falls = (course[:-1] > level) & (course[1:] <= level)
    rises = (course[:-1] <= level) & (course[1:] > level)
    found = np.flatnonzero(falls if down else rises)
    if not len(found):
        return None
    index = found[0] if down else found[-1]
    return float(index + (level - course[index]) / (course[index + 1] - course[index]))


def _later(driver: float | None, avatar: float | None) -> float | None:
    return None if driver is None or avatar is None else avatar - driver

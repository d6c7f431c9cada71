"""A face that is lost for 0.3 s while it moves, and found again: does the avatar jump?

    jump        mean distance that the landmarks in the pictures move from one frame to the next, in pixels of a 512 picture:
                the largest one from the loss to a quarter of a second after the return
    jump_whole  the same in the same frames where nothing was lost: what the motion itself asks for

Of several places in the clip the one with the largest `jump - jump_whole` counts.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from models.contract import Observation

from .looking import Looker
from .stage import Stage

LOST_SECONDS = 0.3
AFTER_SECONDS = 0.25
BEFORE_SECONDS = 0.4
"""The run starts so long before the loss: the smoother has to be in its stride."""
PLACES = 3


def measure(stage: Stage, observations: Sequence[Observation | None], rate: float) -> dict[str, float] | None:
    """observations: of a clip, frame by frame. None where it is too short or the avatar's face is lost."""
    before, lost, after = (max(1, round(seconds * rate)) for seconds in (BEFORE_SECONDS, LOST_SECONDS, AFTER_SECONDS))
    first = next((seen for seen in observations if seen is not None), None)
    length = before + lost + after
    if first is None or len(observations) < length + 1:
        return None
    worst: dict[str, float] | None = None
    for start in np.linspace(1, len(observations) - length, PLACES).astype(int):
        part = list(observations[start:start + length])
        if any(seen is None for seen in part):
            continue
        gap = [*part[:before], *[None] * lost, *part[before + lost:]]
        jump = _largest_step(stage, [first, *gap], rate, before)
        whole = _largest_step(stage, [first, *part], rate, before)
        if jump is None or whole is None:
            return None
        if worst is None or jump - whole > worst["jump"] - worst["jump_whole"]:
            worst = {"jump": jump, "jump_whole": whole}
    return worst


def _largest_step(stage: Stage, observations: Sequence[Observation | None], rate: float, since: int) -> float | None:
    """Of the landmarks from frame to frame after frame `since`. The first observation is the reference."""
    stage.rig.animator.driver_changed()
    looker = Looker(follow=True)
    points: list[np.ndarray] = []
    for index, seen in enumerate(observations):
        picture = stage.rig.replay(seen, index / rate)
        if index > since - 1:
            look = looker.look(picture)
            if look is None:
                return None
            points.append(look.points)
    return largest_step(points)


def largest_step(points: Sequence[np.ndarray]) -> float:
    """The largest mean distance of the points from one frame to the next, in pixels."""
    return max(float(np.linalg.norm(b[:, :2] - a[:, :2], axis=1).mean()) for a, b in zip(points, points[1:]))

"""Where relative motion starts in a clip: at the most neutral face of its opening.

Live, the reference finds itself while the user sits there (worker.reference). A clip may begin in the middle of a word, or
with a smile that would then be lost; but it can be looked at beforehand.
"""

from __future__ import annotations

from itertools import islice
from typing import Callable

import numpy as np

from models.contract import Observation
from models.see.effort import Effort

from ..animation.driving import DrivingFrame
from .clip import Clip
from .motion_clip import MotionClip

SECONDS = 10.0
"""How much of a clip is looked at: a longer search would keep the user waiting, and a face rests more often than that."""
CLEARLY_CALMER = 0.25
"""The first face stays the reference unless another makes so much less of an effort: a quarter of a full expression."""


def reference(clip: Clip | MotionClip, see: Callable[[DrivingFrame], Observation | None]) -> Observation | None:
    """The face to start from; None where the first one will do. Reads the beginning of `clip`."""
    effort = Effort()
    first = least = np.inf
    found: Observation | None = None
    for frame in islice(clip.read(on_sound=lambda packet: None), max(1, round(SECONDS * clip.rate))):
        seen = see(frame.driving)
        if seen is None:
            continue
        now = effort(seen)
        if now == np.inf:  # another engine's observation, which tells nothing of the expression
            return None
        if first == np.inf:
            first = least = now
        elif now < least and now <= first - CLEARLY_CALMER:
            found, least = seen, now
    return found

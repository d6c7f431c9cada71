"""Finds the face from which relative motion starts in a clip: the most neutral one in its opening.

Live, the reference is found while the user sits there (core/animation/follow/reference.py). A clip may begin in the middle of
a word, or with a smile that would then be lost, but unlike a live picture it can be searched in advance.
"""

from __future__ import annotations

from itertools import islice
from typing import Callable

import numpy as np

from models.contract import Observation
from models.see.effort import Effort

from ..animation.driving import DrivingFrame
from .motion_clip import AnyClip

SECONDS = 10.0
"""How many seconds of a clip are searched. A longer search would keep the user waiting, and faces rest more often."""
CLEARLY_CALMER = 0.25
"""How much less effort than the first face another one has to make to replace it, as a fraction of a full expression."""


def reference(clip: AnyClip, see: Callable[[DrivingFrame], Observation | None]) -> Observation | None:
    """Return the face to start from, or None if the first one will do. Reads the beginning of `clip`."""
    effort = Effort()
    first = least = np.inf
    found: Observation | None = None
    for frame in islice(clip.read(on_sound=lambda packet: None), max(1, round(SECONDS * clip.rate))):
        seen = see(frame.driving)
        if seen is None:
            continue
        now = effort(seen)
        if now == np.inf:  # another engine's observation, which says nothing about the expression
            return None
        if first == np.inf:
            first = least = now
        elif now < least and now <= first - CLEARLY_CALMER:
            found, least = seen, now
    return found

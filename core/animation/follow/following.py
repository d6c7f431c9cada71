"""Follows the driver: turns what was seen in each frame into what the avatar is to do, also while no face is seen.

It combines smoothing, the search for a reference, the way to rest and back, and the choice of the avatar's picture. It works on
observations alone, so it serves every painter.
"""

from __future__ import annotations

import math
import threading
import time
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from models.contract import Observation

from ...shared.settings import Settings
from .expressions import NEUTRAL, Expressions, Mix
from .idle import idle
from .reference import ReferenceKeeper
from .smoothing import Smoother

BLEND_SECONDS = 0.25
"""The duration of the blend from rest to a face that has come back, so that the avatar does not jump."""
GLITCH_SECONDS = 0.1
"""The longest gap after which a face is followed at once, without a blend: nothing has moved far in so short a time."""
TO_REST_SECONDS = 0.8
"""The time in which the avatar goes back to its neutral pose after the face has stayed away; it waits there."""


class Seen(NamedTuple):
    """What the avatar is to do in one frame; if `driving` is None, it rests."""

    driving: Observation | None
    reference: Observation | None
    mix: Mix = ((NEUTRAL, 1.0),)
    """The avatar's pictures that are shown, and the weight of each."""


class Following:
    """Follows a driver; it is thread-safe.

    `own` is the face in the avatar's own picture. `finds_reference` says whether the reference is searched for continuously;
    otherwise the first face is the reference.
    """

    def __init__(self, own: Observation, expressions: Expressions, finds_reference: bool) -> None:
        self.face = False
        """Whether the last driving frame showed a face."""
        self.observed: Observation | None = None
        """What was seen in the last driving frame, before smoothing; None if it showed no face."""
        self._own = own
        self._expressions = expressions
        self._keeper = ReferenceKeeper(own) if finds_reference else None
        self._smoother = Smoother()
        self._lock = threading.Lock()
        """Held while a frame is processed, so that calibrating and changes of the driver wait until it is done."""
        self._driving: Observation | None = None
        self._reference: Observation | None = None
        self._seen = 0.0
        """The time at which a face was last seen, in seconds of the driver's clock."""
        self._lost = False
        """Whether the last driving frame showed no face."""
        self._shown: Observation | None = None
        """What was last shown on the way to rest or at rest; None while a face is followed."""
        self._left_at: Observation | None = None
        """What was shown when the face came back, from which the blend starts."""
        self._came_back = -math.inf
        self._began = time.monotonic()

    def take(self, observation: Observation | None, seconds: float, settings: Settings) -> Seen:
        """Return what to do after a driving frame with that observation, or None for no face, at a time in seconds of the
        driver's clock."""
        with self._lock:
            return self._taken(observation, seconds, settings)

    def wait(self, seconds: float, settings: Settings) -> Seen:
        """Return what to do when there is no driving frame at all: the same as after a frame without a face."""
        with self._lock:
            seen = self._taken(None, seconds, settings)
        if seen.driving is None and settings.idle:
            return Seen(idle(self._own, seconds - self._began), self._own, seen.mix)
        return seen

    def rest(self, settings: Settings) -> Seen:
        """Return what to do while the driver is closed: the avatar rests in its own pose."""
        with self._lock:
            self.face = False
            return Seen(None, None, self._expressions.at_once(settings.expression))

    def calibrate(self, now: bool) -> None:
        """Make the next face that is seen the reference or, unless `now`, wait for the next steady and frontal moment."""
        with self._lock:
            if self._keeper is not None:
                self._keeper.calibrate(now)

    def driver_changed(self) -> None:
        """Note that frames from now on show another face, or the same face from another camera."""
        self.begin(None)

    def begin(self, reference: Observation | None) -> None:
        """Start afresh from `reference`, or from the first face if it is None."""
        with self._lock:
            self._smoother.reset()
            self._driving = self._shown = self._left_at = None
            self._reference = reference
            if self._keeper is not None:
                self._keeper.driver_changed()
            self.face = False

    def adopt(self, other: Following) -> None:
        """Continue where `other` was, which had another avatar but the same painter: the driver keeps its reference."""
        with self._lock:
            self._reference, self._driving, self._seen = other._reference, other._driving, other._seen
            if self._keeper is not None and other._keeper is not None:
                self._keeper.adopt(other._keeper)
            self.face = other.face

    def _taken(self, observation: Observation | None, seconds: float, settings: Settings) -> Seen:
        self.observed = observation
        self.face = observation is not None
        if observation is None:
            self._smoother.reset()
            self._lost = True
        else:
            self._follow(observation, seconds, settings)
        mix = self._expressions(settings.expression, observation.expression if observation else {}, seconds)
        return Seen(self._carried_on(seconds, settings), self._reference, mix)

    def _follow(self, observation: Observation, seconds: float, settings: Settings) -> None:
        if self._lost and seconds - self._seen > GLITCH_SECONDS and self._driving is not None:
            self._came_back, self._left_at = seconds, self._shown or self._driving
        if self._driving is not None and self._reference is not None and observation.driver != self._driving.driver:
            self._begin_again(observation, self._shown or self._driving, self._reference, seconds)
        self._seen, self._lost, self._shown = seconds, False, None
        # Absolute motion is not smoothed, because measurements compare it with the clip.
        if settings.motion == "relative":
            self._smoother.smoothing = settings.smoothing
            self._driving = self._smoother(observation, seconds)
        else:
            self._driving = observation
        if self._keeper is not None:
            self._reference = self._keeper(self._driving, seconds)
        elif self._reference is None:
            self._reference = self._driving

    def _begin_again(self, observation: Observation, left: Observation, reference: Observation, seconds: float) -> None:
        """Start again for another driver, whose first pose is taken for neutral; the avatar gets there without a jump."""
        way = (left.keypoints - reference.keypoints) * (_extent(observation) / _extent(reference))
        self._came_back, self._left_at = seconds, replace(observation, keypoints=observation.keypoints + way)
        self._smoother.reset()
        self._reference = None
        if self._keeper is not None:
            self._keeper.driver_changed()

    def _carried_on(self, seconds: float, settings: Settings) -> Observation | None:
        """Return the observation to show: the driver's or, if no face has been seen for a while, the way to rest and idle
        motion."""
        if self._driving is None or self._reference is None or settings.motion == "absolute":
            return self._driving
        away = seconds - self._seen - settings.away_after
        if away > 0:
            waiting = idle(self._reference, away) if settings.idle else self._reference
            self._shown = _between(self._driving, waiting, away / TO_REST_SECONDS)
            return self._shown
        back = (seconds - self._came_back) / BLEND_SECONDS
        return _between(self._left_at, self._driving, back) if self._left_at is not None and back < 1 else self._driving


def _extent(observation: Observation) -> float:
    return max(float(np.ptp(observation.keypoints[:, :2], axis=0).max()), 1e-6)


def _between(here: Observation, there: Observation, way: float) -> Observation:
    """Return an observation between two; `way` is 0 at `here` and 1 or more at `there`, and is eased at both ends."""
    way = min(max(way, 0.0), 1.0)
    way = way * way * (3 - 2 * way)
    points = here.keypoints + way * (there.keypoints - here.keypoints)
    return replace(there, keypoints=points.astype(np.float32))

"""From a driving frame to a finished picture: observe, smooth, animate, mirror, badge.

Used by the live worker and by `render` alike, so that a rendered clip shows what a viewer would see.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from models import engines
from models.contract import Engine, Observation

from ..gallery import preparing
from ..pictures import reading
from ..shared import avatars
from ..shared.settings import Settings
from ..shared.texts import text
from .compose import lettering
from .compose.appearance import Appearance
from .follow.expressions import NEUTRAL, Expressions, Mix
from .follow.idle import idle
from .follow.reference import ReferenceKeeper
from .follow.smoothing import Smoother

BLEND_SECONDS = 0.25
"""A face that comes back takes the avatar over within this time, without a jump."""
GLITCH_SECONDS = 0.1
"""A face that was missed for a shorter time goes on where it is: nothing has moved far meanwhile."""
TIMES_KEPT = 120
"""Of the latest steps, in a live program that runs for hours."""
TO_REST_SECONDS = 0.8
"""A face that stays away leaves the avatar to itself within this time: it goes back to neutral and waits there."""


class Seen(NamedTuple):
    """What `draw` needs of a driving frame; both None: the avatar rests."""

    driving: Observation | None
    reference: Observation | None
    mix: Mix = ((NEUTRAL, 1.0),)
    """Which of the avatar's pictures show, and how far."""


class Animator:
    """One avatar with its engine. `load` first; then a `step` a driving frame, in the order of time.

    settings: whole new ones may take their place at any time; what of them needs another avatar shows with that only.
    reframe: whether the picture is cut to a square around the face at the size of the settings; otherwise it keeps its own
    shape and (even) size, so that absolute motion lies over the clip it is a frame of.
    live: find the reference by itself instead of taking the first face, and measure the newest steps only.
    """

    def __init__(self, settings: Settings, reframe: bool = True, live: bool = False) -> None:
        self.settings = settings
        self.made_of = settings
        """Says what the engine and the avatar are, whatever the settings become."""
        self._picture_note = ""
        self.face = False
        """Whether the last driving frame showed a face."""
        self.observed: Observation | None = None
        """What the engine saw in the last driving frame, as it saw it; None where that showed no face."""
        self.aspect: float | None = None
        """Width to height of the finished pictures where they have to fill a given place; None: that of the avatar."""
        self.stages: dict[str, list[float]] = {"observe": [], "animate": [], "compose": []}
        """Milliseconds of each step, a list a stage."""
        self._reframe = reframe
        self._live = live
        self._engine: Engine | None = None
        self._appearance: Any = None
        """Of the avatar, once it is loaded."""
        self._expressions = Expressions({})
        self._smoother = Smoother(self.settings.smoothing)
        self._driving: Observation | None = None
        self._reference: Observation | None = None
        self._keeper: ReferenceKeeper | None = None
        self._seen = 0.0
        self._began = time.monotonic()
        self._lost = False
        """Whether the last driving frame showed no face."""
        self._shown: Observation | None = None
        """What was shown on the way to rest, and there."""
        self._left_at: Observation | None = None
        """What was shown when the face came back."""
        self._came_back = -math.inf
        self._observing = threading.Lock()
        self._frame_shape: tuple[int, ...] | None = None
        """Of the last driving frame: observations are in its pixels."""

    def load(self) -> None:
        """Reads the picture and prepares engine and avatar. Raises PictureError or FaceNotFound: sentences for the user."""
        entry = avatars.find(self.settings.avatar, self.settings.avatar_file)
        if entry is None:
            is_file = self.settings.avatar == avatars.FROM_FILE
            raise reading.PictureError(text("Picture.NotChosen") if is_file else
                                       text("Picture.Unknown", name=self.settings.avatar))
        self._engine = engines.load(self.settings.engine, device=self.settings.device, live=self._live)
        prepared = preparing.prepare(self._engine, entry, self.settings.side if self._reframe else None)
        self._appearance = Appearance(self._engine, {**prepared.alternatives, NEUTRAL: prepared.avatar})
        self._expressions = Expressions(entry.about.expressions)
        if self._expressions.need_coefficients:
            self._engine.see_expressions()
        self._keeper = ReferenceKeeper(prepared.avatar.observation) if self._live else None
        self._picture_note = prepared.note
        self._size = prepared.size

    @property
    def size(self) -> tuple[int, int]:
        """(width, height) of the finished pictures in pixels. Only after `load`."""
        return self._size

    @property
    def note(self) -> str:
        """What the user should know about the avatar's picture and its background; empty where all is well."""
        before = self._appearance.note if self._appearance is not None else ""
        return " ".join(filter(None, (self._picture_note, before)))

    @property
    def engine_note(self) -> str:
        """How the engine runs here, for the user; empty where there is nothing to choose."""
        return text("Status.Runs", runs=self._engine.runs) if self._engine is not None and self._engine.runs else ""

    @property
    def drawn_per_second(self) -> float:
        """How many of the pictures the engine really draws; 0: all of them."""
        return self._engine.drawn_per_second if self._engine is not None else 0.0

    def adopt(self, other: Animator) -> None:
        """Goes on where `other` was: the same driver keeps its reference when the avatar is changed."""
        if other.made_of.engine == self.made_of.engine:
            self._reference, self._driving, self._seen = other._reference, other._driving, other._seen
            self._keeper.adopt(other._keeper)
            self.face = other.face

    def calibrate(self, now: bool) -> None:
        """The next face that is seen becomes the reference or, unless `now`, the next steady and frontal moment."""
        with self._observing:
            if self._keeper is not None:
                self._keeper.calibrate(now)

    def driver_changed(self) -> None:
        """What comes from now on is another face, or the same one from elsewhere."""
        with self._observing:
            self._engine.forget()
            self._smoother.reset()
            self._driving = self._reference = self._shown = self._left_at = None
            if self._keeper is not None:
                self._keeper.driver_changed()
            self.face = False

    def begin(self, reference: Observation | None) -> None:
        """Starts anew, from that reference; None: from the first face."""
        self.driver_changed()
        self._reference = reference
        for times in self.stages.values():
            times.clear()

    def step(self, frame: np.ndarray, seconds: float) -> np.ndarray:
        """The finished picture for a driving frame (BGR, taken at `seconds`): BGRA (h, w, 4), valid until the next call."""
        return self.draw(self.observe(frame, seconds))

    def replay(self, observation: Observation | None, seconds: float) -> np.ndarray:
        """The finished picture for what was observed before, perhaps long ago, and saved; None where no face was seen."""
        with self._observing, self._timed("observe"):
            seen = self._taken(observation, seconds)
        return self.draw(seen)

    def observe(self, frame: np.ndarray, seconds: float) -> Seen:
        """The first half of `step`; may run in another thread while `draw` draws what was seen before."""
        known, self._frame_shape = self._frame_shape, frame.shape
        if known not in (None, frame.shape):  # a phone was turned, a stream took another quality
            self.driver_changed()
        with self._observing, self._timed("observe"):
            return self._taken(self._engine.observe(frame), seconds)

    def _taken(self, observation: Observation | None, seconds: float) -> Seen:
        self.observed = observation
        self.face = observation is not None
        if observation is None:
            self._smoother.reset()
            self._lost = True
        else:
            if self._lost and seconds - self._seen > GLITCH_SECONDS and self._driving is not None:
                self._came_back, self._left_at = seconds, self._shown or self._driving
            if self._driving is not None and observation.driver != self._driving.driver:
                self._begin_again(observation, seconds)
            self._seen, self._lost, self._shown = seconds, False, None
            # Absolute motion is taken as it is: it is what measurements compare with the clip.
            relative = self.settings.motion == "relative"
            self._smoother.smoothing = self.settings.smoothing
            self._driving = self._smoother(observation, seconds) if relative else observation
            if self._keeper is not None:
                self._reference = self._keeper(self._driving, seconds)
            elif self._reference is None:
                self._reference = self._driving
        mix = self._expressions(self.settings.expression, observation.expression if observation else {}, seconds)
        return Seen(self._carried_on(seconds), self._reference, mix)

    def _begin_again(self, observation: Observation, seconds: float) -> None:
        """Another person drives, whose neutral pose is taken to be this first one; the avatar gets there without a jump."""
        left, size = self._shown or self._driving, _extent(observation)
        way = (left.keypoints - self._reference.keypoints) * (size / _extent(self._reference))
        self._came_back, self._left_at = seconds, replace(observation, keypoints=observation.keypoints + way)
        self._smoother.reset()
        self._reference = None
        if self._keeper is not None:
            self._keeper.driver_changed()

    def wait(self, seconds: float) -> np.ndarray:
        """The finished picture when there is no driving frame at all: what a driving frame without a face would give."""
        with self._observing:
            self.face = False
            seen = self._taken(None, seconds)
        if seen.driving is None and self.settings.idle:
            own = self._appearance.own.observation
            seen = Seen(idle(own, seconds - self._began), own, seen.mix)
        return self.draw(seen)

    def rest(self) -> np.ndarray:
        """The avatar in its own pose, for when nobody looks."""
        self.face = False
        return self.draw(Seen(None, None, self._expressions.at_once(self.settings.expression)))

    def _carried_on(self, seconds: float) -> Observation | None:
        """The observation to show: the driver's or, when no face is seen for a while, the way to rest and the waiting there."""
        if self._driving is None or self._reference is None or self.settings.motion == "absolute":
            return self._driving
        away = seconds - self._seen - self.settings.away_after
        if away > 0:
            waiting = idle(self._reference, away) if self.settings.idle else self._reference
            self._shown = _between(self._driving, waiting, away / TO_REST_SECONDS)
            return self._shown
        back = (seconds - self._came_back) / BLEND_SECONDS
        return _between(self._left_at, self._driving, back) if self._left_at is not None and back < 1 else self._driving

    def draw(self, seen: Seen) -> np.ndarray:
        """The second half of `step`."""
        with self._timed("animate"):
            drawn = self._appearance.drawn(seen.driving, seen.reference, seen.mix, self.settings)
        with self._timed("compose"):
            filled = self._appearance.filled(drawn, self.aspect)
            finished = filled[:, ::-1].copy() if self.settings.mirror else filled
            if self.settings.badge:
                lettering.put_badge(finished)
        return finished


    @contextmanager
    def _timed(self, stage: str) -> Iterator[None]:
        start = time.perf_counter()
        yield
        times = self.stages[stage]
        times.append((time.perf_counter() - start) * 1000)
        if self._live:
            del times[:-TIMES_KEPT]


def _extent(observation: Observation) -> float:
    return max(float(np.ptp(observation.keypoints[:, :2], axis=0).max()), 1e-6)


def _between(here: Observation, there: Observation, way: float) -> Observation:
    """On the way from one to the other, which is 0..1 and more, beginning and ending gently."""
    way = min(max(way, 0.0), 1.0)
    way = way * way * (3 - 2 * way)
    points = here.keypoints + way * (there.keypoints - here.keypoints)
    return replace(there, keypoints=points.astype(np.float32))

"""Turns a driving frame into a finished picture: see, follow, draw, compose.

The live worker and `render` both use it, so a rendered clip shows what a viewer would see.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any

import numpy as np

from models import engines
from models.contract import Engine, Observation

from ..gallery import preparing
from ..pictures.reading import PictureError
from ..shared import avatars
from ..shared.manifest import Expression
from ..shared.settings import Settings
from ..shared.texts import text
from .compose.appearance import Appearance
from .compose.composing import Context, composed
from .driving import DrivingFrame
from .follow.expressions import NEUTRAL, Expressions
from .follow.following import Following, Seen
from .stopwatch import Stopwatch

TIMES_KEPT = 120
"""The number of newest times per stage that a live program keeps; it runs for hours, so it cannot keep all."""


class Animator:
    """One avatar with its engine: make one with `of`, then call `step` once per driving frame, in order of time.

    `observe` may run in one thread while another runs `draw`. `aspect` may be set at any time; so may `settings`, which are
    replaced as a whole. A change that requires another avatar takes effect only with another Animator.
    """

    @classmethod
    def of(cls, settings: Settings, square: bool = True, live: bool = False, stopwatch: Stopwatch | None = None) -> Animator:
        """Open the engine, read the avatar's picture and prepare it.

        `square` says whether the picture is cut to a square around the face, at the size that the settings give; otherwise it
        keeps its own aspect ratio and (even) size, so that absolute motion lies over the clip from which the picture was taken.
        `live` makes the animator search for the reference continuously instead of using the first face, and return every
        picture at once. Raises UserError: FaceNotFound, PictureError or EngineUnavailable.
        """
        entry = avatars.find(settings.avatar, settings.avatar_file)
        if entry is None:
            is_file = settings.avatar == avatars.FROM_FILE
            raise PictureError(text("Picture.NotChosen") if is_file else text("Picture.Unknown", name=settings.avatar))
        engine = engines.load(settings.engine, device=settings.device, live=live)
        prepared = preparing.prepare(engine, entry, settings.side if square else None)
        engine.seer.ready()
        return cls(settings, engine, prepared, entry.about.expressions, live,
                   stopwatch or Stopwatch(TIMES_KEPT if live else 0))

    def __init__(self, settings: Settings, engine: Engine, prepared: preparing.Prepared, expressions: Mapping[str, Expression],
                 live: bool, stopwatch: Stopwatch) -> None:
        self.settings = settings
        self.made_of = settings
        """The settings with which the engine and the avatar were made, however `settings` have changed since."""
        self.aspect: float | None = None
        """The width-to-height ratio of the finished pictures if they have to fill a given place; None keeps the avatar's
        own."""
        self.size = prepared.size
        """(width, height) of the avatar's picture in pixels."""
        self.stopwatch = stopwatch
        self.engine = engine
        self.avatar: Any = prepared.avatar
        """What the painter prepared from the avatar's own picture."""
        self._picture_note = prepared.note
        self._appearance = Appearance(engine.painter, {**prepared.alternatives, NEUTRAL: prepared.avatar})
        chosen = Expressions(expressions)
        if chosen.need_coefficients:
            engine.seer.see_expressions()
        self._following = Following(prepared.avatar.observation, chosen, finds_reference=live)
        self._seeing = threading.Lock()
        """Held while a frame is being observed, so that the state of the following cannot be dropped meanwhile."""
        self._frame_shape: tuple[int, ...] | None = None
        """The shape of the last driving picture, in whose pixels observations are measured."""

    # ---- how it goes ------------------------------------------------------------------------------------------------

    @property
    def note(self) -> str:
        """What the user should know about the avatar's picture and its background; empty if all is well."""
        return " ".join(filter(None, (self._picture_note, self._appearance.note)))

    @property
    def engine_note(self) -> str:
        """A text for the user that says how the engine runs on this computer; empty if there is nothing to choose."""
        return text("Status.Runs", runs=self.engine.painter.runs) if self.engine.painter.runs else ""

    @property
    def drawn_per_second(self) -> float:
        """The number of pictures per second that the engine really draws; 0 means that it draws all of them."""
        return self.engine.painter.drawn_per_second

    @property
    def face(self) -> bool:
        """Whether the last driving frame showed a face."""
        return self._following.face

    @property
    def observed(self) -> Observation | None:
        """What was seen in the last driving frame, before smoothing; None if it showed no face."""
        return self._following.observed

    # ---- what the user and the driver do ----------------------------------------------------------------------------

    def calibrate(self, now: bool) -> None:
        """Make the next face that is seen the reference or, unless `now`, wait for the next steady and frontal moment."""
        self._following.calibrate(now)

    def driver_changed(self) -> None:
        """Note that frames from now on show another face, or the same face from another camera."""
        with self._seeing:
            self._forget(None)

    def begin(self, reference: Observation | None) -> None:
        """Start afresh from `reference`, or from the first face if it is None, and forget the times measured so far."""
        with self._seeing:
            self._forget(reference)
        self.stopwatch.clear()

    def adopt(self, other: Animator) -> None:
        """Continue where `other` was: the same driver keeps its reference when the avatar is changed."""
        if other.made_of.engine == self.made_of.engine:
            self._following.adopt(other._following)

    def _forget(self, reference: Observation | None) -> None:
        self.engine.forget()
        self._following.begin(reference)

    # ---- pictures ---------------------------------------------------------------------------------------------------

    def step(self, frame: DrivingFrame) -> np.ndarray:
        """Return the finished picture for a driving frame: uint8 BGRA (h, w, 4), valid until the next call."""
        return self.draw(self.observe(frame))

    def observe(self, frame: DrivingFrame) -> Seen:
        """Return what the avatar is to do in a driving frame; this is the first half of `step`."""
        with self._seeing, self.stopwatch.timing("observe"):
            return self._following.take(self._seen_in(frame), frame.seconds, self.settings)

    def see(self, frame: DrivingFrame) -> Observation | None:
        """Return the driver's face in a frame as the painter reads it, or None; the avatar does not follow it."""
        with self._seeing:
            return self._seen_in(frame)

    def _seen_in(self, frame: DrivingFrame) -> Observation | None:
        if frame.observation is not None:
            return frame.observation
        if frame.picture is None:
            return self.engine.painter.read(frame.face)
        known, self._frame_shape = self._frame_shape, frame.picture.shape
        if known not in (None, frame.picture.shape):  # a phone was turned, or a stream changed its resolution
            self._forget(None)
        return self.engine.observe(frame.picture)

    def draw(self, seen: Seen) -> np.ndarray:
        """Return the finished picture for what was observed, BGRA (h, w, 4); this is the second half of `step`."""
        with self.stopwatch.timing("animate"):
            drawn = self._appearance.drawn(seen.driving, seen.reference, seen.mix, self.settings)
        with self.stopwatch.timing("compose"):
            return composed(drawn.picture, Context(self.settings, self._appearance.surround, self.aspect, drawn.face,
                                                   seen.driving))

    def wait(self, seconds: float) -> np.ndarray:
        """Return the finished picture when there is no driving frame at all: the one that a frame without a face would give."""
        return self.draw(self._following.wait(seconds, self.settings))

    def rest(self) -> np.ndarray:
        """Return the avatar in its own pose, which is shown while the driver is closed."""
        return self.draw(self._following.rest(self.settings))

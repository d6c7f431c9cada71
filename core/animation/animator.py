"""From a driving frame to a finished picture: see, follow, draw, compose.

Used by the live worker and by `render` alike, so that a rendered clip shows what a viewer would see.
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
"""How many of the newest times of a stage a live program keeps, which runs for hours."""


class Animator:
    """One avatar with its engine: make one with `of`, then a `step` a driving frame, in the order of time.

    `observe` may run in one thread while another runs `draw`. aspect may be set at any time; so may settings, to whole new
    ones: what of them needs another avatar shows with another Animator only.
    """

    @classmethod
    def of(cls, settings: Settings, square: bool = True, live: bool = False, stopwatch: Stopwatch | None = None) -> Animator:
        """Opens the engine, reads the avatar's picture and prepares it.

        square: whether the picture is cut to a square around the face at the size of the settings; otherwise it keeps its own
        shape and (even) size, so that absolute motion lies over the clip it is a frame of. live: find the reference all the
        time instead of taking the first face, and have every picture at once. Raises UserError: FaceNotFound,
        PictureError, or EngineUnavailable.
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
        """The settings that the engine and the avatar were made of, whatever the others have become."""
        self.aspect: float | None = None
        """Width to height of the finished pictures where they have to fill a given place; None: that of the avatar."""
        self.size = prepared.size
        """(width, height) of the avatar's picture in pixels."""
        self.stopwatch = stopwatch
        self.engine = engine
        self.avatar: Any = prepared.avatar
        """What the painter prepared of the avatar's own picture."""
        self._picture_note = prepared.note
        self._appearance = Appearance(engine.painter, {**prepared.alternatives, NEUTRAL: prepared.avatar})
        chosen = Expressions(expressions)
        if chosen.need_coefficients:
            engine.seer.see_expressions()
        self._following = Following(prepared.avatar.observation, chosen, finds_reference=live)
        self._seeing = threading.Lock()
        """Held while a frame is looked at: what is followed cannot be dropped meanwhile."""
        self._frame_shape: tuple[int, ...] | None = None
        """The shape of the last driving picture: observations are in its pixels."""

    # ---- how it goes ------------------------------------------------------------------------------------------------

    @property
    def note(self) -> str:
        """What the user should know about the avatar's picture and its background; empty where all is well."""
        return " ".join(filter(None, (self._picture_note, self._appearance.note)))

    @property
    def engine_note(self) -> str:
        """How the engine runs here, for the user; empty where there is nothing to choose."""
        return text("Status.Runs", runs=self.engine.painter.runs) if self.engine.painter.runs else ""

    @property
    def drawn_per_second(self) -> float:
        """How many of the pictures the engine really draws; 0: all of them."""
        return self.engine.painter.drawn_per_second

    @property
    def face(self) -> bool:
        """Whether the last driving frame showed a face."""
        return self._following.face

    @property
    def observed(self) -> Observation | None:
        """What was seen in the last driving frame, before it was smoothed; None where that showed no face."""
        return self._following.observed

    # ---- what the user and the driver do ----------------------------------------------------------------------------

    def calibrate(self, now: bool) -> None:
        """The next face that is seen becomes the reference or, unless `now`, the next steady and frontal moment."""
        self._following.calibrate(now)

    def driver_changed(self) -> None:
        """What comes from now on is another face, or the same one from elsewhere."""
        with self._seeing:
            self._forget(None)

    def begin(self, reference: Observation | None) -> None:
        """Starts anew, from that reference; None: from the first face. The times so far are forgotten."""
        with self._seeing:
            self._forget(reference)
        self.stopwatch.clear()

    def adopt(self, other: Animator) -> None:
        """Goes on where `other` was: the same driver keeps its reference when the avatar is changed."""
        if other.made_of.engine == self.made_of.engine:
            self._following.adopt(other._following)

    def _forget(self, reference: Observation | None) -> None:
        self.engine.forget()
        self._following.begin(reference)

    # ---- pictures ---------------------------------------------------------------------------------------------------

    def step(self, frame: DrivingFrame) -> np.ndarray:
        """The finished picture for a driving frame: BGRA (h, w, 4), valid until the next call."""
        return self.draw(self.observe(frame))

    def observe(self, frame: DrivingFrame) -> Seen:
        """The first half of `step`: what the avatar shall do."""
        with self._seeing, self.stopwatch.timing("observe"):
            return self._following.take(self._seen_in(frame), frame.seconds, self.settings)

    def see(self, frame: DrivingFrame) -> Observation | None:
        """The driver's face in a frame, as the painter reads it, without the avatar following it; None where none is seen."""
        with self._seeing:
            return self._seen_in(frame)

    def _seen_in(self, frame: DrivingFrame) -> Observation | None:
        if frame.observation is not None:
            return frame.observation
        if frame.picture is None:
            return self.engine.painter.read(frame.face)
        known, self._frame_shape = self._frame_shape, frame.picture.shape
        if known not in (None, frame.picture.shape):  # a phone was turned, a stream took another quality
            self._forget(None)
        return self.engine.observe(frame.picture)

    def draw(self, seen: Seen) -> np.ndarray:
        """The second half of `step`."""
        with self.stopwatch.timing("animate"):
            drawn = self._appearance.drawn(seen.driving, seen.reference, seen.mix, self.settings)
        with self.stopwatch.timing("compose"):
            return composed(drawn.picture, Context(self.settings, self._appearance.surround, self.aspect, drawn.face,
                                                   seen.driving))

    def wait(self, seconds: float) -> np.ndarray:
        """The finished picture when there is no driving frame at all: what one without a face would give."""
        return self.draw(self._following.wait(seconds, self.settings))

    def rest(self) -> np.ndarray:
        """The avatar in its own pose, for when nobody looks."""
        return self.draw(self._following.rest(self.settings))

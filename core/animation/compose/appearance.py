"""How the avatar is drawn: which of its pictures, before which background, in which shape."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import cv2
import numpy as np

from models.contract import Engine, MotionOptions, Observation
from models.strengths import Strengths

from ...pictures import reading
from ...shared.settings import Settings
from ...shared.texts import text
from ..follow.expressions import NEUTRAL, Mix
from . import background
from .surround import Surround


class Appearance:
    """pictures: the engine's avatar by the name of each expression; its own picture by NEUTRAL."""

    def __init__(self, engine: Engine, pictures: Mapping[str, Any]) -> None:
        self.note = ""
        """What the user should know about the background; empty where all is well."""
        self.own = pictures[NEUTRAL]
        """The avatar as it was prepared."""
        self._engine = engine
        self._pictures = dict(pictures)
        self._before: dict[str, Any] = {}
        """The pictures before the background `_wanted`."""
        self._wanted: background.Background | None = None
        """The background that the pictures have now; None before the first picture."""
        self._surround = Surround(None)

    def drawn(self, driving: Observation | None, reference: Observation | None, mix: Mix,
              settings: Settings) -> np.ndarray:
        """As models.contract.Engine.animate; while one picture fades into another, of both."""
        self._set_background(settings)
        parts = sorted(mix, key=lambda part: -part[1])
        if self._engine.drawn_per_second:  # an engine that draws one picture after the other cannot keep up with two
            parts = parts[:1]
        drawn, shown = None, 0.0
        for name, share in parts:
            above = self._engine.animate(self._before[name], driving, reference, _options(settings))
            shown += share
            # The engine's picture is overwritten by the next one.
            drawn = (above.copy() if len(parts) > 1 else above) if drawn is None \
                else cv2.addWeighted(drawn, 1 - share / shown, above, share / shown, 0)
        return drawn

    def filled(self, drawn: np.ndarray, aspect: float | None) -> np.ndarray:
        """`drawn` in a place of that shape, width to height; None: as it is."""
        return drawn if aspect is None else self._surround.fill(drawn, aspect)

    def _set_background(self, settings: Settings) -> None:
        wanted = background.Background.of(settings)
        if wanted == self._wanted:
            return
        self._wanted, self.note = wanted, ""
        self._before = {name: self._before_background(each, wanted) for name, each in self._pictures.items()}
        self._surround = Surround(self._before[NEUTRAL].background)

    def _before_background(self, avatar: Any, wanted: background.Background) -> Any:
        if wanted.kind == background.OWN:
            return avatar
        if not self._engine.cuts_out:
            self.note = text("Background.OwnOnly")
            return avatar
        try:
            return self._engine.before(avatar, lambda own: background.behind(own, wanted))
        except reading.PictureError as error:
            self.note = str(error)
            return avatar


def _options(settings: Settings) -> MotionOptions:
    strengths = Strengths(
        head=settings.strength_head / 100, mouth=settings.strength_mouth / 100, brows=settings.strength_brows / 100,
        eyes=settings.strength_eyes / 100, gaze=settings.strength_gaze / 100, move=settings.move, zoom=settings.zoom)
    return MotionOptions(relative=settings.motion == "relative", mouth=settings.mouth, strengths=strengths)

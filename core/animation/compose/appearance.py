"""Decides how the avatar is drawn: from which of its pictures, and in front of which background."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import cv2
import numpy as np

from models.contract import Drawn, MotionOptions, Observation, Painter
from models.strengths import Strengths

from ...pictures import reading
from ...shared.settings import Settings
from ...shared.texts import text
from ..follow.expressions import NEUTRAL, Mix
from . import background
from .background import Background
from .surround import Surround


class Appearance:
    """Draws an avatar's pictures.

    `pictures` holds what the painter prepared, by the name of the expression; NEUTRAL is the avatar's own picture.
    """

    def __init__(self, painter: Painter, pictures: Mapping[str, Any]) -> None:
        self.note = ""
        """What the user should know about the background; empty if all is well."""
        self.surround = Surround(None)
        """What is shown beside the picture if that does not fill its place."""
        self._painter = painter
        self._pictures = dict(pictures)
        self._before: dict[str, Any] = {}
        """The prepared pictures in front of the background `_wanted`, by the name of the expression."""
        self._wanted: Background | None = None
        """The background that the pictures have now; None before the first picture is drawn."""

    def drawn(self, driving: Observation | None, reference: Observation | None, mix: Mix, settings: Settings) -> Drawn:
        """Draw one picture as models.contract.Painter.animate does, blended from several while one expression fades into
        another."""
        self._set_background(Background.of(settings))
        parts = sorted(mix, key=lambda part: -part[1])
        if self._painter.drawn_per_second:  # a painter slower than the frame rate cannot draw two pictures a frame
            parts = parts[:1]
        options = _options(settings)
        (first, shown), *others = parts
        drawn = self._painter.animate(self._before[first], driving, reference, options)
        if not others:
            return drawn
        picture: np.ndarray = drawn.picture.copy()  # the painter overwrites its picture with the next one
        for name, share in others:
            shown += share
            above = self._painter.animate(self._before[name], driving, reference, options).picture
            picture = cv2.addWeighted(picture, 1 - share / shown, above, share / shown, 0)
        return Drawn(picture, drawn.face)

    def _set_background(self, wanted: Background) -> None:
        if wanted == self._wanted:
            return
        self._wanted, self.note = wanted, ""
        self._before = {name: self._before_background(each, wanted) for name, each in self._pictures.items()}
        self.surround = Surround(self._before[NEUTRAL].background)

    def _before_background(self, avatar: Any, wanted: Background) -> Any:
        if wanted.kind == background.OWN:
            return avatar
        if not self._painter.cuts_out:
            self.note = text("Background.OwnOnly")
            return avatar
        try:
            return self._painter.before(avatar, lambda own: background.behind(own, wanted))
        except reading.PictureError as error:
            self.note = str(error)
            return avatar


def _options(settings: Settings) -> MotionOptions:
    strengths = Strengths(
        head=settings.strength_head / 100, mouth=settings.strength_mouth / 100, brows=settings.strength_brows / 100,
        eyes=settings.strength_eyes / 100, gaze=settings.strength_gaze / 100, move=settings.move, zoom=settings.zoom)
    return MotionOptions(relative=settings.motion == "relative", mouth=settings.mouth, strengths=strengths)

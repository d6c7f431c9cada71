"""From the drawn avatar to the finished picture: a list of stages, each given what the one before made, the badge last."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Callable, NamedTuple

import numpy as np

from models.contract import DrawnFace, Observation

from ...shared.settings import Settings
from . import lettering
from .surround import Surround


class Context(NamedTuple):
    """What the stages may know of the frame beside its picture."""

    settings: Settings
    surround: Surround
    """What is beside the avatar's picture."""
    aspect: float | None
    """Width to height of the finished picture where it has to fill a given place; None: that of the avatar."""
    face: DrawnFace | None
    """Where the drawn face is; None where the painter does not know."""
    driving: Observation | None
    """What was seen of the driver; None while the avatar rests."""


Stage = Callable[[np.ndarray, Context], np.ndarray]
"""BGRA (H, W, 4) with straight alpha in and out. A stage may write into what it is given: all of it is drawn anew each time."""


def surrounded(picture: np.ndarray, context: Context) -> np.ndarray:
    """In the middle of a picture of the wanted shape."""
    return picture if context.aspect is None else context.surround.fill(picture, context.aspect)


def mirrored(picture: np.ndarray, context: Context) -> np.ndarray:
    """Flipped left to right, where that is wanted."""
    return picture[:, ::-1].copy() if context.settings.mirror else picture


def badged(picture: np.ndarray, context: Context) -> np.ndarray:
    """With the badge in its corner, unless somebody turned it off."""
    if context.settings.badge:
        lettering.put_badge(picture)
    return picture


STAGES: Sequence[Stage] = (surrounded, mirrored, badged)
"""The badge comes last: nothing may cover or flip it."""


def composed(picture: np.ndarray, context: Context) -> np.ndarray:
    """The finished picture."""
    for stage in STAGES:
        picture = stage(picture, context)
    return picture

"""Turns the drawn avatar into the finished picture: each stage gets what the one before it made, and the badge comes last."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Callable, NamedTuple

import numpy as np

from models.contract import DrawnFace, Observation

from ...shared.settings import Settings
from . import lettering
from .surround import Surround


class Context(NamedTuple):
    """What a stage may know about the frame, besides its picture."""

    settings: Settings
    surround: Surround
    """What is shown beside the avatar's picture."""
    aspect: float | None
    """The width-to-height ratio of the finished picture if it has to fill a given place; None keeps the avatar's own."""
    face: DrawnFace | None
    """The position of the drawn face; None if the painter does not know it."""
    driving: Observation | None
    """What was seen of the driver; None while the avatar rests."""


Stage = Callable[[np.ndarray, Context], np.ndarray]
"""A stage: takes and returns a picture, BGRA (H, W, 4) with straight alpha. It may write into the picture that it gets, because
that is drawn anew for every frame."""


def surrounded(picture: np.ndarray, context: Context) -> np.ndarray:
    """Put the picture into the middle of one with the wanted aspect ratio."""
    return picture if context.aspect is None else context.surround.fill(picture, context.aspect)


def mirrored(picture: np.ndarray, context: Context) -> np.ndarray:
    """Flip the picture left to right if the settings say so."""
    return picture[:, ::-1].copy() if context.settings.mirror else picture


def badged(picture: np.ndarray, context: Context) -> np.ndarray:
    """Put the badge into its corner, unless the user has turned it off."""
    if context.settings.badge:
        lettering.put_badge(picture)
    return picture


STAGES: Sequence[Stage] = (surrounded, mirrored, badged)
"""The stages in the order in which they run. The badge comes last, so that nothing covers or flips it."""


def composed(picture: np.ndarray, context: Context) -> np.ndarray:
    """Return the finished picture, BGRA (h, w, 4) with straight alpha; `picture` may be overwritten."""
    for stage in STAGES:
        picture = stage(picture, context)
    return picture

"""Moments of a clip from which steadiness is measured: its observations, an open-eyed frame, a shut-eyed one."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from models.contract import Engine, Observation
from models.face.measures import eye_frame
from models.face.topology import EYES, LANDMARKS, RIGID_POINTS

from .clips import Recording
from .looking import lid_opening

SHUT = 0.5
"""An eye open less than this part of the clip's median is taken for shut, or nearly so."""
LID_NEIGHBOURHOOD = 0.75
"""Landmarks up to so many eye widths from the middle of an eye take part in a blink."""
FULLY = 0.5
"""From the middle to the edge of that neighbourhood a landmark's part falls from 1 to 0, starting at this fraction."""


class Moments(NamedTuple):
    observations: list[Observation | None]
    """One a frame; their driver pictures are the frames."""
    open: int
    """The first frame whose eyes are at least as open as half of all frames'."""
    shut: int | None
    """The frame with the most closed eyes; None where they never close."""


def find(engine: Engine, recording: Recording) -> Moments | None:
    """None for a clip without a face, and for an engine whose observations are not those landmarks."""
    engine.forget()
    observations = [engine.observe(frame) for frame in recording.frames]
    openings = {index: lid_opening(seen.keypoints) for index, seen in enumerate(observations)
                if seen is not None and len(seen.keypoints) == LANDMARKS}
    if not openings:
        return None
    usual = float(np.median(list(openings.values())))
    shut = min(openings, key=lambda index: openings[index])
    return Moments(observations, next(index for index, opening in openings.items() if opening >= usual),
                   shut if openings[shut] < SHUT * usual else None)


def blinking(opened: Observation, shut: Observation) -> Observation:
    """`opened` with the eyes of `shut`: a real blink on a head that keeps still."""
    points = opened.keypoints.copy()
    laid_over = _laid_over(shut.keypoints, opened.keypoints)
    for eye in EYES:
        middle, _, _, width = eye_frame(points, eye)
        away = np.linalg.norm(points[:, :2] - middle, axis=1) / (LID_NEIGHBOURHOOD * width)
        part = np.clip((1 - away) / (1 - FULLY), 0, 1)
        part[eye.iris:eye.iris + 5] = 0  # behind a shut lid the tracker guesses the iris
        points += part[:, None].astype(np.float32) * (laid_over - points)
    return replace(opened, keypoints=points)


def _laid_over(points: np.ndarray, onto: np.ndarray) -> np.ndarray:
    """float32 (478, 3): `points`, shifted, turned in the picture plane and scaled so that their skull lies on `onto`'s."""
    ours, theirs = points[RIGID_POINTS, :2].astype(np.float64), onto[RIGID_POINTS, :2].astype(np.float64)
    # In the complex plane a similarity is z -> a z + b, and least squares give a at once.
    z, w = ours @ (1, 1j), theirs @ (1, 1j)
    a = ((w - w.mean()) * (z - z.mean()).conj()).sum() / (np.abs(z - z.mean()) ** 2).sum()
    moved = a * (points[:, :2].astype(np.float64) @ (1, 1j) - z.mean()) + w.mean()
    return np.stack([moved.real, moved.imag, points[:, 2] * abs(a)], axis=1).astype(np.float32)

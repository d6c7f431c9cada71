"""The moments of a clip from which steadiness is measured: its observations, an open-eyed frame, a shut-eyed one."""

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
"""The fraction of the clip's median opening below which an eye counts as shut, or nearly so."""
LID_NEIGHBOURHOOD = 0.75
"""The distance from the middle of an eye, in eye widths, up to which landmarks take part in a blink."""
FULLY = 0.5
"""The fraction of that distance at which a landmark's part in the blink starts to fall from 1 to 0."""


class Moments(NamedTuple):
    observations: list[Observation | None]
    """One observation per frame; their driver pictures are the frames."""
    open: int
    """The first frame whose eyes are open at least as wide as in half of all frames."""
    shut: int | None
    """The frame with the most closed eyes, or None if they never close."""


def find(engine: Engine, recording: Recording) -> Moments | None:
    """Find the moments; None for a clip without a face, or if the engine's observations are not these landmarks."""
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
    """Return `opened` with the eyes of `shut`: a real blink on a head that keeps still."""
    points = opened.keypoints.copy()
    laid_over = _laid_over(shut.keypoints, opened.keypoints)
    for eye in EYES:
        middle, _, _, width = eye_frame(points, eye)
        away = np.linalg.norm(points[:, :2] - middle, axis=1) / (LID_NEIGHBOURHOOD * width)
        part = np.clip((1 - away) / (1 - FULLY), 0, 1)
        part[eye.iris:eye.iris + 5] = 0  # behind a shut eyelid, the tracker only guesses the iris
        points += part[:, None].astype(np.float32) * (laid_over - points)
    return replace(opened, keypoints=points)


def _laid_over(points: np.ndarray, onto: np.ndarray) -> np.ndarray:
    """Return `points`, float32 (478, 3), shifted, rotated in the picture and scaled to put the skull on that of `onto`."""
    ours, theirs = points[RIGID_POINTS, :2].astype(np.float64), onto[RIGID_POINTS, :2].astype(np.float64)
    # In the complex plane, a similarity is z -> a z + b, and least squares give a directly.
    z, w = ours @ (1, 1j), theirs @ (1, 1j)
    a = ((w - w.mean()) * (z - z.mean()).conj()).sum() / (np.abs(z - z.mean()) ** 2).sum()
    moved = a * (points[:, :2].astype(np.float64) @ (1, 1j) - z.mean()) + w.mean()
    return np.stack([moved.real, moved.imag, points[:, 2] * abs(a)], axis=1).astype(np.float32)

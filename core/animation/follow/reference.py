"""Finds the reference by itself: the driver's neutral pose, from which relative motion starts.

The first face is taken at once, so that the avatar moves from the first frame on. The first steady and frontal second replaces
it; later a steady moment that is clearly closer to the avatar's own pose and expression does. Every change is blended in, so
nothing jumps. A seated user who slowly slides to one side is followed. Calibrate forces the next face.

Works on keypoints and head pose alone, so it serves every engine.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from models.contract import Observation
from models.face.pose import CAMERA_HEIGHT

STEADY_SECONDS = 0.8
"""A pose that is held for so long is meant, or is rest; a glance or a word is shorter."""
STEADY_SPREAD = 0.015
"""How far the keypoints may stray in that time, as a part of the face's size (root mean square)."""
FRONTAL_DEGREES = 18.0
"""A head that is turned further than this from the viewer is not taken for neutral."""
BETWEEN = np.linspace(0, 1, 6)
CLEARLY_CLOSER = 0.8
"""A later moment becomes the reference only if its distance from the avatar is at most this part of the present one's."""
BLEND_SECONDS = 0.8
"""The time constant in which a new reference comes in: slower than an expression, faster than impatience."""
DRIFT_SECONDS = 90.0
"""The time constant in which the reference's place follows a user who sits differently than before."""


class _Moment(NamedTuple):
    time: float
    shape: np.ndarray
    """float32 (K, 2): the keypoints, centred, in units of the face's size."""


def shape_of(observation: Observation) -> np.ndarray:
    """float32 (K, 2): the keypoints without place and size, which differ from camera to camera."""
    points = observation.keypoints[:, :2]
    centred = points - points.mean(axis=0)
    return centred / max(math.sqrt(float((centred ** 2).sum(axis=1).mean())), 1e-6)


def degrees_from_front(observation: Observation) -> float:
    """The angle between where the head looks and the viewer.

    A head at the edge of the picture may look into the camera or straight ahead beside it, and how far to the side it seems
    to look meanwhile depends on a lens that nobody knows. Whatever lies between the two is from the front.
    """
    width, height = observation.frame_size
    middle = observation.keypoints[:, :2].mean(axis=0) - (width / 2, height / 2)
    from_camera = np.append(middle, height / CAMERA_HEIGHT)
    between = np.outer(BETWEEN, from_camera / np.linalg.norm(from_camera)) + np.outer(1 - BETWEEN, (0, 0, 1))
    cosine = float((between @ observation.pose[:, 2] / np.linalg.norm(between, axis=1)).max())
    return math.degrees(math.acos(max(-1.0, min(1.0, cosine))))


class ReferenceKeeper:
    """`neutral`: the avatar's own observation. Call it with every observation, in order, `time` in seconds."""

    def __init__(self, neutral: Observation) -> None:
        self._neutral = shape_of(neutral)
        self._current: Observation | None = None
        """The reference as it is used now."""
        self._target: Observation | None = None
        """The reference that the present one is blended into; None exactly while there is none."""
        self._distance = math.inf
        """Of the target's shape from the avatar's; infinite while the target was taken for want of a better one."""
        self._recent: deque[_Moment] = deque()
        self._time = 0.0

    def calibrate(self, now: bool = True) -> None:
        """The next face becomes the reference, whatever it looks like; unless `now`: the next steady, frontal moment."""
        if now:
            self._current = self._target = None
        self._distance = math.inf

    def adopt(self, other: ReferenceKeeper) -> None:
        """Goes on with the reference of `other`, whose avatar was another: what is closest to this one is yet to be seen."""
        self._current = self._target = other._current

    def driver_changed(self) -> None:
        self.calibrate()
        self._recent.clear()

    def __call__(self, observation: Observation, time: float) -> Observation:
        """The reference for this observation."""
        seconds, self._time = min(max(time - self._time, 0.0), 0.2), time
        current, target = self._current, self._target
        if current is None or target is None or current.keypoints.shape != observation.keypoints.shape:
            current = target = observation
            self._recent.clear()
        if self._held_still(observation, time):
            if self._is_better(observation):
                target = observation
            target = _drifted(target, observation, seconds)
        if current is not target:
            current = _blended(current, target, seconds)
        self._current, self._target = current, target
        return current

    def _held_still(self, observation: Observation, time: float) -> bool:
        self._recent.append(_Moment(time, shape_of(observation)))
        while self._recent[0].time < time - STEADY_SECONDS:
            self._recent.popleft()
        if time - self._recent[0].time < 0.8 * STEADY_SECONDS or len(self._recent) < 4:
            return False
        shapes = np.stack([moment.shape for moment in self._recent])
        return float(np.sqrt(shapes.var(axis=0).sum(axis=1).mean())) < STEADY_SPREAD

    def _is_better(self, observation: Observation) -> bool:
        """Whether a steady observation makes a better reference than the one before; its distance is remembered then."""
        distance = float(np.sqrt(((shape_of(observation) - self._neutral) ** 2).sum(axis=1).mean()))
        better = degrees_from_front(observation) < FRONTAL_DEGREES and distance < CLEARLY_CLOSER * self._distance
        if better:
            self._distance = distance
        return better


def _drifted(target: Observation, observation: Observation, seconds: float) -> Observation:
    """The target with its place and size, never its expression, a little closer to where the face is now."""
    share = 1 - math.exp(-seconds / DRIFT_SECONDS)
    there, here = target.keypoints, observation.keypoints
    shift = share * (here.mean(axis=0) - there.mean(axis=0))
    return replace(target, keypoints=(there + shift).astype(np.float32))


def _blended(current: Observation, target: Observation, seconds: float) -> Observation:
    """The reference on its way from `current` to `target`, `seconds` later; `target` itself once it is as good as there."""
    share = 1 - math.exp(-seconds / BLEND_SECONDS)
    here, there = current.keypoints, target.keypoints
    if float(np.abs(there - here).max()) < 0.02:  # pixels: nobody sees the rest of the way
        return target
    # The pose goes with the keypoints: a mixture of two rotations this close is one again after a projection.
    u, _, v = np.linalg.svd(current.pose + share * (target.pose - current.pose))
    return replace(target, keypoints=(here + share * (there - here)).astype(np.float32), pose=(u @ v).astype(np.float32))

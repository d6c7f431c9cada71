"""Finds the reference automatically: the driver's neutral pose, from which relative motion starts.

The first face is taken at once, so that the avatar moves from the first frame on. The first steady and frontal second replaces
it; later, a steady moment replaces it if it is clearly closer to the avatar's own pose and expression. Every change is blended
in, so nothing jumps. A seated user who slowly slides to one side is followed. Calibrating forces the next face.

It works on keypoints and head pose alone, so it serves every engine.
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
"""The time for which a pose has to be held to count as deliberate or at rest; a glance or a word is shorter."""
STEADY_SPREAD = 0.015
"""The largest spread (root mean square) of the keypoints of a steady pose, as a share of the face's size."""
FRONTAL_DEGREES = 18.0
"""The largest angle between the head's direction and the viewer, in degrees, at which a pose may be taken for neutral."""
BETWEEN = np.linspace(0, 1, 6)
"""The weights of the direction from the camera to the head, against straight ahead; see degrees_from_front."""
CLEARLY_CLOSER = 0.8
"""The largest share of the present reference's distance from the avatar at which a later moment replaces it."""
BLEND_SECONDS = 0.8
"""The time constant with which a new reference is blended in: slower than an expression, and fast enough not to annoy."""
DRIFT_SECONDS = 90.0
"""The time constant with which the reference's place and size follow a user who sits differently than before."""


class _Moment(NamedTuple):
    time: float
    shape: np.ndarray
    """The keypoints, centred, in units of the face's size: float32 (K, 2)."""


def shape_of(observation: Observation) -> np.ndarray:
    """Return the keypoints without position and size, which differ from camera to camera: float32 (K, 2)."""
    points = observation.keypoints[:, :2]
    centred = points - points.mean(axis=0)
    return centred / max(math.sqrt(float((centred ** 2).sum(axis=1).mean())), 1e-6)


def degrees_from_front(observation: Observation) -> float:
    """Return the angle between the head's direction and the viewer, in degrees.

    A head at the edge of the picture may look into the camera, or straight ahead past it, and how far to the side it then seems
    to look depends on a lens that nobody knows. Every direction between the two counts as frontal.
    """
    width, height = observation.frame_size
    middle = observation.keypoints[:, :2].mean(axis=0) - (width / 2, height / 2)
    from_camera = np.append(middle, height / CAMERA_HEIGHT)
    between = np.outer(BETWEEN, from_camera / np.linalg.norm(from_camera)) + np.outer(1 - BETWEEN, (0, 0, 1))
    cosine = float((between @ observation.pose[:, 2] / np.linalg.norm(between, axis=1)).max())
    return math.degrees(math.acos(max(-1.0, min(1.0, cosine))))


class ReferenceKeeper:
    """Keeps the reference up to date: call it with every observation, in order of time.

    `neutral` is the avatar's own observation.
    """

    def __init__(self, neutral: Observation) -> None:
        self._neutral = shape_of(neutral)
        self._current: Observation | None = None
        """The reference as it is used now; None before the first face."""
        self._target: Observation | None = None
        """The reference towards which the present one is blended; None exactly while there is none."""
        self._distance = math.inf
        """The distance of the target's shape from the avatar's; infinite while any steady, frontal moment is better."""
        self._recent: deque[_Moment] = deque()
        self._time = 0.0

    def calibrate(self, now: bool = True) -> None:
        """Make the next face the reference, whatever it looks like; unless `now`, wait for the next steady, frontal moment."""
        if now:
            self._current = self._target = None
        self._distance = math.inf

    def adopt(self, other: ReferenceKeeper) -> None:
        """Continue with the reference of `other`, which had another avatar; which moment is closest to this one is found
        anew."""
        self._current = self._target = other._current

    def driver_changed(self) -> None:
        self.calibrate()
        self._recent.clear()

    def __call__(self, observation: Observation, time: float) -> Observation:
        """Return the reference for an observation at that time in seconds."""
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
        """Return whether a steady observation makes a better reference than the target, and if so, keep its distance."""
        distance = float(np.sqrt(((shape_of(observation) - self._neutral) ** 2).sum(axis=1).mean()))
        better = degrees_from_front(observation) < FRONTAL_DEGREES and distance < CLEARLY_CLOSER * self._distance
        if better:
            self._distance = distance
        return better


def _drifted(target: Observation, observation: Observation, seconds: float) -> Observation:
    """Return the target with its position and size, but never its expression, a little closer to where the face is now."""
    share = 1 - math.exp(-seconds / DRIFT_SECONDS)
    there, here = target.keypoints, observation.keypoints
    shift = share * (here.mean(axis=0) - there.mean(axis=0))
    return replace(target, keypoints=(there + shift).astype(np.float32))


def _blended(current: Observation, target: Observation, seconds: float) -> Observation:
    """Return the reference on its way from `current` to `target` after that many seconds, or `target` once it is practically
    there."""
    share = 1 - math.exp(-seconds / BLEND_SECONDS)
    here, there = current.keypoints, target.keypoints
    if float(np.abs(there - here).max()) < 0.02:  # pixels: nobody sees the rest of the way
        return target
    # The pose goes with the keypoints: a mixture of two rotations this close is one again after a projection.
    u, _, v = np.linalg.svd(current.pose + share * (target.pose - current.pose))
    return replace(target, keypoints=(here + share * (there - here)).astype(np.float32), pose=(u @ v).astype(np.float32))

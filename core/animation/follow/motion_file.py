"""Stores a clip as observations: its motion, without a single picture. It is small enough to send, and shows nobody.

The file is a NumPy archive (.npz) of plain arrays and is read without pickle, so it cannot contain code. Keypoints are stored
as integers, in steps of a fraction of a pixel, and as differences from frame to frame, which compress well.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from models.contract import Observation

from ...shared.errors import UserError
from ...shared.texts import text

VERSION = 1
SUFFIX = ".npz"
STEPS = 16000
"""The number of steps across the longer side of the driving frame: at 1920 pixels, a step is about an eighth of a pixel, and
differences fit into 16 bits."""
LARGEST_FRAMES = 200_000
"""The largest number of frames that a file may contain."""
LARGEST_KEYPOINTS = 4096
"""The largest number of keypoints per frame that a file may contain."""


class MotionFileError(UserError):
    """The file is missing, damaged, or contains no motion that can be used."""


class Moment(NamedTuple):
    """One frame of a motion, at a time in seconds of the clip."""

    seconds: float
    observation: Observation | None
    """What was seen at that time; None if no face was seen."""


class Motion(NamedTuple):
    """The motion in a clip, without its pictures."""

    engine: str
    """The id of the engine whose painter made the observations."""
    rate: float
    """The frame rate of the clip in frames per second."""
    moments: list[Moment]


def save(path: Path, motion: Motion) -> None:
    """Write a motion to a file. Raises OSError, and ValueError if no face was seen in any frame."""
    seen = [moment.observation for moment in motion.moments if moment.observation is not None]
    if not seen:
        raise ValueError("there is no observation to save")
    sizes = np.array([observation.frame_size for observation in seen])
    scale = STEPS / sizes.max()
    steps = np.rint(np.stack([observation.keypoints for observation in seen]) * scale).astype(np.int32)
    with path.open("wb") as file:
        np.savez_compressed(
            file, version=VERSION, engine=motion.engine, rate=motion.rate, scale=scale,
            seconds=np.array([moment.seconds for moment in motion.moments]),
            seen=np.array([moment.observation is not None for moment in motion.moments]),
            first=steps[0], changes=np.diff(steps, axis=0).clip(-32768, 32767).astype(np.int16),
            pose=np.stack([observation.pose for observation in seen]).astype(np.float32), frame_size=sizes[0])


def load(path: Path) -> Motion:
    """Read the motion in a file. Raises MotionFileError, whose message is a sentence for the user."""
    try:
        with np.load(path, allow_pickle=False) as arrays:
            if int(arrays["version"]) != VERSION:
                raise MotionFileError(text("Motion.OtherVersion", name=path.name))
            return _motion(arrays)
    except FileNotFoundError as error:
        raise MotionFileError(text("Motion.Missing", name=path.name)) from error
    except (OSError, ValueError, KeyError, TypeError, OverflowError, EOFError, MemoryError, NotImplementedError,
            zlib.error, zipfile.BadZipFile) as error:
        raise MotionFileError(text("Motion.Damaged", name=path.name)) from error


def _motion(arrays: Mapping[str, Any]) -> Motion:
    """Return the motion in the arrays of a file. Raises ValueError if they do not fit together or hold what no clip holds."""
    seconds, seen, pose = arrays["seconds"].astype(float), arrays["seen"].astype(bool), arrays["pose"].astype(np.float32)
    first, changes, scale = arrays["first"], arrays["changes"], float(arrays["scale"])
    sides = [int(side) for side in arrays["frame_size"]]
    fits = (seconds.shape == seen.shape and seconds.ndim == 1 and 0 < len(seconds) <= LARGEST_FRAMES
            and first.ndim == 2 and first.shape[1] == 3 and len(first) <= LARGEST_KEYPOINTS
            and changes.shape == (seen.sum() - 1, *first.shape) and pose.shape == (seen.sum(), 3, 3)
            and len(sides) == 2 and min(sides) > 0 and 0 < float(arrays["rate"]) <= 1000 and scale > 0)
    if not fits or not all(np.isfinite(each).all() for each in (seconds, pose, scale)) or (np.diff(seconds) <= 0).any():
        raise ValueError("the arrays do not fit together")
    steps = np.concatenate([first[None].astype(np.int64), changes.astype(np.int64)]).cumsum(axis=0)
    keypoints = (steps / scale).astype(np.float32)
    observations = iter(Observation(points, turn, {}, (sides[0], sides[1])) for points, turn in zip(keypoints, pose))
    moments = [Moment(float(when), next(observations) if there else None) for when, there in zip(seconds, seen)]
    return Motion(str(arrays["engine"]), float(arrays["rate"]), moments)

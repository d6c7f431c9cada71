"""What the tests of the drawing share: pictures, frames in which something happens, and looks at what was drawn."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from models.engine import MotionOptions
from models.landmark.measures import eye_openness
from models.landmark.topology import EYES
from models.landmark.tracker import Tracker

ROOT = Path(__file__).parents[3]
RELATIVE, ABSOLUTE = MotionOptions(relative=True), MotionOptions(relative=False)
AVATARS = ("nora", "marcus", "clay", "android")
REST, BLINK, JAW, BROWS, TURN_ONE_WAY, TURN_OTHER_WAY, NOD = 0, 12, 25, 58, 73, 85, 97
"""Frames of drive.mp4 in which its script does this most."""


def picture(name, size=256):
    return cv2.resize(cv2.imread(str(ROOT / "avatars" / f"{name}.png")), (size, size), interpolation=cv2.INTER_AREA)


def seen(image):
    observation = Tracker().observe(np.ascontiguousarray(image))
    assert observation is not None, "the picture shows no face any more"
    return observation


def nose_direction(observation):
    """Where the nose points: x right, y down."""
    return (observation.pose @ [0.0, 0.0, -1.0])[:2]


def openness(observation):
    return np.mean([eye_openness(observation.keypoints, eye) for eye in EYES])


def difference(one, other):
    return np.abs(one[..., :3].astype(int) - other[..., :3].astype(int))

"""What the tests of the drawing share: pictures, frames in which something happens, and measures of what was drawn."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np

from models.contract import MotionOptions
from models.face.measures import eye_openness
from models.face.topology import EYES
from models.see.tracker import Tracker

ROOT = Path(__file__).parents[3]
DRIVE = ROOT / "tests" / "data" / "short_drive"
RELATIVE, ABSOLUTE = MotionOptions(relative=True), MotionOptions(relative=False)
AVATARS = ("nora", "marcus", "clay", "android")


def _most(channel, sign=1):
    """The middle frame of the first run in which the clip's script has a channel at its highest (lowest)."""
    script = [state[channel] * sign for state in json.loads((DRIVE / "drive.json").read_text())]
    start = script.index(max(script))
    end = next((frame for frame in range(start, len(script)) if script[frame] < script[start]), len(script))
    return (start + end) // 2


def driving_frames():
    """The driving clip's frames, 256 x 256."""
    video = cv2.VideoCapture(str(DRIVE / "drive.mp4"))
    found = []
    while True:
        more, frame = video.read()
        if not more:
            return found
        found.append(cv2.resize(frame, (256, 256), interpolation=cv2.INTER_AREA))


REST = 0
BLINK, JAW, BROWS, NOD = map(_most, ("blink", "jaw", "brow", "pitch"))
TURN_ONE_WAY, TURN_OTHER_WAY = _most("yaw"), _most("yaw", -1)


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

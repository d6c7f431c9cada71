"""A head that keeps still in front of a camera with noise: the same frame again and again, with different noise (see `noise`).

    jitter         root mean square distance of the landmarks in the pictures from their own mean position, over all landmarks
                   and frames, in pixels of a 512 picture
    jitter_given   the same for the tracker's landmarks in the driver's frames, at the size of the avatar's face: the input
    flicker_face, flicker_background   mean absolute difference of consecutive pictures, in grey levels (0..255)
    lid_flutter    standard deviation of the eyelids' opening, in eye widths (an open eye: .3), over time
    lid_flutter_given   the same for the tracker's landmarks
"""

from __future__ import annotations

import cv2
import numpy as np

from models.face.topology import FACE_OVAL

from .looking import Looker, extent, lid_opening
from .noise import CameraNoise
from .stage import Stage

FRAMES = 60
RATE = 30.0
SETTLING = 15
"""The frames at the beginning that are not counted, because the smoother starts from the first one's noise."""


def measure(stage: Stage, frame: np.ndarray, frames: int = FRAMES) -> dict[str, float | None] | None:
    """Measure with a BGR frame of an open-eyed face; None for all if the face is not found in every picture."""
    noise, looker = CameraNoise(), Looker(follow=True)
    oval, background = _oval(stage), stage.away > 0
    stage.rig.animator.driver_changed()
    given: list[np.ndarray] = []
    shown: list[np.ndarray] = []
    face: list[float] = []
    behind: list[float] = []
    last: np.ndarray | None = None
    for index in range(SETTLING + frames):
        seen = stage.rig.engine.observe(noise(frame))
        if seen is None:
            return None
        picture = stage.rig.replay(seen, index / RATE)[..., :3].astype(np.int16)
        look = looker.look(picture.astype(np.uint8))
        if look is None:
            return None
        if index >= SETTLING and last is not None:
            given.append(seen.keypoints)
            shown.append(look.points)
            difference = np.abs(picture - last).mean(axis=2)
            face.append(float(difference[oval].mean()))
            if background.any():
                behind.append(float(difference[background].mean()))
        last = picture
    return {"jitter": jitter(shown), "jitter_given": jitter(given) * stage.look.extent / extent(given[0]),
            "flicker_face": float(np.mean(face)), "flicker_background": float(np.mean(behind)) if behind else None,
            "lid_flutter": float(np.std([lid_opening(points) for points in shown])),
            "lid_flutter_given": float(np.std([lid_opening(points) for points in given]))}


def jitter(courses: list[np.ndarray]) -> float:
    """Return the root mean square distance of points from their mean position over time, in pixels; (K, 2 or 3) per frame."""
    points = np.stack(courses)[..., :2].astype(np.float64)
    return float(np.sqrt(((points - points.mean(axis=0)) ** 2).sum(axis=2).mean()))


def _oval(stage: Stage) -> np.ndarray:
    """Return where the face is in the avatar at rest, bool (H, W)."""
    filled = np.zeros(stage.still.shape[:2], np.uint8)
    cv2.fillPoly(filled, [np.rint(stage.look.points[FACE_OVAL, :2]).astype(np.int32)], 1)
    return filled > 0

"""A hand before the mouth of a head that keeps still: does the avatar jump, is it torn, is the face lost?

The hand is drawn: a palm and four fingers in the colour of the driver's cheek, which come up from below, stay before mouth
and nose for half a second, and go. The same frame with a camera's noise lies behind (see `noise`).

    hand_step   largest mean distance that the landmarks in the avatar's pictures move from one frame to the next, in pixels
                of a 512 picture; a still head trembles by a tenth of a pixel
    hand_pull   largest mean distance of those landmarks from where they were before the hand came
    hand_lost   share of the frames with the hand in which no face was seen
"""

from __future__ import annotations

import cv2
import numpy as np

from models.face.measures import face_height
from models.face.topology import CHEEKS, CHIN, FOREHEAD_TOP, LIP_MIDDLE, OUTER_LIP_UPPER

from .dropout import largest_step
from .looking import Looker
from .noise import CameraNoise
from .stage import Stage

RATE = 30.0
BEFORE, RISING, THERE = 15, 8, 15
"""Frames; the hand goes as it came, and as many follow as came before."""
PALM, FINGER = (0.20, 0.22), (0.055, 0.34)
"""Half axes of the palm; half width and length of a finger; in face heights."""
SHADE = 0.9
"""The hand is a little darker than the cheek: its edge can be seen."""


def measure(stage: Stage, frame: np.ndarray) -> dict[str, float] | None:
    """frame: BGR, of an open-eyed face. None where the face is not found without the hand."""
    stage.rig.animator.driver_changed()
    seen = stage.rig.engine.observe(frame)
    if seen is None:
        return None
    noise, looker = CameraNoise(), Looker(follow=True)
    points: list[np.ndarray] = []
    lost = 0
    ways = course()
    for index, way in enumerate(ways):
        driving = stage.rig.engine.observe(noise(with_hand(frame, seen.keypoints, way) if way > 0 else frame))
        lost += driving is None and way > 0
        look = looker.look(stage.rig.replay(driving, index / RATE))
        if look is None:
            return None
        points.append(look.points)
    before = np.mean(points[BEFORE // 2:BEFORE], axis=0)
    pull = max(float(np.linalg.norm((now - before)[:, :2], axis=1).mean()) for now in points[BEFORE:])
    return {"hand_step": largest_step(points[BEFORE // 2:]), "hand_pull": pull,
            "hand_lost": lost / int(np.count_nonzero(np.array(ways) > 0))}


def course() -> list[float]:
    """How far the hand has come in each frame, 0 (away) to 1 (before mouth and nose)."""
    rising = np.arange(1, RISING + 1) / RISING
    return [*[0.0] * BEFORE, *rising.tolist(), *[1.0] * THERE, *rising[-2::-1].tolist(), *[0.0] * BEFORE]


def with_hand(frame: np.ndarray, points: np.ndarray, way: float) -> np.ndarray:
    """The frame with the hand in it. points: the face's landmarks in the frame."""
    size = face_height(points)
    down = (points[CHIN, :2] - points[FOREHEAD_TOP, :2]) / size
    across = np.array([down[1], -down[0]])
    mouth = points[OUTER_LIP_UPPER[LIP_MIDDLE], :2]
    palm = mouth + down * size * (1.3 * (1 - way))
    cheeks = np.clip(np.rint(points[CHEEKS, :2]).astype(int), 0, np.array(frame.shape[1::-1]) - 1)
    colour = (SHADE * frame[cheeks[:, 1], cheeks[:, 0]].mean(axis=0)).tolist()
    shown = frame.copy()
    turn = float(np.degrees(np.arctan2(across[1], across[0])))
    axes = (max(1, round(PALM[0] * size)), max(1, round(PALM[1] * size)))
    cv2.ellipse(shown, _whole(palm), axes, turn, 0, 360, colour, -1, cv2.LINE_AA)
    for place in (-0.75, -0.25, 0.25, 0.75):
        root = palm + across * place * PALM[0] * size
        tip = root - down * FINGER[1] * size * (1 - 0.2 * abs(place))
        cv2.line(shown, _whole(root), _whole(tip), colour, max(1, round(2 * FINGER[0] * size)), cv2.LINE_AA)
    return shown


def _whole(point: np.ndarray) -> tuple[int, int]:
    return round(point[0]), round(point[1])

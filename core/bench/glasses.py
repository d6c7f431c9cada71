"""What glasses hide of a driver: the same clip with and without dark glasses drawn onto the face.

For each of CHANNELS (see `channels`), what the engine observes with the glasses is compared with what it observes without, by
correlation and slope. The other number is how much more a still head trembles (see `still_head`), as a factor.
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np

from models.contract import Engine, Observation
from models.face.measures import eye_frame, eye_width
from models.face.topology import EYES, LANDMARKS, TEMPLES

from . import channels, still_head
from .clips import Recording
from .noise import CameraNoise

CHANNELS = ("lidOpening", "gazeAcross", "browHeight", "mouthWidth")
EVERY = 2
LENS, RIM = (0.80, 0.62), 0.10
"""The half axes of a lens and the thickness of its rim, in eye widths."""
FRAME_COLOUR = (32, 26, 24)
GLARE = 0.25
"""How white the reflection in the upper part of each lens is, 0..1."""
STILL_FRAMES = 30


def measure(engine: Engine, recording: Recording) -> dict[str, Any] | None:
    """Measure a clip; None if it shows no face, or if the engine's observations are not these landmarks."""
    engine.forget()
    observations: list[Observation | None] = [engine.observe(frame) for frame in recording.frames]
    known = [(frame, seen) for frame, seen in zip(recording.frames, observations)
             if seen is not None and len(seen.keypoints) == LANDMARKS]
    if not known:
        return None
    bare: list[dict[str, float]] = []
    worn: list[dict[str, float]] = []
    engine.forget()
    for frame, without in known[::EVERY]:
        seen = engine.observe(with_glasses(frame, without.keypoints))
        if seen is not None:
            bare.append(channels.shapes(without.keypoints.astype(np.float64)))
            worn.append(channels.shapes(seen.keypoints.astype(np.float64)))
    alike = {name: channels.likeness(name, [one[name] for one in bare], [one[name] for one in worn]) for name in CHANNELS}
    frame, points = known[0][0], known[0][1].keypoints
    trembling = [_jitter(engine, picture) for picture in (frame, with_glasses(frame, points))]
    return {"missed": len(known[::EVERY]) - len(worn), "jitter_factor": trembling[1] / max(trembling[0], 1e-6),
            "likeness": {name: one._asdict() for name, one in alike.items() if one is not None}}


def with_glasses(frame: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Return the frame with glasses on the face whose landmarks are `points`."""
    shown, flat = frame.copy(), points[:, :2].astype(np.float64)
    inner = []
    for eye, temple, side in zip(EYES, TEMPLES, (-1, 1)):
        middle, along, _down, width = eye_frame(flat, eye)
        axes = (max(1, round(LENS[0] * width)), max(1, round(LENS[1] * width)))
        turn = float(np.degrees(np.arctan2(along[1], along[0])))
        lens = shown.copy()
        cv2.ellipse(lens, _whole(middle), axes, turn, 200, 290, (255, 255, 255), -1, cv2.LINE_AA)
        cv2.addWeighted(lens, GLARE, shown, 1 - GLARE, 0, dst=shown)
        thickness = max(1, round(RIM * width))
        cv2.ellipse(shown, _whole(middle), axes, turn, 0, 360, FRAME_COLOUR, thickness, cv2.LINE_AA)
        cv2.line(shown, _whole(middle + side * LENS[0] * width * along), _whole(flat[temple]), FRAME_COLOUR, thickness,
                 cv2.LINE_AA)
        inner.append(middle - side * LENS[0] * width * along)
    bridge = max(1, round(RIM * eye_width(flat, EYES[0])))
    cv2.line(shown, _whole(inner[0]), _whole(inner[1]), FRAME_COLOUR, bridge, cv2.LINE_AA)
    return shown


def _jitter(engine: Engine, frame: np.ndarray) -> float:
    """Return the jitter of the observed landmarks of one frame with camera noise, in pixels of the frame."""
    noise = CameraNoise()
    engine.forget()
    seen = [engine.observe(noise(frame)) for _ in range(STILL_FRAMES)]
    return still_head.jitter([one.keypoints for one in seen if one is not None])


def summary(measured: list[dict[str, Any] | None]) -> dict[str, Any] | None:
    """Return the means over the clips, or None if no clip shows a face."""
    found = [one for one in measured if one is not None]
    if not found:
        return None
    means = {}
    for name in CHANNELS:
        alike = [one["likeness"][name] for one in found if name in one["likeness"]]
        if alike:
            means[name] = {"clips": len(alike), "correlation": float(np.mean([one["correlation"] for one in alike])),
                           "slope": float(np.mean([one["slope"] for one in alike]))}
    factors = [one["jitter_factor"] for one in found]
    return {"likeness": means, "jitter_factor": float(np.mean(factors)), "jitter_factor_worst": max(factors),
            "missed": sum(one["missed"] for one in found)}


def _whole(point: np.ndarray) -> tuple[int, int]:
    return round(point[0]), round(point[1])

"""What the face of the driving clip does, frame by frame: the ground truth of avatars/driving/drive.mp4.

Amounts are 0..1, angles degrees. `yaw` turns to the picture's right, `pitch` nods down, `roll` tilts to the picture's right,
`gaze_x` and `gaze_y` turn the eyes in the head to the picture's right and down.
"""

from __future__ import annotations

import math

FRAMES, RATE = 250, 25

BLINKS = 41, 83, 139, 181, 238
"""Frames in which the eyes are shut."""

WORDS = {"jaw": ((53, 0.40), (60, 0.25), (67, 0.50), (76, 0.30), (94, 1.0)),
         "pucker": ((63, 0.35), (72, 0.45))}
"""A few words, then a wide "ah"."""


def track(frame: int) -> dict[str, float]:
    jaw = max(_hump(frame, at - 5, at, at, at + 5) * much for at, much in WORDS["jaw"][:-1])
    at, much = WORDS["jaw"][-1]
    # A living head is never quite still; it is at the start and, so that the clip can be repeated, at the end.
    alive = _hump(frame, 38, 60, 225, 249)
    return {
        "frame": frame,
        "blink": max(_hump(frame, at - 3, at - 1, at + 1, at + 4) for at in BLINKS),
        "jaw": max(jaw, much * _hump(frame, at - 7, at - 1, at + 1, at + 7)),
        "smile": max(_hump(frame, 101, 110, 118, 128), 0.6 * _hump(frame, 210, 219, 223, 232)),
        "brow": max(_hump(frame, 124, 130, 133, 140), 0.35 * _hump(frame, 62, 66, 68, 74)),
        "pucker": max(_hump(frame, 228, 234, 235, 241),
                      *(_hump(frame, at - 4, at, at, at + 4) * much for at, much in WORDS["pucker"])),
        "yaw": 22 * (_hump(frame, 138, 149, 152, 163) - _hump(frame, 155, 166, 169, 181)) + 1.6 * alive * _sway(frame, 71),
        "pitch": 13 * _hump(frame, 180, 188, 190, 198) - 8 * _hump(frame, 190, 199, 200, 209)
        + 1.2 * alive * _sway(frame + 20, 53) + 2.5 * _hump(frame, 50, 56, 58, 70),
        "roll": 9 * (_hump(frame, 204, 211, 213, 220) - _hump(frame, 213, 221, 223, 232)) + 1.0 * alive * _sway(frame + 9, 97),
        "gaze_x": 14 * (_hump(frame, 42, 45, 52, 55) - _hump(frame, 83, 86, 90, 93)) + 8 * _hump(frame, 136, 139, 146, 152)
        - 8 * _hump(frame, 152, 156, 164, 172),
        "gaze_y": 7 * _hump(frame, 196, 199, 203, 206),
    }


def _hump(frame: float, start: float, full: float, until: float, end: float) -> float:
    """0 before `start`, 1 from `full` to `until`, 0 after `end`, eased."""
    rise = 1.0 if frame >= full else max(0.0, (frame - start) / max(1, full - start))
    fall = 1.0 if frame <= until else max(0.0, (end - frame) / max(1, end - until))
    return _eased(min(rise, fall))


def _eased(share: float) -> float:
    return share * share * (3 - 2 * share)


def _sway(frame: float, period: float) -> float:
    return math.sin(2 * math.pi * frame / period)

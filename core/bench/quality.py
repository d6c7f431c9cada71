"""Likeness and steadiness on clips: combines all measures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Callable

import numpy as np

from models import engines

from . import cross_driving, glasses, reconstruction, steadiness
from .clips import Recording
from .independent import Landmarks68, Unavailable
from .stage import Stage

STEADINESS = {"still": ("jitter", "jitter_given", "flicker_face", "flicker_background", "lid_flutter", "lid_flutter_given"),
              "blink": ("opening", "opening_given", "closing_delay", "opening_delay"),
              "dropout": ("jump", "jump_whole"), "hand": ("hand_step", "hand_pull", "hand_lost")}


def measure(recordings: Sequence[Callable[[], Recording]], avatar_ids: Sequence[str], engine_id: str,
            advance: Callable[[str], None]) -> dict[str, Any]:
    """Return all measures. Each of `recordings` reads one clip, to hold one at a time; `advance` is called before each part."""
    advance("avatars")
    stages = [Stage(avatar, engine_id) for avatar in avatar_ids]
    reconstructing = engines.load(engine_id)
    independent, missing = _independent()
    eyes = reconstruction.Eyes(independent)
    clips: dict[str, Any] = {}
    for read in recordings:
        recording = read()
        advance(f"{recording.name}: self-reconstruction")
        reconstructed = reconstruction.measure(reconstructing, recording, eyes)
        advance(f"{recording.name}: cross-driving")
        driven = cross_driving.measure(stages, recording)
        advance(f"{recording.name}: steadiness")
        clips[recording.name] = {"frames": len(recording.frames), "reconstruction": reconstructed,
                                 "cross_driving": driven, "steadiness": steadiness.measure(stages, recording),
                                 "glasses": glasses.measure(reconstructing, recording)}
    return {"engine": engine_id, "avatars": list(avatar_ids), "missing": missing, "clips": clips, "means": means(clips)}


def _independent() -> tuple[Landmarks68 | None, str]:
    """Return the second opinion (dlib), or why there is none."""
    try:
        return Landmarks68(), ""
    except Unavailable as reason:
        return None, str(reason)


def means(clips: Mapping[str, Any]) -> dict[str, Any]:
    """Return means over the clips, all weighted equally, and over pairs of clip and avatar for cross-driving and steadiness."""
    reconstructed = [clip["reconstruction"] for clip in clips.values() if clip["reconstruction"]]
    driven = [pair for clip in clips.values() for pair in clip["cross_driving"]]
    steady = [pair for clip in clips.values() for pair in clip["steadiness"]]
    return {"reconstruction": {of: {key: _mean(one[of][key] for one in reconstructed) for key in reconstructed[0][of]}
                               for of in ("engine", "still", "floor")} if reconstructed else None,
            "cross_driving": cross_driving.summary(driven),
            "swim": _mean_and_worst(pair["swim"] for pair in driven),
            "missed": sum(pair["missed"] for pair in driven),
            "glasses": glasses.summary([clip["glasses"] for clip in clips.values()]),
            "steadiness": {part: {key: _mean_and_worst((pair[part] or {}).get(key) for pair in steady) for key in keys}
                           for part, keys in STEADINESS.items()}}


def _mean_and_worst(values: Iterable[float | None]) -> dict[str, float | None]:
    """Return the mean and the worst, which is the largest value in every measure of steadiness."""
    known = [value for value in values if value is not None]
    return {"mean": _mean(known), "worst": max(known, default=None)}


def _mean(values: Iterable[float | None]) -> float | None:
    known: list[float] = [value for value in values if value is not None]
    return float(np.mean(known)) if known else None

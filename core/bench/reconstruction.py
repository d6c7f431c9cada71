"""Self-reconstruction: the first frame of a clip with a face, moved by the other frames, should become them.

Absolute motion, nothing smoothed. Measures as in Siarohin et al., "First Order Motion Model for Image Animation", NeurIPS
2019, section 4, all on pictures reduced to 256 pixels on their longer side:

    L1      mean absolute difference of the pictures' pixels, for colours 0..1
    AKD     average keypoint distance: mean distance of the landmarks found in both pictures, in pixels
    blendshape_error    mean absolute difference of EXPRESSIONS found in both pictures, 0..1
    missed  share of the frames in whose reconstruction no face was found; they count in L1 only

AKD comes from our own tracker (`akd`) and from dlib (`akd_independent`). `akd_once` and `blendshape_error_once` are what our
tracker sees in its first pass, see looking.Looker: the prototype was measured so.

Beside the engine's numbers stand those of the still picture itself (an engine has to be better) and the floor: the true frame
with a camera's noise in place of a reconstruction (no engine can be seen to be better than that).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import cv2
import numpy as np

from models.contract import Engine, FaceNotFound, MotionOptions

from .clips import Recording
from .independent import Landmarks68
from .looking import Look, Looker
from .noise import CameraNoise

SCALE = 256
EVERY = 5
"""One frame of so many is compared; neighbours say nearly the same."""
EXPRESSIONS = ("jawOpen", "eyeBlinkLeft", "eyeBlinkRight", "mouthSmileLeft", "mouthSmileRight", "browInnerUp")
"""The prototype's six, so that numbers can be compared."""


class Seen(NamedTuple):
    """What is measured of one picture."""

    small: np.ndarray
    """float32, BGR 0..1, reduced to SCALE."""
    own: Look | None
    once: Look | None
    independent: np.ndarray | None
    reduction: float
    """SCALE / longer side of the picture."""


class Eyes:
    """Whoever looks at the pictures: our own tracker, and dlib where there is one."""

    def __init__(self, independent: Landmarks68 | None) -> None:
        self._own, self._once = Looker(), Looker(passes=1)
        self._independent = independent

    def see(self, picture: np.ndarray) -> Seen:
        reduction = SCALE / max(picture.shape[:2])
        small = cv2.resize(picture[..., :3], None, fx=reduction, fy=reduction, interpolation=cv2.INTER_AREA)
        other = self._independent.points(picture) if self._independent else None
        return Seen(small.astype(np.float32) / 255, self._own.look(picture), self._once.look(picture), other, reduction)


def measure(engine: Engine, recording: Recording, eyes: Eyes) -> dict[str, Any] | None:
    """The numbers of one clip; None where it shows no face in two frames that are compared."""
    engine.forget()
    source, avatar = None, None
    truths: list[Seen] = []
    made: list[Seen] = []
    for index, frame in enumerate(recording.frames):
        observation = engine.observe(frame)
        if observation is None:
            continue
        if avatar is None:
            try:
                source, avatar, first = frame, engine.painter.prepare(frame), index
            except FaceNotFound:  # too small a face for an avatar
                return None
        elif (index - first) % EVERY == 0:
            truth = eyes.see(frame)
            if truth.own is not None:
                truths.append(truth)
                made.append(eyes.see(engine.painter.animate(avatar, observation, None, MotionOptions(relative=False)).picture))
    if not truths:
        return None
    still, noise = eyes.see(source), CameraNoise()
    noisy = [eyes.see(noise(recording.frames[first + EVERY * (1 + i)])) for i in range(len(truths))]
    return {"frames": len(truths), "engine": scores(made, truths), "still": scores([still] * len(truths), truths),
            "floor": scores(noisy, truths)}


def scores(made: Iterable[Seen], truths: Iterable[Seen]) -> dict[str, float | None]:
    """The measures of pictures against the true ones; None for what could not be measured in any of them."""
    pairs = list(zip(made, truths))
    found = [(m, t) for m, t in pairs if m.own is not None and t.own is not None]
    once = [(m, t) for m, t in pairs if m.once is not None and t.once is not None]
    both = [(m, t) for m, t in pairs if m.independent is not None and t.independent is not None]
    return {"l1": _mean(np.abs(m.small - t.small).mean() for m, t in pairs),
            "akd": _mean(_distance(m.own.points, t.own.points) * t.reduction for m, t in found),
            "akd_once": _mean(_distance(m.once.points, t.once.points) * t.reduction for m, t in once),
            "akd_independent": _mean(_distance(m.independent, t.independent) * t.reduction for m, t in both),
            "blendshape_error": _mean(_expression_error(m.own, t.own) for m, t in found),
            "blendshape_error_once": _mean(_expression_error(m.once, t.once) for m, t in once),
            "missed": _mean(m.own is None for m, t in pairs)}


def _distance(points: np.ndarray, others: np.ndarray) -> float:
    return float(np.linalg.norm(points[:, :2] - others[:, :2], axis=1).mean())


def _expression_error(look: Look, other: Look) -> float:
    return float(np.mean([abs(look.expression[name] - other.expression[name]) for name in EXPRESSIONS]))


def _mean(values: Iterable[Any]) -> float | None:
    values = list(values)
    return float(np.mean(values)) if values else None

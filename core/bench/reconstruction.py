"""Self-reconstruction: the first frame of a clip that shows a face is moved by the other frames and should turn into them.

Absolute motion, no smoothing. The measures are those of Siarohin et al., "First Order Motion Model for Image Animation",
NeurIPS 2019, section 4, all on pictures reduced to 256 pixels on their longer side:

    L1      mean absolute difference of the pictures' pixels, for colours 0..1
    AKD     average keypoint distance: mean distance of the landmarks found in both pictures, in pixels
    blendshape_error    mean absolute difference of EXPRESSIONS found in both pictures, 0..1
    missed  fraction of the frames in whose reconstruction no face was found; they count in L1 only

AKD comes from our own tracker (`akd`) and from dlib (`akd_independent`). `akd_once` and `blendshape_error_once` are what our
tracker sees in its first pass (see looking.Looker), which is how the prototype was measured.

Next to the engine's numbers are those of the still picture itself, which an engine has to beat, and the floor: the true frame
with camera noise in place of a reconstruction, which no engine can be seen to beat.
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
"""The distance between frames that are compared: one in this many, since neighbours are nearly the same."""
EXPRESSIONS = ("jawOpen", "eyeBlinkLeft", "eyeBlinkRight", "mouthSmileLeft", "mouthSmileRight", "browInnerUp")
"""The six expressions of the prototype, so that numbers can be compared."""


class Seen(NamedTuple):
    """What is measured in one picture."""

    small: np.ndarray
    """The picture, float32 BGR, 0..1, reduced to SCALE."""
    own: Look | None
    once: Look | None
    independent: np.ndarray | None
    reduction: float
    """The factor by which the picture was reduced: SCALE / its longer side."""


class Eyes:
    """The observers of the pictures: our own tracker and, if installed, dlib."""

    def __init__(self, independent: Landmarks68 | None) -> None:
        self._own, self._once = Looker(), Looker(passes=1)
        self._independent = independent

    def see(self, picture: np.ndarray) -> Seen:
        reduction = SCALE / max(picture.shape[:2])
        small = cv2.resize(picture[..., :3], None, fx=reduction, fy=reduction, interpolation=cv2.INTER_AREA)
        other = self._independent.points(picture) if self._independent else None
        return Seen(small.astype(np.float32) / 255, self._own.look(picture), self._once.look(picture), other, reduction)


def measure(engine: Engine, recording: Recording, eyes: Eyes) -> dict[str, Any] | None:
    """Return the numbers of one clip, or None if it shows no face in two of the compared frames."""
    engine.forget()
    begun: tuple[int, np.ndarray, Any] | None = None
    """The index of the first frame with a face, the frame, and the avatar that it becomes."""
    truths: list[Seen] = []
    made: list[Seen] = []
    for index, frame in enumerate(recording.frames):
        observation = engine.observe(frame)
        if observation is None:
            continue
        if begun is None:
            try:
                begun = index, frame, engine.painter.prepare(frame)
            except FaceNotFound:  # the face is too small for an avatar
                return None
        elif (index - begun[0]) % EVERY == 0:
            truth = eyes.see(frame)
            if truth.own is not None:
                truths.append(truth)
                drawn = engine.painter.animate(begun[2], observation, None, MotionOptions(relative=False))
                made.append(eyes.see(drawn.picture))
    if begun is None or not truths:
        return None
    still, noise = eyes.see(begun[1]), CameraNoise()
    noisy = [eyes.see(noise(recording.frames[begun[0] + EVERY * (1 + i)])) for i in range(len(truths))]
    return {"frames": len(truths), "engine": scores(made, truths), "still": scores([still] * len(truths), truths),
            "floor": scores(noisy, truths)}


def scores(made: Iterable[Seen], truths: Iterable[Seen]) -> dict[str, float | None]:
    """Return the measures of pictures against the true ones; None for what could not be measured in any of them."""
    pairs = list(zip(made, truths))
    own = [(m.own, t.own, t.reduction) for m, t in pairs if m.own is not None and t.own is not None]
    once = [(m.once, t.once, t.reduction) for m, t in pairs if m.once is not None and t.once is not None]
    both = [(m.independent, t.independent, t.reduction) for m, t in pairs
            if m.independent is not None and t.independent is not None]
    return {"l1": _mean(np.abs(m.small - t.small).mean() for m, t in pairs),
            "akd": _mean(_distance(m.points, t.points) * reduction for m, t, reduction in own),
            "akd_once": _mean(_distance(m.points, t.points) * reduction for m, t, reduction in once),
            "akd_independent": _mean(_distance(m, t) * reduction for m, t, reduction in both),
            "blendshape_error": _mean(_expression_error(m, t) for m, t, _ in own),
            "blendshape_error_once": _mean(_expression_error(m, t) for m, t, _ in once),
            "missed": _mean(m.own is None for m, t in pairs)}


def _distance(points: np.ndarray, others: np.ndarray) -> float:
    return float(np.linalg.norm(points[:, :2] - others[:, :2], axis=1).mean())


def _expression_error(look: Look, other: Look) -> float:
    return float(np.mean([abs(look.expression[name] - other.expression[name]) for name in EXPRESSIONS]))


def _mean(values: Iterable[Any]) -> float | None:
    values = list(values)
    return float(np.mean(values)) if values else None

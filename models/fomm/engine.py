"""The neural engine: any picture moved by any face, drawn by a network that has learned faces from clips of them.

Where the built-in engine moves what the picture shows, this one draws what it does not show: teeth, the other cheek,
the wall behind the head. It draws 256 x 256 pixels, so it is softer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Callable, Optional, Protocol, Sequence

import cv2
import numpy as np
import torch

from ..engine import FaceNotFound, MotionOptions, Observation
from ..landmark.tracker import Tracker
from . import framing
from .checkpoint import PathLike
from .fast.loading import load
from .framing import Square
from .keypoints import Keypoints
from .model import EncodedSource
from .motion_transfer import transfer

SIZE = 256
"""The side of the pictures that the published models were trained with, in pixels."""
AXIS = 0.25
"""How long the arms are by which observations carry jacobians, in jacobians."""


class Model(Protocol):
    """FirstOrderMotionModel, or what models.fomm.fast.load gives."""

    def detect(self, image: torch.Tensor) -> Keypoints: ...

    def encode(self, source: torch.Tensor) -> EncodedSource: ...

    def animate(self, encoded: EncodedSource, keypoints_driving: Keypoints) -> torch.Tensor: ...


@dataclass(frozen=True)
class Avatar:
    """A picture, ready to be moved."""

    observation: Observation
    """The face in the picture itself, as `FommEngine.observe` would see it."""
    still: np.ndarray
    """uint8 (H, W, 4): the picture, opaque."""
    square: Square
    """The part that the network draws."""
    seam: np.ndarray
    """float32 (side, side, 1): how much of the drawn part shows."""
    source: EncodedSource


def open_engine(weights: PathLike, portraits: Sequence[np.ndarray],
                report: Callable[[object], None] = lambda _: None) -> FommEngine:
    """The engine on the fastest that this machine has; see fast.load, which tries it out once, for minutes.

    portraits: pictures of faces, BGR (H, W, 3), to try it out with. Raises checkpoint.CheckpointError.
    """
    faces = ((portrait, Tracker().observe(portrait)) for portrait in portraits)
    cuts = [framing.cut(portrait, Square.around(face.keypoints), SIZE)[0] for portrait, face in faces if face]
    return FommEngine(load(weights, pictures=[framing.tensor(each) for each in cuts], report=report))


class FommEngine:
    """See models.engine.Engine. size: the side of the pictures that the model was trained with."""

    id = "fomm"
    title = "Neural (First Order Motion Model)"

    def __init__(self, model: Model, size: int = SIZE) -> None:
        self._model, self._size = model, size
        self._tracker = Tracker()
        self._square: Optional[Square] = None
        self._out = np.empty((0, 0, 4), np.uint8)

    def find_face(self, picture: np.ndarray) -> tuple[Observation, int]:
        """The largest face in a still picture, by its landmarks, and how many there are. Raises FaceNotFound."""
        tracker = Tracker()
        observation = tracker.observe(picture)
        if observation is None:
            raise FaceNotFound("No face was found in the picture. Choose one that shows a face from the front.")
        return observation, tracker.faces_in(picture)

    def prepare(self, picture: np.ndarray) -> Avatar:
        """The avatar of a picture, BGR uint8 (H, W, 3). Raises FaceNotFound."""
        face, _ = self.find_face(picture)
        height, width = picture.shape[:2]
        square = Square.around(face.keypoints).within(width, height)
        small, square = framing.cut(picture, square, self._size)
        source = self._model.encode(framing.tensor(small))
        return Avatar(_observation(source.keypoints, square, face), cv2.cvtColor(picture, cv2.COLOR_BGR2BGRA), square,
                      framing.seam(square, width, height), source)

    def observe(self, frame: np.ndarray) -> Optional[Observation]:
        face = self._tracker.observe(frame)
        if face is None:
            self._square = None
            return None
        wanted = Square.around(face.keypoints)
        self._square = wanted if self._square is None else self._square.towards(wanted)
        small, square = framing.cut(frame, self._square, self._size)
        return _observation(self._model.detect(framing.tensor(small)), square, face)

    def forget(self) -> None:
        self._tracker.forget()
        self._square = None

    def animate(self, avatar: Avatar, driving: Optional[Observation], reference: Optional[Observation],
                options: MotionOptions) -> np.ndarray:
        if self._out.shape != avatar.still.shape:
            self._out = np.empty_like(avatar.still)
        np.copyto(self._out, avatar.still)
        keypoints = None if driving is None else _placed(avatar, driving, reference, options)
        if keypoints is not None:
            self._draw(avatar, framing.pixels(self._model.animate(avatar.source, keypoints)))
        return self._out

    def _draw(self, avatar: Avatar, drawn: np.ndarray) -> None:
        """Lays what the network drew over its part of the picture."""
        left, top, side = int(avatar.square.left), int(avatar.square.top), int(avatar.square.side)
        shrinks = side < drawn.shape[0]
        drawn = cv2.resize(drawn, (side, side), interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC)
        part = self._out[top:top + side, left:left + side, :3]
        if avatar.seam.min() < 1:
            drawn = part + avatar.seam * (drawn.astype(np.float32) - part)
        part[:] = drawn


def _observation(keypoints: Keypoints, square: Square, face: Observation) -> Observation:
    """The network's keypoints, K of them, as 3 K points of the picture: each one, then the ends of the arms that its
    jacobian gives it, first all in x and then all in y.

    All that is done to points, such as smoothing them and leading them back to a reference, is so done to jacobians.
    """
    value, jacobian = keypoints.value[0].double().numpy(), keypoints.jacobian[0].double().numpy()
    ends = [value + AXIS * jacobian[:, :, axis] for axis in range(2)]
    points = square.to_pixels(np.concatenate([value, *ends]))
    flat = np.concatenate([points, np.zeros((len(points), 1))], axis=1)
    return Observation(flat.astype(np.float32), face.pose, face.expression, face.frame_size)


def _keypoints(points: np.ndarray) -> Keypoints:
    """Back from points (3 K, 2), in the unit that they are in."""
    value, x, y = np.split(points, 3)
    jacobian = np.stack([x - value, y - value], axis=-1) / AXIS
    return Keypoints(*(torch.from_numpy(each[None].astype(np.float32)) for each in (value, jacobian)))


def _placed(avatar: Avatar, driving: Observation, reference: Optional[Observation],
            options: MotionOptions) -> Optional[Keypoints]:
    """Where the avatar's keypoints go; None where the observations are not of this engine or make no sense."""
    wanted = avatar.observation.keypoints.shape
    observations = [driving] if not options.relative else [driving, reference]
    if any(each is None or each.keypoints.shape != wanted for each in observations):
        return None
    if options.relative:
        # In pixels of the driving frame: the hulls' sizes bring them to the source's unit, jacobians have none.
        moved, initial = (_keypoints(each.keypoints[:, :2].astype(np.float64)) for each in observations)
        placed = transfer(avatar.source.keypoints, moved, initial)
    else:
        placed = _keypoints(avatar.square.from_pixels(_on_canvas(driving, avatar)))
    return placed if all(each.isfinite().all() for each in placed) else None


def _on_canvas(driving: Observation, avatar: Avatar) -> np.ndarray:
    """float64 (3 K, 2): the driver's points with the driving frame scaled to cover the avatar's picture, centred."""
    height, width = avatar.still.shape[:2]
    frame_width, frame_height = driving.frame_size
    scale = max(width / frame_width, height / frame_height)
    centre = np.array([(frame_width - 1) / 2, (frame_height - 1) / 2])
    return (driving.keypoints[:, :2].astype(np.float64) - centre) * scale + ((width - 1) / 2, (height - 1) / 2)

"""The neural painter: moves any picture by any face, drawn by a network that has learned faces from clips of them.

The built-in painter moves what the picture shows; this one also draws what it does not show: teeth, the other cheek, the
wall behind the head. It draws 256 x 256 pixels, so the result is softer.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Callable, Protocol

import cv2
import numpy as np
import torch

from core.shared.settings import NEURAL_ENGINE

from .. import contract
from ..contract import EngineUnavailable, MotionOptions, Observation
from ..see import still
from ..see.tracker import Tracker
from . import devices, framing
from .carry import Drawn, carried
from .checkpoint import PathLike
from .drawer import Drawer
from .fast.loading import FastModel, load
from .framing import Square
from .keypoints import Keypoints
from .model import Drawing, EncodedSource
from .motion_transfer import transfer
from .strength import scaled

SIZE = 256
"""The side of the pictures that the published models were trained with, in pixels."""
AXIS = 0.25
"""The length of the arms by which observations carry jacobians, as a multiple of the jacobian."""


class Model(Protocol):
    """What the painter needs of a model: a FirstOrderMotionModel, or a FastModel from models.fomm.fast.loading."""

    def detect(self, image: torch.Tensor) -> Keypoints: ...

    def encode(self, source: torch.Tensor) -> EncodedSource: ...

    def draw(self, encoded: EncodedSource, keypoints_driving: Keypoints) -> Drawing: ...


@dataclass(frozen=True)
class Avatar:
    """A picture that is ready to be moved; see models.contract.PreparedAvatar."""

    observation: Observation
    """The face in the picture itself, as `FommPainter.read` would return it."""
    still: np.ndarray
    """The picture, opaque, uint8 BGRA (H, W, 4)."""
    square: Square
    """The part of the picture that the network draws."""
    seam: np.ndarray
    """How much of the drawn part shows, float32 (side, side), 0..1."""
    source: EncodedSource
    background: None = None
    """The picture without the person, which the network does not know."""


def open_model(weights: PathLike, portraits: Sequence[np.ndarray], device: str = devices.AUTO,
               report: Callable[[object], None] = lambda _: None) -> FastModel:
    """Return the model on a device (see devices) in its fastest form, which is tried out once and takes minutes then.

    portraits: pictures of faces, BGR (H, W, 3), for the trial. Raises checkpoint.CheckpointError, EngineUnavailable.
    """
    devices.check(device)
    faces = ((portrait, Tracker().observe(portrait)) for portrait in portraits)
    cuts = [framing.cut(portrait, Square.around(face.keypoints), SIZE)[0] for portrait, face in faces if face]
    try:
        return load(weights, pictures=[framing.tensor(each) for each in cuts], report=report,
                    among=None if device == devices.AUTO else lambda candidate: devices.of(candidate) == device)
    except (RuntimeError, MemoryError) as error:
        raise EngineUnavailable(devices.failure("" if device == devices.AUTO else device, error)) from error


class FommPainter:
    """The painter of the neural engine; see models.contract.Painter. Whatever fails on the device raises EngineUnavailable.

    size: the side of the pictures that the model was trained with, in pixels.
    in_between: whether `animate` shows, instead of waiting for the network, the picture that it drew last, carried on to the
    wanted pose (see carry), or the avatar at rest until there is one. Otherwise, every picture is drawn.
    device: the id in `devices` of the device that the model runs on, for messages to the user.
    """

    id = NEURAL_ENGINE
    cuts_out = False

    def __init__(self, model: Model, size: int = SIZE, in_between: bool = False, device: str = "") -> None:
        self._model, self._size, self._device = model, size, device
        self._square: Square | None = None
        self._out = np.empty((0, 0, 4), np.uint8)
        self._drawer = Drawer(lambda source, keypoints: _draw(model, source, keypoints)) if in_between else None

    @property
    def runs(self) -> str:
        """The runtime, device and precision that the trial has chosen; empty for a model that was not tried."""
        result = getattr(self._model, "result", None)
        return str(result.candidate) if result is not None else ""

    @property
    def drawn_per_second(self) -> float:
        """The pictures per second that the network draws with `in_between`; 0 if that is not known yet, or it draws all."""
        seconds = self._drawer.seconds if self._drawer else 0.0
        return 1 / seconds if seconds else 0.0

    def close(self) -> None:
        """End the thread of `in_between`, which also ends with the painter. The painter cannot be used afterwards."""
        if self._drawer:
            self._drawer.close()

    def prepare(self, picture: np.ndarray, face: Observation | None = None, person: np.ndarray | None = None) -> Avatar:
        """Return the prepared avatar; see models.contract.Painter.prepare. `person` is not used. Raises FaceNotFound."""
        picture = np.ascontiguousarray(picture[..., :3])
        face = face or still.find(picture)
        height, width = picture.shape[:2]
        square = Square.around(face.keypoints).within(width, height)
        small, square = framing.cut(picture, square, self._size)
        with self._guarded():
            source = self._model.encode(framing.tensor(small))
        return Avatar(_observation(source.keypoints, square, face), cv2.cvtColor(picture, cv2.COLOR_BGR2BGRA), square,
                      framing.seam(square, width, height), source)

    def before(self, avatar: Avatar, change: Callable[[np.ndarray], np.ndarray]) -> Avatar:
        """Return the same avatar, because the network draws the background with the person."""
        return avatar

    def read(self, face: Observation | None) -> Observation | None:
        """Return the network's keypoints for the driver's face; None if there is no face, no picture, or no sound result."""
        if face is None or face.driver_picture is None:
            self._square = None
            return None
        wanted = Square.around(face.keypoints)
        self._square = wanted if self._square is None else self._square.towards(wanted)
        small, square = framing.cut(face.driver_picture, self._square, self._size)
        with self._guarded():
            seen = _observation(self._model.detect(framing.tensor(small)), square, face)
        # A NaN would never leave the averages that follow: smoothing, the reference.
        return seen if np.isfinite(seen.keypoints).all() else None

    def forget(self) -> None:
        """Cut the next face out afresh, and do not carry on the picture that was drawn last."""
        self._square = None
        if self._drawer:
            self._drawer.forget()

    def animate(self, avatar: Avatar, driving: Observation | None, reference: Observation | None,
                options: MotionOptions) -> contract.Drawn:
        """Return the avatar as `driving` moves it; see models.contract.Painter.animate. The place of the face is not known."""
        if self._out.shape != avatar.still.shape:
            self._out = np.empty_like(avatar.still)
        np.copyto(self._out, avatar.still)
        keypoints = None if driving is None else _placed(avatar, driving, reference, options)
        drawn = None if keypoints is None else self._picture(avatar, keypoints)
        if drawn is not None:
            self._lay_over(avatar, drawn)
        elif self._drawer and keypoints is None:
            self._drawer.forget()  # else it would begin with its old pose when it moves again
        return contract.Drawn(self._out, None)

    def _picture(self, avatar: Avatar, keypoints: Keypoints) -> np.ndarray | None:
        """Return the network's part of the picture, BGR uint8 (size, size, 3), or None if there is none yet."""
        with self._guarded():
            if self._drawer is None:
                return _draw(self._model, avatar.source, keypoints).picture
            drawn = self._drawer.ask(avatar.source, keypoints)
        return None if drawn is None else carried(drawn, keypoints)

    def _lay_over(self, avatar: Avatar, drawn: np.ndarray) -> None:
        """Lay what the network drew over its part of the picture."""
        left, top, side = int(avatar.square.left), int(avatar.square.top), int(avatar.square.side)
        shrinks = side < drawn.shape[0]
        opaque = cv2.cvtColor(drawn, cv2.COLOR_BGR2BGRA)
        opaque = cv2.resize(opaque, (side, side), interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC)
        part = self._out[top:top + side, left:left + side]
        if avatar.seam.min() < 1:
            opaque = cv2.blendLinear(opaque, np.ascontiguousarray(part), avatar.seam, 1 - avatar.seam)
        part[:] = opaque
        part[..., 3] = 255

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        """Raise EngineUnavailable for any error on the device. The inputs are sound, so the device or its runtime is at fault:
        it is out of memory, its driver was updated or lost, or a kernel does not exist for this card."""
        try:
            yield
        except Exception as error:
            raise EngineUnavailable(devices.failure(self._device, error)) from error


def _draw(model: Model, source: EncodedSource, keypoints: Keypoints) -> Drawn:
    drawing = model.draw(source, keypoints)
    return Drawn(source, keypoints, framing.pixels(drawing.picture), drawing.mask[0].float().cpu().numpy())


def _observation(keypoints: Keypoints, square: Square, face: Observation) -> Observation:
    """Return the network's K keypoints as 3 K points of the picture: the keypoints, then the ends of the arms that their
    jacobians give them, first all in x and then all in y.

    Whatever is done to points, such as smoothing them or blending them into a reference, is thus done to jacobians, too.
    """
    value, jacobian = keypoints.value[0].double().numpy(), keypoints.jacobian[0].double().numpy()
    ends = [value + AXIS * jacobian[:, :, axis] for axis in range(2)]
    points = square.to_pixels(np.concatenate([value, *ends]))
    flat = np.concatenate([points, np.zeros((len(points), 1))], axis=1)
    return Observation(flat.astype(np.float32), face.pose, face.expression, face.frame_size, driver=face.driver)


def _keypoints(points: np.ndarray) -> Keypoints:
    """Return the keypoints that an observation's points (3 K, 2) encode, in the unit of the points."""
    value, x, y = np.split(points, 3)
    jacobian = np.stack([x - value, y - value], axis=-1) / AXIS
    return Keypoints(*(torch.from_numpy(each[None].astype(np.float32)) for each in (value, jacobian)))


def _placed(avatar: Avatar, driving: Observation, reference: Observation | None,
            options: MotionOptions) -> Keypoints | None:
    """Return where the avatar's keypoints go, or None if the observations are another engine's or not finite."""
    wanted = avatar.observation.keypoints.shape
    if driving.keypoints.shape != wanted:
        return None
    if options.relative:
        if reference is None or reference.keypoints.shape != wanted:
            return None
        # In pixels of the driving frame: the sizes of the hulls convert points to the source's unit; jacobians have none.
        moved, initial = (each.keypoints[:, :2].astype(np.float64) for each in (driving, reference))
        moved = scaled(moved, initial, options.strengths)
        placed = transfer(avatar.source.keypoints, _keypoints(moved), _keypoints(initial))
    else:
        placed = _keypoints(avatar.square.from_pixels(_on_canvas(driving, avatar)))
    return placed if all(each.isfinite().all() for each in placed) else None


def _on_canvas(driving: Observation, avatar: Avatar) -> np.ndarray:
    """Return the driver's points, float64 (3 K, 2), with the driving frame scaled to cover the avatar's picture, centred."""
    height, width = avatar.still.shape[:2]
    frame_width, frame_height = driving.frame_size
    scale = max(width / frame_width, height / frame_height)
    centre = np.array([(frame_width - 1) / 2, (frame_height - 1) / 2])
    return (driving.keypoints[:, :2].astype(np.float64) - centre) * scale + ((width - 1) / 2, (height - 1) / 2)

"""The neural painter: any picture moved by any face, drawn by a network that has learned faces from clips of them.

Where the built-in painter moves what the picture shows, this one draws what it does not show: teeth, the other cheek,
the wall behind the head. It draws 256 x 256 pixels, so it is softer.
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
"""How long the arms are by which observations carry jacobians, in jacobians."""


class Model(Protocol):
    """FirstOrderMotionModel, or what models.fomm.fast.load gives."""

    def detect(self, image: torch.Tensor) -> Keypoints: ...

    def encode(self, source: torch.Tensor) -> EncodedSource: ...

    def draw(self, encoded: EncodedSource, keypoints_driving: Keypoints) -> Drawing: ...


@dataclass(frozen=True)
class Avatar:
    """A picture, ready to be moved."""

    observation: Observation
    """The face in the picture itself, as `FommPainter.read` would read it."""
    still: np.ndarray
    """uint8 (H, W, 4): the picture, opaque."""
    square: Square
    """The part that the network draws."""
    seam: np.ndarray
    """float32 (side, side): how much of the drawn part shows."""
    source: EncodedSource
    background: None = None
    """The network knows no layers."""


def open_model(weights: PathLike, portraits: Sequence[np.ndarray], device: str = devices.AUTO,
               report: Callable[[object], None] = lambda _: None) -> FastModel:
    """Return the model on a device (see devices), in the way that is fastest there; fast.load tries that out once, for minutes.

    portraits: pictures of faces, BGR (H, W, 3), to try it out with. Raises checkpoint.CheckpointError, EngineUnavailable.
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
    """See models.contract.Painter. Whatever the device does wrong, each step raises EngineUnavailable.

    size: the side of the pictures that the model was trained with.
    in_between: `animate` does not wait for the network. It shows the picture that the network drew last, carried on to the
    pose that is asked for (see carry), and until there is one, the avatar at rest. Without it every picture is drawn.
    device: what the model runs on, by its id in `devices`, for sentences.
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
        """Runtime, device and precision that the trial chose; empty for a model that was not tried."""
        result = getattr(self._model, "result", None)
        return str(result.candidate) if result is not None else ""

    @property
    def drawn_per_second(self) -> float:
        """How many pictures the network draws with `in_between`; the others are carried. 0: not known, or it draws all."""
        seconds = self._drawer.seconds if self._drawer else 0.0
        return 1 / seconds if seconds else 0.0

    def close(self) -> None:
        """End the thread of `in_between`, which also ends when the engine is dropped. The engine cannot be used after."""
        if self._drawer:
            self._drawer.close()

    def prepare(self, picture: np.ndarray, face: Observation | None = None, person: np.ndarray | None = None) -> Avatar:
        """See models.contract.Painter.prepare; the network finds out itself what the person is. Raises FaceNotFound."""
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
        """Return the same avatar: the network draws the wall with the person."""
        return avatar

    def read(self, face: Observation | None) -> Observation | None:
        """Return the network's keypoints around the driver's face, in the picture that it was seen in."""
        if face is None or face.driver_picture is None:
            self._square = None
            return None
        wanted = Square.around(face.keypoints)
        self._square = wanted if self._square is None else self._square.towards(wanted)
        small, square = framing.cut(face.driver_picture, self._square, self._size)
        with self._guarded():
            seen = _observation(self._model.detect(framing.tensor(small)), square, face)
        # One that is no number would never leave the means that come after: smoothing, the reference.
        return seen if np.isfinite(seen.keypoints).all() else None

    def forget(self) -> None:
        """The next face is cut out afresh, and the picture that was drawn last is not carried on."""
        self._square = None
        if self._drawer:
            self._drawer.forget()

    def animate(self, avatar: Avatar, driving: Observation | None, reference: Observation | None,
                options: MotionOptions) -> contract.Drawn:
        """See models.contract.Painter.animate. Where the drawn face is, the network does not tell."""
        if self._out.shape != avatar.still.shape:
            self._out = np.empty_like(avatar.still)
        np.copyto(self._out, avatar.still)
        keypoints = None if driving is None else _placed(avatar, driving, reference, options)
        drawn = None if keypoints is None else self._picture(avatar, keypoints)
        if drawn is not None:
            self._lay_over(avatar, drawn)
        elif self._drawer and keypoints is None:
            self._drawer.forget()  # when it moves again, it does not begin with the pose that it had before
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
        """Around all that runs on the device. What goes in is sound, so whatever goes wrong is the device or its runtime:
        out of memory, a driver that was updated or lost, a kernel that this card has not."""
        try:
            yield
        except Exception as error:
            raise EngineUnavailable(devices.failure(self._device, error)) from error


def _draw(model: Model, source: EncodedSource, keypoints: Keypoints) -> Drawn:
    drawing = model.draw(source, keypoints)
    return Drawn(source, keypoints, framing.pixels(drawing.picture), drawing.mask[0].float().cpu().numpy())


def _observation(keypoints: Keypoints, square: Square, face: Observation) -> Observation:
    """Return the network's keypoints, K of them, as 3 K points of the picture: each one, then the ends of the arms that its
    jacobian gives it, first all in x and then all in y.

    All that is done to points, such as smoothing them and leading them back to a reference, is so done to jacobians.
    """
    value, jacobian = keypoints.value[0].double().numpy(), keypoints.jacobian[0].double().numpy()
    ends = [value + AXIS * jacobian[:, :, axis] for axis in range(2)]
    points = square.to_pixels(np.concatenate([value, *ends]))
    flat = np.concatenate([points, np.zeros((len(points), 1))], axis=1)
    return Observation(flat.astype(np.float32), face.pose, face.expression, face.frame_size, driver=face.driver)


def _keypoints(points: np.ndarray) -> Keypoints:
    """Back from points (3 K, 2), in the unit that they are in."""
    value, x, y = np.split(points, 3)
    jacobian = np.stack([x - value, y - value], axis=-1) / AXIS
    return Keypoints(*(torch.from_numpy(each[None].astype(np.float32)) for each in (value, jacobian)))


def _placed(avatar: Avatar, driving: Observation, reference: Observation | None,
            options: MotionOptions) -> Keypoints | None:
    """Return where the avatar's keypoints go, or None if the observations are not of this engine or make no sense."""
    wanted = avatar.observation.keypoints.shape
    if driving.keypoints.shape != wanted:
        return None
    if options.relative:
        if reference is None or reference.keypoints.shape != wanted:
            return None
        # In pixels of the driving frame: the hulls' sizes bring them to the source's unit, jacobians have none.
        moved, initial = (each.keypoints[:, :2].astype(np.float64) for each in (driving, reference))
        moved = scaled(moved, initial, options.strengths)
        placed = transfer(avatar.source.keypoints, _keypoints(moved), _keypoints(initial))
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

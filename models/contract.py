"""What an engine is: a seer, which sees faces in pictures, and a painter, which draws an avatar as a face moves it.

Pictures are uint8 arrays in OpenCV's and OBS's channel order: BGR (H, W, 3) going in, BGRA with straight alpha
(H, W, 4) coming out. Points are in pixels of their own picture: x right, y down, z away from the viewer, in the same unit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Callable, NamedTuple, Protocol

import numpy as np

from core.shared.errors import UserError

from .strengths import Strengths

BACKDROP = 128
"""The grey level that the colours of transparent pictures are laid over."""


@dataclass(frozen=True)
class Observation:
    """What was seen of a face in one picture."""

    keypoints: np.ndarray
    """float32 (K, 3), pixels of the picture: landmarks, or whatever points a painter reads from them."""
    pose: np.ndarray
    """float32 (3, 3): the head's rotation from facing the viewer, as x right, y down, z away."""
    expression: Mapping[str, float]
    """Named blendshape coefficients, 0..1; empty where nobody asked for them."""
    frame_size: tuple[int, int]
    """(width, height) of the picture in pixels."""
    driver_picture: np.ndarray | None = None
    """The driving frame itself, BGR, for painters that look at more of it than the landmarks; never stored."""
    driver: int = 0
    """Which of the people in the picture this is: another number means another person's face."""


@dataclass(frozen=True)
class MotionOptions:
    """How a driver's motion is taken over."""

    relative: bool = True
    """True: the change from the reference is added to the avatar's own face. False: the driver's own place and shape."""
    mouth: str = "auto"
    """Where the inside of the mouth comes from: "camera", the driver's own; "drawn", of which no pixel is the camera's;
    "auto": the camera's as long as it shows the mouth well."""
    strengths: Strengths = field(default_factory=Strengths)
    """The strengths of relative motion. A painter that knows no parts of a face uses `head` for all of it."""


class FaceNotFound(UserError):
    """The picture shows no face that can be used."""

    def __init__(self, sentence: str, too_small: bool = False) -> None:
        super().__init__(sentence)
        self.too_small = too_small
        """There is a face, but it has too few pixels."""


class EngineUnavailable(UserError):
    """The engine does not run on this computer, or does not any more."""


class Seer(Protocol):
    """Sees faces. One thread at a time may ask it; it may be another than the painter's."""

    def ready(self) -> None:
        """Return once it can see, or raises what makes that impossible."""
        ...

    def find(self, picture: np.ndarray) -> tuple[Observation, int]:
        """Return the largest face in a still picture (BGR, any size), and how many faces there are. Raises FaceNotFound."""
        ...

    def observe(self, frame: np.ndarray) -> Sequence[Observation]:
        """Return the faces in a driving frame (BGR), the one that drives first; empty if none is seen.

        Follows the driver's face from call to call.
        """
        ...

    def see_expressions(self) -> None:
        """From now on observations carry named expression coefficients, which costs a little time for each."""
        ...

    def forget(self) -> None:
        """Drop what is followed from frame to frame: the next frame comes from somewhere else."""
        ...


class PreparedAvatar(Protocol):
    """An avatar as a painter has prepared it: everything about a picture that does not depend on the driver."""

    @property
    def observation(self) -> Observation:
        """The face in the picture itself, as `Painter.read` would read it."""
        ...

    @property
    def background(self) -> np.ndarray | None:
        """The picture without the person, BGRA (H, W, 4) premultiplied by alpha, or None if the painter does not know it."""
        ...


@dataclass(frozen=True)
class DrawnFace:
    """Where the avatar's face is in a drawn picture."""

    points: np.ndarray
    """float (478, 3): the landmarks, in pixels of the drawn picture."""
    pose: np.ndarray
    """float (3, 3): the head's rotation, as in Observation."""


class Drawn(NamedTuple):
    """One drawn picture."""

    picture: np.ndarray
    """uint8 BGRA (H, W, 4), at the size of the avatar's picture. It belongs to the painter, which overwrites it in the next
    call."""
    face: DrawnFace | None
    """Where the face is; None where the painter does not know."""


class Painter(Protocol):
    """Draws avatars. `read` may run in one thread while another runs `animate`; no step may run twice at once.

    `prepare`, `read` and `animate` raise EngineUnavailable where the device has failed (out of memory, a driver that is
    lost): take another engine then. Anything else that they raise is a mistake of ours.
    """

    id: str
    """As settings store it."""
    cuts_out: bool
    """Whether it can draw the avatar before another background."""

    @property
    def runs(self) -> str:
        """How it runs here, in a few words for the user, such as "openvino CPU int8"; empty if there is only one way."""
        ...

    @property
    def drawn_per_second(self) -> float:
        """How many pictures it really draws, where it carries them on in between; else 0."""
        ...

    def prepare(self, picture: np.ndarray, face: Observation | None = None, person: np.ndarray | None = None) -> Any:
        """Return a PreparedAvatar of a picture, computed once.

        picture: BGR (H, W, 3) at output size, or BGRA (H, W, 4), its colours laid over BACKDROP as far as it is transparent.
        face: its landmarks where they are known already, such as those placed by hand. person: float32 (H, W), 0..1, how far
        each pixel shows the person, where that is known; else it is found. Raises FaceNotFound.
        """
        ...

    def before(self, avatar: Any, change: Callable[[np.ndarray], np.ndarray]) -> Any:
        """Return the same avatar before another background; as it is where the painter cannot do that, see `cuts_out`.

        `change` is given the picture's own background, without the person, and returns the one to draw: both BGRA (H, W, 4),
        premultiplied by alpha.
        """
        ...

    def read(self, face: Observation | None) -> Observation | None:
        """Return what this painter takes from the driver's face, in its own keypoints if it has such, or None if it sees none.

        Call it for every driving frame, in order, with None where the seer saw no face.
        """
        ...

    def animate(self, avatar: Any, driving: Observation | None, reference: Observation | None,
                options: MotionOptions) -> Drawn:
        """Return the avatar as `driving` moves it; at rest where that is None, or shows nothing that a face could do.

        driving and reference are what `read` returned; the reference, the driver's neutral face, is needed for relative
        motion only.
        """
        ...

    def forget(self) -> None:
        """Drop what is carried on from frame to frame: the next frame comes from somewhere else."""
        ...


class Engine(NamedTuple):
    """A seer and a painter that go together."""

    seer: Seer
    painter: Painter

    def observe(self, frame: np.ndarray) -> Observation | None:
        """Return the driver's face in a driving frame (BGR), as the painter reads it, or None if none is seen."""
        faces = self.seer.observe(frame)
        return self.painter.read(faces[0] if faces else None)

    def forget(self) -> None:
        """Drop what is followed from frame to frame: the next frame comes from somewhere else."""
        self.seer.forget()
        self.painter.forget()

"""Defines an engine: a seer, which sees faces in pictures, and a painter, which draws an avatar as a face moves it.

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
"""The grey level, 0..255, over which the colours of transparent pictures are laid."""


@dataclass(frozen=True)
class Observation:
    """What was seen of one face in one picture."""

    keypoints: np.ndarray
    """The face's points, float32 (K, 3), in pixels of the picture: the seer's landmarks or a painter's own keypoints."""
    pose: np.ndarray
    """The head's rotation from facing the viewer, float32 (3, 3), with axes x right, y down, z away."""
    expression: Mapping[str, float]
    """The blendshape coefficients by name, 0..1; empty if nobody asked for them."""
    frame_size: tuple[int, int]
    """The (width, height) of the picture in pixels."""
    driver_picture: np.ndarray | None = None
    """The driving frame itself, uint8 BGR (H, W, 3), for painters that need more than landmarks; it is never stored."""
    driver: int = 0
    """The number of the person whose face this is; another number means another person."""


@dataclass(frozen=True)
class MotionOptions:
    """How the driver's motion is transferred to the avatar."""

    relative: bool = True
    """Whether the change from the reference is added to the avatar's face; else, it takes the driver's place and shape."""
    mouth: str = "auto"
    """The origin of the inside of the mouth: "camera" shows the driver's own, "drawn" has no pixel of the camera's, and "auto"
    uses the camera's as long as it shows the mouth well."""
    strengths: Strengths = field(default_factory=Strengths)
    """The strengths of relative motion. A painter that does not tell parts of the face apart uses `head` for all of them."""


class FaceNotFound(UserError):
    """The picture shows no face that can be used; the message is a sentence for the user."""

    def __init__(self, sentence: str, too_small: bool = False) -> None:
        super().__init__(sentence)
        self.too_small = too_small
        """Whether there is a face, but with too few pixels."""


class EngineUnavailable(UserError):
    """The engine does not run on this computer, or no longer does; the message is a sentence for the user."""


class Seer(Protocol):
    """Sees faces. Only one thread at a time may use it, which need not be the painter's."""

    def ready(self) -> None:
        """Return once the seer can see. Raises whatever makes that impossible."""
        ...

    def find(self, picture: np.ndarray) -> tuple[Observation, int]:
        """Return the largest face in a still picture (BGR, any size), and how many faces there are. Raises FaceNotFound."""
        ...

    def observe(self, frame: np.ndarray) -> Sequence[Observation]:
        """Return the faces in a driving frame (BGR), the driver's first; empty if none is seen.

        The driver's face is followed from call to call.
        """
        ...

    def see_expressions(self) -> None:
        """Let observations carry blendshape coefficients from now on, which takes a little more time for each."""
        ...

    def forget(self) -> None:
        """Forget what is followed from frame to frame, because the next frame comes from somewhere else."""
        ...


class PreparedAvatar(Protocol):
    """An avatar as a painter has prepared it: everything about a picture that does not depend on the driver."""

    @property
    def observation(self) -> Observation:
        """The face in the avatar's own picture, as `Painter.read` would return it."""
        ...

    @property
    def background(self) -> np.ndarray | None:
        """The picture without the person, BGRA (H, W, 4) premultiplied by alpha, or None if the painter does not know it."""
        ...


@dataclass(frozen=True)
class DrawnFace:
    """The place of the avatar's face in a drawn picture."""

    points: np.ndarray
    """The landmarks, float (478, 3), in pixels of the drawn picture."""
    pose: np.ndarray
    """The head's rotation, float (3, 3), as in Observation."""


class Drawn(NamedTuple):
    """A drawn picture and what the painter knows of it."""

    picture: np.ndarray
    """The picture, uint8 BGRA (H, W, 4) with straight alpha, of the size of the avatar's. It belongs to the painter, which
    overwrites it in the next call."""
    face: DrawnFace | None
    """The place of the face; None if the painter does not know it."""


class Painter(Protocol):
    """Draws avatars. `read` may run in one thread while another runs `animate`; no method may run twice at once.

    `prepare`, `read` and `animate` raise EngineUnavailable if the device has failed (out of memory, a lost driver); the
    caller then takes another engine. Apart from FaceNotFound, anything else that they raise is a bug.
    """

    id: str
    """The id of the engine, as settings store it."""
    cuts_out: bool
    """Whether the painter can draw the avatar in front of another background."""

    @property
    def runs(self) -> str:
        """How the engine runs, in a few words for the user, such as "openvino CPU int8"; empty if there is only one way."""
        ...

    @property
    def drawn_per_second(self) -> float:
        """The number of pictures per second that are really drawn, if others are carried on in between; else 0."""
        ...

    def prepare(self, picture: np.ndarray, face: Observation | None = None, person: np.ndarray | None = None) -> Any:
        """Return a PreparedAvatar of a picture; this is done once per picture.

        picture: BGR (H, W, 3) at output size, or BGRA (H, W, 4), its colours laid over BACKDROP as far as it is transparent.
        face: its landmarks if they are already known, such as those placed by hand. person: the matte, float32 (H, W), 0..1,
        how far each pixel shows the person; None if it has to be computed. Raises FaceNotFound.
        """
        ...

    def before(self, avatar: Any, change: Callable[[np.ndarray], np.ndarray]) -> Any:
        """Return the same avatar in front of another background, or as it is if the painter cannot do that; see `cuts_out`.

        `change` gets the picture's own background, without the person, and returns the one to draw: both BGRA (H, W, 4),
        premultiplied by alpha.
        """
        ...

    def read(self, face: Observation | None) -> Observation | None:
        """Return the driver's face in the painter's own keypoints, if it has any, or None if it sees no face.

        Call it for every driving frame, in order, with None if the seer saw no face.
        """
        ...

    def animate(self, avatar: Any, driving: Observation | None, reference: Observation | None,
                options: MotionOptions) -> Drawn:
        """Return the avatar as `driving` moves it, or at rest if that is None or shows nothing that a face could do.

        `driving` and `reference` are what `read` returned; the reference, the driver's neutral face, is needed for relative
        motion only.
        """
        ...

    def forget(self) -> None:
        """Forget what is carried on from frame to frame, because the next frame comes from somewhere else."""
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
        """Forget what is kept from frame to frame, because the next frame comes from somewhere else."""
        self.seer.forget()
        self.painter.forget()

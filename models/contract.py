"""What an engine is.

An engine prepares an avatar once, observes a face in every driving frame, and draws the avatar as that face moves it.
Pictures are uint8 arrays in OpenCV's and OBS's channel order: BGR (H, W, 3) going in, BGRA with straight alpha
(H, W, 4) coming out. Points are in pixels of their own picture: x right, y down, z away from the viewer, in the same unit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Callable, Protocol

import numpy as np

from core.shared.errors import UserError

from .strengths import Strengths

BACKDROP = 128
"""The grey that the colours of transparent pictures lie over."""


@dataclass(frozen=True)
class Observation:
    """What was seen of a face in one picture."""

    keypoints: np.ndarray
    """float32 (K, 3), pixels of the picture."""
    pose: np.ndarray
    """float32 (3, 3): the head's rotation from facing the viewer, as x right, y down, z away."""
    expression: Mapping[str, float]
    """Named blendshape coefficients, 0..1; empty where nobody asked for them."""
    frame_size: tuple[int, int]
    """(width, height) of the picture in pixels."""
    driver_picture: np.ndarray | None = None
    """The driving frame itself, BGR, for engines that take the inside of the mouth from it; never stored."""
    driver: int = 0
    """Another number than before: it is another person's face, of several in the picture."""


@dataclass(frozen=True)
class MotionOptions:
    """How a driver's motion is taken over."""

    relative: bool = True
    """True: the change from the reference is added to the avatar's own face. False: the driver's own place and shape."""
    mouth: str = "auto"
    """Where the inside of the mouth comes from: "camera", the driver's own; "drawn", of which no pixel is the camera's;
    "auto": the camera's as long as it shows the mouth well."""
    strengths: Strengths = field(default_factory=Strengths)
    """Of relative motion. An engine that knows no parts of a face uses `head` for all of it."""


class FaceNotFound(UserError):
    """The picture shows no face that the engine can use."""

    def __init__(self, sentence: str, too_small: bool = False) -> None:
        super().__init__(sentence)
        self.too_small = too_small
        """There is a face, but it has too few pixels."""


class EngineUnavailable(UserError):
    """The engine does not run on this computer, or does not any more."""


class Engine(Protocol):
    """The steps of an engine. `observe` may run in one thread while another runs `animate`; no step may run twice at once.

    `prepare`, `observe` and `animate` raise EngineUnavailable where the device has failed (out of memory, a driver that is
    lost): load another engine. Anything else that they raise is a mistake of ours.
    """

    id: str
    title: str
    runs: str
    """How it runs here, in a few words for the user, such as "openvino CPU int8"; empty where there is only one way."""
    drawn_per_second: float
    """How many pictures it really draws, where it carries them on in between; else 0."""
    cuts_out: bool
    """Whether it can draw the avatar before another background."""

    def prepare(self, picture: np.ndarray, face: Observation | None = None, person: np.ndarray | None = None) -> Any:
        """Everything that does not depend on the driver, computed once.

        `picture` is BGR (H, W, 3) at output size, or BGRA (H, W, 4), its colours laid over BACKDROP as far as it is
        transparent. face: where it is known already, such as from landmarks placed by hand. person: float32 (H, W), 0..1, how
        far each pixel shows the person, where that is known; else it is found.
        Returns an avatar for `animate`, with the attributes `observation` and `background`: the picture without the person,
        BGRA (H, W, 4) premultiplied by alpha, or None where the engine does not know it. Raises FaceNotFound.
        """
        ...

    def before(self, avatar: Any, change: Callable[[np.ndarray], np.ndarray]) -> Any:
        """The same avatar before another background.

        `change` is given the picture's own, without the person, and returns the one to draw: both BGRA (H, W, 4),
        premultiplied by alpha. An engine that cannot do it, see `cuts_out`, returns the avatar as it is.
        """
        ...

    def find_face(self, picture: np.ndarray) -> tuple[Observation, int]:
        """The largest face in a still picture (BGR, any size), and how many there are. Raises FaceNotFound."""
        ...

    def observe(self, frame: np.ndarray) -> Observation | None:
        """The face in a driving frame (BGR); None where there is none. Follows the face from call to call."""
        ...

    def see_expressions(self) -> None:
        """From now on observations carry named expression coefficients, which costs a little time for each."""
        ...

    def forget(self) -> None:
        """Drop what is followed from frame to frame: the next frame comes from somewhere else."""
        ...

    def animate(self, avatar: Any, driving: Observation | None, reference: Observation | None,
                options: MotionOptions) -> np.ndarray:
        """The avatar as `driving` moves it, BGRA (H, W, 4) at the size of its picture; at rest where driving is None.

        `reference` is the driver's neutral observation; it is needed for relative motion only. The array belongs to the
        engine and is overwritten by the next call.
        """
        ...

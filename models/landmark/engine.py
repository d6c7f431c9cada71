"""The built-in engine: a still picture moved by tracked face landmarks, on any processor and without a download.

It resamples the picture itself, so it stays as sharp as the picture is; it invents only what the picture cannot show:
eyeballs behind lids, the inside of the mouth, the background behind the head.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional

import cv2
import numpy as np

from ..engine import FaceNotFound, MotionOptions, Observation
from . import eyeball, eyes, layers, lids, matte, mesh, mouth, raster, retarget
from .imaging import bounds
from .measures import face_height
from .motion import Reference
from .topology import LANDMARKS
from .tracker import Tracker

LEAST_FACE = 24
"""A face of fewer pixels, forehead to chin, is too coarse for its landmarks to be told apart."""
FACE_MARGIN = 8
"""Pixels around the face that are smoothed with it."""
FAR_OUT = 8.0
"""Landmarks further out than this many picture sides are no face's; they are held there."""


@dataclass(frozen=True)
class Avatar:
    """A picture, ready to be moved. Drawing it changes nothing but the lids in `layers.foreground`."""

    observation: Observation
    """The face in the picture itself."""
    still: np.ndarray
    """uint8 (H, W, 4): the picture, opaque."""
    face: retarget.AvatarFace
    layers: layers.Layers
    mesh: mesh.Mesh
    eyes: list[eyeball.EyeParts | None]
    lids: list[lids.LidPatch | None]
    mouth: mouth.Mouth


class LandmarkEngine:
    """See models.engine.Engine."""

    id = "landmark"
    title = "Landmarks"

    def __init__(self) -> None:
        self._tracker = Tracker()
        self._raster: Optional[raster.Raster] = None
        self._out = np.empty((0, 0, 4), np.uint8)
        self._reference: Optional[Reference] = None
        self._reference_of: Optional[Observation] = None
        raster.warm_up()

    def find_face(self, picture: np.ndarray) -> tuple[Observation, int]:
        """The largest face in a still picture, and how many there are. Raises FaceNotFound."""
        tracker = Tracker()
        return _face_in(picture, tracker), tracker.faces_in(picture)

    def prepare(self, picture: np.ndarray) -> Avatar:
        """The avatar of a picture, BGR uint8 (H, W, 3). Raises FaceNotFound."""
        observation = _face_in(picture, Tracker())
        if face_height(observation.keypoints) < LEAST_FACE:
            raise FaceNotFound("The face in the picture is too small. Choose a picture that shows it larger.")
        return build(picture, observation)

    def observe(self, frame: np.ndarray) -> Optional[Observation]:
        return self._tracker.observe(frame)

    def forget(self) -> None:
        self._tracker.forget()

    def animate(self, avatar: Avatar, driving: Optional[Observation], reference: Optional[Observation],
                options: MotionOptions) -> np.ndarray:
        height, width = avatar.still.shape[:2]
        if self._out.shape[:2] != (height, width):
            self._out = np.empty((height, width, 4), np.uint8)
            self._raster = raster.Raster(width, height)
        placement = None if driving is None else self._placement(avatar, driving, reference, options)
        if placement is None:
            np.copyto(self._out, avatar.still)
        else:
            self._draw(avatar, placement, driving)
        return self._out

    def _placement(self, avatar: Avatar, driving: Observation, reference: Optional[Observation],
                   options: MotionOptions) -> Optional[retarget.Placement]:
        """Where the face goes; None for an observation, or a reference, that no face can be made of."""
        try:
            if not options.relative:
                return retarget.absolute(avatar.face, _on_canvas(driving, avatar))
            if reference is None:
                return None
            return retarget.relative(avatar.face, self._reference_for(reference), _usable_points(driving))
        except np.linalg.LinAlgError:
            return None

    def _reference_for(self, observation: Observation) -> Reference:
        """What depends on the reference only, computed when another one comes."""
        if self._reference is None or self._reference_of is not observation:
            self._reference = Reference.of(_usable_points(observation), observation.pose.astype(np.float64))
            self._reference_of = observation
        return self._reference

    def _draw(self, avatar: Avatar, placement: retarget.Placement, driving: Observation) -> None:
        closing = eyes.closing(avatar.eyes, placement)
        source = avatar.mesh.textured(closing)
        lids.paint(avatar.layers.foreground, avatar.lids, closing)
        self._raster.draw(avatar.mesh.place(avatar.face, placement), source, avatar.mesh.triangles,
                          avatar.layers.foreground, avatar.layers.background, self._out, self._face_box(placement))
        eyes.draw(self._out, avatar.eyes, avatar.face, placement)
        mouth.draw(self._out, avatar.mouth, avatar.face, placement, driving)

    def _face_box(self, placement: retarget.Placement) -> tuple[int, int, int, int]:
        """(left, top, right, bottom) of the face, with a margin: the only part that folds over itself."""
        height, width = self._out.shape[:2]
        return bounds(placement.points[:, :2], FACE_MARGIN, width, height)


def _face_in(picture: np.ndarray, tracker: Tracker) -> Observation:
    observation = tracker.observe(picture)
    if observation is None:
        raise FaceNotFound("No face was found in the picture. Choose one that shows a face from the front.")
    return observation


def build(picture: np.ndarray, observation: Observation) -> Avatar:
    """The avatar of a picture, BGR uint8 (H, W, 3), in which that face was observed."""
    face = retarget.AvatarFace.of(observation)
    parts = layers.separate(picture, matte.person(picture, face.points), face.points)
    eye_parts = eyeball.take_apart(picture, face)
    return Avatar(observation, cv2.cvtColor(picture, cv2.COLOR_BGR2BGRA), face, parts, mesh.build(face, parts),
                  eye_parts, lids.patches(parts, face, eye_parts), mouth.study(picture, face))


def _usable_points(observation: Observation) -> np.ndarray:
    """float64 (478, 3): the landmarks, held near the picture. Raises numpy.linalg.LinAlgError for those of no face."""
    points = observation.keypoints.astype(np.float64)
    finite = np.isfinite(points).all() and np.isfinite(observation.pose).all()
    if points.shape != (LANDMARKS, 3) or not finite:
        raise np.linalg.LinAlgError("the observation holds no face")
    far = FAR_OUT * max(observation.frame_size)
    return np.clip(points, -far, far)


def _on_canvas(driving: Observation, avatar: Avatar) -> np.ndarray:
    """float64 (478, 3): the driver's landmarks with the driving frame scaled to cover the avatar's picture, centred."""
    height, width = avatar.still.shape[:2]
    frame_width, frame_height = driving.frame_size
    scale = max(width / frame_width, height / frame_height)
    centre = np.array([(frame_width - 1) / 2, (frame_height - 1) / 2, 0.0])
    return (_usable_points(driving) - centre) * scale + ((width - 1) / 2, (height - 1) / 2, 0.0)

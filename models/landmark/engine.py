"""The built-in engine: a still picture moved by tracked face landmarks, on any processor and without a download.

It resamples the picture itself, so it stays as sharp as the picture is; it invents only what the picture cannot show:
eyeballs behind lids, the inside of the mouth, the background behind the head.
"""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Callable

import cv2
import numpy as np

from core.shared import places

from ..contract import MotionOptions, Observation
from ..cut.imaging import bounds
from ..face.pose import head_rotation, misfit
from ..face.topology import LANDMARKS
from ..see import still
from ..see.tracker import Tracker
from .avatar import Avatar, build, packed, packed_observation, straight, unpacked, unpacked_observation
from .cache import Cache
from .draw import eyes, lids, mouth
from .draw.mouth_source import Look
from .move import retarget
from .move.avatar_face import Placement
from .move.motion import Reference

if TYPE_CHECKING:
    from .draw import raster

FACE_MARGIN = 8
"""Pixels around the face that are smoothed with it."""
NO_FACE = 0.20
"""Landmarks with a larger pose.misfit are scattered over something that is no face. Real faces reach 0.13, cartoons and
faces half behind a hand 0.15; drawing a picture torn to such landmarks would take longer than a second, too."""
FAR_OUT = 8.0
"""Landmarks further out than this many picture sides are no face's; they are held there."""


class LandmarkEngine:
    """See models.contract.Engine."""

    id = "landmark"
    title = "Landmarks"
    runs = ""
    drawn_per_second = 0.0
    cuts_out = True

    def __init__(self, cache_folder: Path | None = None, cached: bool = True) -> None:
        """cache_folder: where prepared avatars are kept, None for the platform's own place; `cached` False for nowhere."""
        self._cache = Cache(cache_folder or places.user_cache() / "landmark") if cached else None
        self._raster: raster.Raster | None = None
        self._out = np.empty((0, 0, 4), np.uint8)
        self._reference: Reference | None = None
        self._reference_of: Observation | None = None
        self._look = Look()
        # What takes time and no picture goes on beside the reading of the picture; `prepare` waits for it.
        helper = ThreadPoolExecutor(1, "landmark-engine")
        self._tracker = helper.submit(Tracker)
        self._ready = helper.submit(_compiled)
        helper.shutdown(wait=False)

    def find_face(self, picture: np.ndarray) -> tuple[Observation, int]:
        """The largest face in a still picture, and how many there are. Raises FaceNotFound."""
        kept = self._cache.load("face", picture) if self._cache else None
        if kept is not None and {"keypoints", "pose", "frame_size", "faces"} <= kept.keys():
            return unpacked_observation(kept), int(kept["faces"])
        face, faces = still.find(picture), max(1, Tracker().faces_in(picture))
        if self._cache:
            self._cache.store("face", picture, {**packed_observation(face), "faces": np.array(faces)})
        return face, faces

    def prepare(self, picture: np.ndarray, face: Observation | None = None,
                person: np.ndarray | None = None) -> Avatar:
        """See models.contract.Engine.prepare. Raises FaceNotFound."""
        kind = "avatar" + _fingerprint(None if face is None else face.keypoints, person)
        avatar = self._kept(kind, picture)
        if avatar is None:
            seen = face or still.find(np.ascontiguousarray(picture[..., :3]))
            avatar = build(picture, still.large_enough(seen), person)
            if self._cache:
                self._cache.store(kind, picture, packed(avatar))
        # If the models or the compiler are damaged, it is said now, not when the first frame comes.
        self._tracker.result()
        self._ready.result()
        return avatar

    def before(self, avatar: Avatar, change: Callable[[np.ndarray], np.ndarray]) -> Avatar:
        return avatar.before(change)

    def _kept(self, kind: str, picture: np.ndarray) -> Avatar | None:
        """The avatar as it was prepared before; None if it was not, or if what was kept makes no avatar."""
        kept = self._cache.load(kind, picture) if self._cache else None
        if kept is None:
            return None
        try:
            return unpacked(picture, kept)
        except (KeyError, ValueError, TypeError, IndexError):
            return None

    def observe(self, frame: np.ndarray) -> Observation | None:
        tracker = self._tracker.result()
        observation = tracker.observe(frame)
        if observation is not None and misfit(observation.keypoints) > NO_FACE:
            tracker.forget()  # what is followed is a hand or a pattern: look for a face again
            return None
        return observation

    def see_expressions(self) -> None:
        self._tracker.result().see_expressions()

    def forget(self) -> None:
        self._tracker.result().forget()
        self._look = Look()

    def animate(self, avatar: Avatar, driving: Observation | None, reference: Observation | None,
                options: MotionOptions) -> np.ndarray:
        height, width = avatar.still.shape[:2]
        if self._out.shape[:2] != (height, width):
            self._out = np.empty((height, width, 4), np.uint8)
            self._raster = self._ready.result().Raster(width, height)
        placement = None if driving is None else self._placement(avatar, driving, reference, options)
        if placement is None:
            np.copyto(self._out, avatar.still)
        else:
            self._draw(avatar, placement, driving, options)
        return self._out

    def _placement(self, avatar: Avatar, driving: Observation, reference: Observation | None,
                   options: MotionOptions) -> Placement | None:
        """Where the face goes; None for an observation, or a reference, that no face can be made of."""
        try:
            if not options.relative:
                return retarget.absolute(avatar.face, *_on_canvas(driving, avatar))
            if reference is None:
                return None
            return retarget.relative(avatar.face, self._reference_for(reference), *_usable(driving), options.strengths)
        except np.linalg.LinAlgError:
            return None

    def _reference_for(self, observation: Observation) -> Reference:
        """What depends on the reference only, computed when another one comes."""
        if self._reference is None or self._reference_of is not observation:
            self._reference = Reference.of(*_usable(observation))
            self._reference_of = observation
        return self._reference

    def _draw(self, avatar: Avatar, placement: Placement, driving: Observation,
              options: MotionOptions) -> None:
        closing = eyes.closing(avatar.eyes, placement)
        source = avatar.mesh.textured(closing)
        lids.paint(avatar.layers.foreground, avatar.lids, closing)
        self._raster.draw(avatar.mesh.place(avatar.face, placement), source, avatar.mesh.triangles,
                          avatar.layers.foreground, avatar.layers.background, self._out, self._face_box(placement))
        eyes.draw(self._out, avatar.eyes, avatar.face, placement)
        mouth.draw(self._out, avatar.mouth, avatar.face, placement, driving, self._look, options.mouth)
        if not avatar.opaque:
            straight(self._out)

    def _face_box(self, placement: Placement) -> tuple[int, int, int, int]:
        """(left, top, right, bottom) of the face, with a margin: the only part that folds over itself."""
        height, width = self._out.shape[:2]
        return bounds(placement.points[:, :2], FACE_MARGIN, width, height)


def _compiled():
    """The rasteriser's module, compiled. Not imported before: Numba takes longer to start than all the rest."""
    from .draw import raster
    raster.warm_up()
    for there_or_back in cv2.COLOR_BGR2LAB, cv2.COLOR_LAB2BGR:  # OpenCV fills its tables at the first use: 80 ms
        cv2.cvtColor(np.zeros((1, 1, 3), np.float32), there_or_back)
    return raster


def _fingerprint(*given: np.ndarray | None) -> str:
    """Tells avatars of one picture apart that were prepared with other landmarks or another matte; empty without any."""
    digest = hashlib.sha256()
    for part in given:
        digest.update(b"-" if part is None else np.ascontiguousarray(part).tobytes())
    return "" if all(part is None for part in given) else "-" + digest.hexdigest()[:16]


def _usable(observation: Observation) -> tuple[np.ndarray, np.ndarray]:
    """float64 (478, 3), the landmarks, held near the picture, and (3, 3), the head's rotation that goes with them.

    The rotation is told from the landmarks again: they are smoothed, the observation's pose is not.
    Raises numpy.linalg.LinAlgError for landmarks of no face.
    """
    points = observation.keypoints.astype(np.float64)
    if points.shape != (LANDMARKS, 3) or not np.isfinite(points).all():
        raise np.linalg.LinAlgError("the observation holds no face")
    if not misfit(points) <= NO_FACE:
        raise np.linalg.LinAlgError("the landmarks are those of no face")
    far = FAR_OUT * max(observation.frame_size)
    points = np.clip(points, -far, far)
    return points, head_rotation(points, observation.frame_size).astype(np.float64)


def _on_canvas(driving: Observation, avatar: Avatar) -> tuple[np.ndarray, np.ndarray]:
    """The same with the landmarks where the driving frame, scaled to cover the avatar's picture and centred, has them."""
    height, width = avatar.still.shape[:2]
    frame_width, frame_height = driving.frame_size
    scale = max(width / frame_width, height / frame_height)
    centre = np.array([(frame_width - 1) / 2, (frame_height - 1) / 2, 0.0])
    points, rotation = _usable(driving)
    return (points - centre) * scale + ((width - 1) / 2, (height - 1) / 2, 0.0), rotation

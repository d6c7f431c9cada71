"""Following one face from frame to frame.

Source: MediaPipe's FaceLandmarkerGraph: a face is detected once, then each frame's landmarks tell where it is in the next.
Its smoothing of landmarks is left out: observations are smoothed later, for all engines alike.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil, hypot

import cv2
import numpy as np

from ..contract import Observation
from ..face.pose import head_rotation
from ..shipped import bundle
from .blendshapes import BlendshapeModel
from .bystanders import Bystanders
from .detector import SAME_FACE, FaceDetector, overlap
from .landmarks import LandmarkDetector, Landmarks
from .region import Region

MIN_PRESENCE = 0.5
"""Presence, 0..1, below which landmarks are not a face's: MediaPipe's min_face_presence_confidence."""
LONGEST_SIDE = 8192
"""Pixels of the longer side beyond which pictures are reduced first: OpenCV cannot cut from pictures of more than 32767
pixels a side, and no face needs that many."""
ROOM = 1.6
"""Side of the view for very large faces, in long sides of the picture: a face that fills the picture fills 60 % of it."""
SMALLEST_PART = 200
"""Pixels of the side below which parts of a picture are not searched: faces in them would be some 20 pixels wide."""
PART_SCORE = 0.7
"""Least score of a face in a part of a picture. Close up, the detector takes ears and folds for faces, with scores of 0.5
to 0.67, and the landmark model agrees."""


class Tracker:
    """Follows one face from frame to frame. Not safe to call from several threads at once."""

    def __init__(self, threads: int = 1, expression: bool = False) -> None:
        """Load the models. Raises bundle.DamagedModel.

        threads: of the detector and of the landmark model. One is best on a busy computer; a second saves two of six
        milliseconds where a core is idle, and always costs a third more processor time.
        expression: whether observations carry the 52 blendshape coefficients.
        """
        models = bundle.FaceBundle()
        self._detector = FaceDetector(models.interpreter(bundle.FACE_DETECTOR, threads))
        self._landmarks = LandmarkDetector(models.interpreter(bundle.FACE_LANDMARKS, threads))
        self._blendshapes = BlendshapeModel(models.interpreter(bundle.FACE_BLENDSHAPES)) if expression else None
        self._region: Region | None = None
        self._searched = 0  # frames searched since the first one or forget()
        self._bystanders = Bystanders()
        self._driver = 0

    def see_expressions(self) -> None:
        """From now on observations carry the 52 blendshape coefficients."""
        if self._blendshapes is None:
            self._blendshapes = BlendshapeModel(bundle.FaceBundle().interpreter(bundle.FACE_BLENDSHAPES))

    def observe(self, frame: np.ndarray) -> Observation | None:
        """Return the face in `frame`, BGR (H, W, 3): the largest while none is followed yet, or None if there is none.

        Among several faces it stays the same one from frame to frame, unless it is away for too long.
        """
        height, width = frame.shape[:2]
        picture, scale = _reduced(frame)
        face = self._follow(picture)
        face = self._not_taken_for_another(picture, face) if face else self._search(picture)
        self._region = face.region() if face else None
        if face is None:
            return None
        points = face.points / np.float32(scale)
        return Observation(
            keypoints=points,
            pose=head_rotation(points, (width, height)),
            expression=self._blendshapes.coefficients(points) if self._blendshapes else {},
            frame_size=(width, height),
            driver_picture=frame,
            driver=self._driver,
        )

    def forget(self) -> None:
        """Start afresh, for a next frame that does not continue the last one."""
        self._region = None
        self._searched = 0
        self._bystanders = Bystanders()

    def faces_in(self, picture: np.ndarray) -> int:
        """Return how many faces, large and small, a still picture, BGR (H, W, 3), shows. Follows none of them."""
        picture, _ = _reduced(picture)
        found: list[Landmarks] = []
        for view in _views(picture):
            for face in self._faces(picture, view):
                if not any(_same(face, other) for other in found):
                    found.append(face)
        return len(found)

    def _follow(self, picture: np.ndarray) -> Landmarks | None:
        if self._region is None:
            return None
        face = self._landmarks.landmarks(picture, self._region)
        return face if face.presence >= MIN_PRESENCE else None

    def _not_taken_for_another(self, picture: np.ndarray, face: Landmarks) -> Landmarks:
        """Return the followed face or, where the tracker has slipped from the driver's face to it, the driver's."""
        if not self._bystanders.wants_detection():
            return face
        height, width = picture.shape[:2]
        followed = face.region()
        faces = [each.region(width, height) for each in self._detector.faces(picture, _views(picture)[0])]
        candidate = self._bystanders.see(picture, followed, faces)
        if candidate is None:
            return face
        other = self._landmarks.landmarks(picture, candidate)
        if other.presence >= MIN_PRESENCE and self._bystanders.resembles_driver_more(picture, other.region(), followed):
            return other
        return face

    def _search(self, picture: np.ndarray) -> Landmarks | None:
        """Return the largest face of the first view that shows one; for a while, only one not known as somebody else's."""
        views = _views(picture)
        if self._searched:
            # Searching every view of every frame would cost far more than following a face, so while nobody is there the
            # frames share out all views but the first.
            views = [views[0], views[1 + self._searched % (len(views) - 1)]]
        self._searched += 1
        self._bystanders.miss()
        for view in views:
            if not self._bystanders.others:  # the first will do; the others are not even looked for
                first = next(self._faces(picture, view), None)
                if first is not None:
                    return first
                continue
            faces = list(self._faces(picture, view))
            for face in self._bystanders.strangers(faces):
                return face
            if faces and not self._bystanders.waits:
                self._bystanders = Bystanders()
                self._driver += 1
                return faces[0]
        return None

    def _faces(self, picture: np.ndarray, view: Region) -> Iterator[Landmarks]:
        """Yield the faces in a view of the picture, largest first: those detections that the landmark model confirms."""
        height, width = picture.shape[:2]
        least = PART_SCORE if view.side < max(width, height) else 0
        regions = [face.region(width, height) for face in self._detector.faces(picture, view) if face.score >= least]
        for region in sorted(regions, key=lambda region: -region.side):
            face = self._landmarks.landmarks(picture, region)
            if face.presence >= MIN_PRESENCE:
                yield face


def _reduced(picture: np.ndarray) -> tuple[np.ndarray, float]:
    """Return the picture with sides of at most LONGEST_SIDE, and the factor, up to 1, that it was scaled by."""
    height, width = picture.shape[:2]
    scale = LONGEST_SIDE / max(height, width)
    if scale >= 1:
        return picture, 1.0
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return cv2.resize(picture, size, interpolation=cv2.INTER_AREA), scale


def _views(picture: np.ndarray) -> list[Region]:
    """Squares to search for faces, in order.

    First all of the picture, as in MediaPipe; then the same with room around it, for a face that fills it; then overlapping
    parts, for faces far away, from the middle outwards. The detector sees 128 x 128 pixels, whatever it is shown, and finds
    faces neither much smaller than a tenth of that nor as large as all of it.
    """
    height, width = picture.shape[:2]
    x, y, side = width / 2, height / 2, max(width, height)
    views = [Region(x, y, side), Region(x, y, side * ROOM)]
    for part in side / 2, side / 4:
        if part >= SMALLEST_PART:
            parts = [Region(across, down, part) for across in _centers(width, part) for down in _centers(height, part)]
            views += sorted(parts, key=lambda region: hypot(region.center_x - x, region.center_y - y))
    return views


def _centers(length: float, part: float) -> np.ndarray:
    """Return the centres of parts that cover `length` and overlap by at least half a part."""
    if part >= length:
        return np.array([length / 2])
    return np.linspace(part / 2, length - part / 2, 1 + ceil((length - part) / (part / 2)))


def _same(face: Landmarks, other: Landmarks) -> bool:
    """Return whether two faces, found in different views, are one."""
    low, high = face.points[:, :2].min(axis=0), face.points[:, :2].max(axis=0)
    lows, highs = other.points[None, :, :2].min(axis=1), other.points[None, :, :2].max(axis=1)
    return bool(overlap(low, high, lows, highs)[0] > SAME_FACE)

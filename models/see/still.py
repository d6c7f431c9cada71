"""Finding the face in a still picture: photographs, paintings, drawings, statues.

A camera follows up a frame without a face with another; of a picture there is only one. So where the tracker sees nothing,
it looks again at the picture with other contrasts, and rotated. The landmarks returned are always those of the picture itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import cv2
import numpy as np

from core.shared.texts import text

from ..contract import FaceNotFound, Observation
from ..face.measures import face_height
from ..face.pose import head_rotation, misfit
from .tracker import Tracker

PASSES = 3
"""How often the landmarks of a still picture are computed, each time in the region that the ones before give. The detector
tells the region only roughly, and the first landmarks are up to a pixel in 256 from where they settle."""
TURNS = (20, -20, 40, -40, 90, -90, 180)
"""Degrees by which a picture is rotated: heads lie on cushions, and pictures on their side."""
SEARCHED_SIDE = 1024
"""Pixels of the longer side of a picture that is searched again: faces that need more are too small for an avatar."""
LOOKS_LIKE_NO_FACE = 0.16
"""A pose.misfit beyond which landmarks that were found in an altered picture are a pattern's. Real faces stay below 0.13."""
LEAST_FACE = 24
"""Least height of a face in pixels, forehead to chin, for its landmarks to be told apart."""


def find(picture: np.ndarray) -> Observation:
    """Return the largest face in a picture, BGR uint8 (H, W, 3). Raises FaceNotFound if there is none."""
    tracker = Tracker()
    face = _settled(tracker, picture)
    for altered, back in _altered(picture) if face is None else ():
        tracker.forget()
        seen = tracker.observe(altered)
        if seen is not None and misfit(seen.keypoints) < LOOKS_LIKE_NO_FACE:
            face = _put_back(seen, back, picture)
            break
    if face is None:
        raise FaceNotFound(text("Picture.NoFace"))
    return replace(face, driver_picture=None)


def _settled(tracker: Tracker, picture: np.ndarray) -> Observation | None:
    """Return the largest face with landmarks that have settled, or None if there is none."""
    face = tracker.observe(picture)
    for _ in range(PASSES - 1 if face is not None else 0):
        face = tracker.observe(picture) or face
    return face


def large_enough(face: Observation) -> Observation:
    """Return the face itself. Raises FaceNotFound if it has too few pixels."""
    if face_height(face.keypoints) < LEAST_FACE:
        raise FaceNotFound(text("Picture.FaceTooSmall"), too_small=True)
    return face


def _altered(picture: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Altered versions of a picture, each with the affine map (2, 3) that takes its points back to the picture."""
    height, width = picture.shape[:2]
    scale = min(1.0, SEARCHED_SIDE / max(height, width))
    small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else picture
    back = np.array([[1 / scale, 0, 0], [0, 1 / scale, 0]])
    for contrast in _contrasts(small):
        yield contrast, back
    even = _evened(small)
    for degrees in TURNS:
        for version in small, even:
            turned, matrix = _turned(version, degrees)
            yield turned, matrix / scale


def _contrasts(picture: np.ndarray) -> Iterator[np.ndarray]:
    """Yield the picture with even contrast, brighter, darker, grey, and blurred to be without brush strokes or screen dots."""
    yield _evened(picture)
    for gamma in 0.5, 2.0:
        yield cv2.LUT(picture, np.rint(255 * (np.arange(256) / 255) ** gamma).astype(np.uint8))
    grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
    yield cv2.cvtColor(cv2.normalize(grey, grey, 0, 255, cv2.NORM_MINMAX), cv2.COLOR_GRAY2BGR)
    side = max(picture.shape[:2])
    for softness in 0.004, 0.01:
        yield cv2.GaussianBlur(picture, (0, 0), max(0.8, softness * side))


def _evened(picture: np.ndarray) -> np.ndarray:
    """Return the picture with the same local contrast in dark and in pale parts (CLAHE)."""
    lab = cv2.cvtColor(picture, cv2.COLOR_BGR2LAB)
    lab[..., 0] = cv2.createCLAHE(3.0, (8, 8)).apply(lab[..., 0])
    return cv2.cvtColor(lab, cv2.COLOR_LAB2BGR)


def _turned(picture: np.ndarray, degrees: float) -> tuple[np.ndarray, np.ndarray]:
    """All of a picture rotated about its middle, and the affine map (2, 3) that takes its points back."""
    height, width = picture.shape[:2]
    matrix = cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), degrees, 1)
    cos, sin = abs(matrix[0, 0]), abs(matrix[0, 1])
    size = round(width * cos + height * sin), round(width * sin + height * cos)
    matrix[:, 2] += (size[0] - width) / 2, (size[1] - height) / 2
    return (cv2.warpAffine(picture, matrix, size, borderMode=cv2.BORDER_REPLICATE),
            cv2.invertAffineTransform(matrix))


def _put_back(seen: Observation, matrix: np.ndarray, picture: np.ndarray) -> Observation:
    """Return the face of an altered picture, taken back to the picture itself by an affine map (2, 3)."""
    height, width = picture.shape[:2]
    points = seen.keypoints.astype(np.float64)
    points[:, :2] = points[:, :2] @ matrix[:, :2].T + matrix[:, 2]
    points[:, 2] *= float(np.sqrt(abs(np.linalg.det(matrix[:, :2]))))
    points = points.astype(np.float32)
    return Observation(points, head_rotation(points, (width, height)), seen.expression, (width, height))

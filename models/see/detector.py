"""Finding faces in a picture: BlazeFace, short range.

Source: MediaPipe's FaceDetectorGraph (SsdAnchorsCalculator, TensorsToDetectionsCalculator,
NonMaxSuppressionCalculator).
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from ai_edge_litert.interpreter import Interpreter

from .region import Region, around

SIZE = 128
"""Side of the model's input in pixels."""
GRIDS = ((16, 2), (8, 6))
"""The model's anchors, in the order of its outputs: a grid of 16 x 16 cells with two anchors each, one of 8 x 8 with six."""
MIN_LOGIT = 0.0
"""Logit below which an anchor holds no face: a score of 0.5, MediaPipe's min_detection_confidence."""
SAME_FACE = 0.5
"""Intersection over union beyond which two boxes are one face: MediaPipe's min_suppression_threshold."""
EYE_LEFT, EYE_RIGHT = 0, 1
"""The eyes among the six keypoints, left and right on the screen; nose tip, mouth and ears follow and are not used."""


@dataclass(frozen=True)
class DetectedFace:
    """A box with six keypoints, in fractions of the picture's width and height; a face at the border may reach beyond 0..1."""

    score: float
    """How certain the detector is, 0.5..1."""
    low: np.ndarray
    """float32 (2,): left, top."""
    high: np.ndarray
    """float32 (2,): right, bottom."""
    keypoints: np.ndarray
    """float32 (6, 2): eyes, nose tip, mouth, ears."""

    def region(self, width: int, height: int) -> Region:
        """Return where to look for the landmarks of this face, in pixels of a picture of that size."""
        scale = np.array([width, height], np.float32)
        return around(self.low * scale, self.high * scale,
                      self.keypoints[EYE_LEFT] * scale, self.keypoints[EYE_RIGHT] * scale)


class FaceDetector:
    """Runs BlazeFace."""

    def __init__(self, interpreter: Interpreter) -> None:
        """`interpreter` runs bundle.FACE_DETECTOR."""
        self._interpreter = interpreter
        self._input = interpreter.tensor(interpreter.get_input_details()[0]["index"])
        outputs = {output["name"]: output["index"] for output in interpreter.get_output_details()}
        self._boxes, self._scores = outputs["regressors"], outputs["classificators"]
        self._anchors = _anchors()
        self._cutout = np.empty((SIZE, SIZE, 3), np.uint8)

    def faces(self, picture: np.ndarray, view: Region) -> list[DetectedFace]:
        """Return the faces in the square `view` of `picture` (BGR), most certain first.

        Finds faces of roughly a tenth to nine tenths of the view. What lies beyond the picture is black.
        """
        view.cut(picture, self._cutout, cv2.BORDER_CONSTANT)
        # The model takes -1..1. No view of the tensor may outlive this statement: LiteRT refuses to run while one is held.
        np.subtract(self._cutout * np.float32(2 / 255), 1, out=self._input()[0])
        self._interpreter.invoke()

        logits = self._interpreter.get_tensor(self._scores)[0, :, 0]
        likely = np.flatnonzero(logits >= MIN_LOGIT)
        scores = 1 / (1 + np.exp(-logits[likely]))
        boxes = self._interpreter.get_tensor(self._boxes)[0, likely].reshape(-1, 8, 2)

        # Each anchor predicts eight points in pixels of the cutout: centre, size, six keypoints. All but the size are
        # relative to the centre of the anchor's cell.
        center, half = boxes[:, :1] + self._anchors[likely], boxes[:, 1:2] / 2
        points = np.concatenate([center - half, center + half, boxes[:, 2:] + self._anchors[likely]], axis=1)
        to_picture = view.to_picture(SIZE)
        points = points @ to_picture[:, :2].T + to_picture[:, 2]
        height, width = picture.shape[:2]
        points = (points / [width, height]).astype(np.float32)

        real = (half > 0).all(axis=(1, 2))
        return _merged(points[real], scores[real])


def _anchors() -> np.ndarray:
    """float32 (896, 1, 2): the centre of each anchor's cell, in pixels of the cutout."""
    centers = []
    for cells, anchors in GRIDS:
        middle = (np.arange(cells, dtype=np.float32) + 0.5) * (SIZE / cells)
        x, y = np.meshgrid(middle, middle)
        centers.append(np.repeat(np.stack([x, y], axis=-1).reshape(-1, 2), anchors, axis=0))
    return np.concatenate(centers)[:, None]


def _merged(points: np.ndarray, scores: np.ndarray) -> list[DetectedFace]:
    """One face for each cluster of overlapping boxes: its mean, weighted by the scores, (N,).

    points: (N, 8, 2), left top, right bottom, six keypoints.
    """
    faces = []
    order = np.argsort(-scores, kind="stable")
    while len(order):
        same = overlap(points[order[0], 0], points[order[0], 1], points[order, 0], points[order, 1]) > SAME_FACE
        cluster = order[same]
        mean = np.average(points[cluster], axis=0, weights=scores[cluster]).astype(np.float32)
        faces.append(DetectedFace(float(scores[order[0]]), mean[0], mean[1], mean[2:]))
        order = order[~same]
    return faces


def overlap(low: np.ndarray, high: np.ndarray, lows: np.ndarray, highs: np.ndarray) -> np.ndarray:
    """(N,), 0..1: the intersection over union of one box, corners (2,), with N boxes, corners (N, 2)."""
    common = np.clip(np.minimum(high, highs) - np.maximum(low, lows), 0, None).prod(axis=1)
    return common / ((high - low).prod() + (highs - lows).prod(axis=1) - common)

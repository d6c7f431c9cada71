"""The 478 points of a face in a region of a picture: MediaPipe's Face Mesh V2 with irises.

Source: MediaPipe's SingleFaceLandmarksDetectorGraph (ImageToTensorCalculator, TensorsToFaceLandmarksGraph,
LandmarkProjectionCalculator).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import tanh

import cv2
import numpy as np
from ai_edge_litert.interpreter import Interpreter

from ..face.topology import LANDMARKS
from .region import Region, around

SIZE = 256
"""Side of the model's input in pixels."""
EYE_LEFT, EYE_RIGHT = 33, 263
"""The landmarks at the outer corners of the eyes, left and right on the screen."""


@dataclass(frozen=True)
class Landmarks:
    """The landmarks of one face, as the model sees them."""

    points: np.ndarray
    """float32 (478, 3): x, y and z in pixels of the picture; z away from the viewer, 0 in the middle of the head."""
    presence: float
    """How certain the model is that the region shows a face at all, 0..1."""

    def region(self) -> Region:
        """Return where to look for the same face in the next frame."""
        flat = self.points[:, :2]
        return around(flat.min(axis=0), flat.max(axis=0), flat[EYE_LEFT], flat[EYE_RIGHT])


class LandmarkDetector:
    """Runs Face Mesh."""

    def __init__(self, interpreter: Interpreter) -> None:
        """`interpreter` runs bundle.FACE_LANDMARKS."""
        self._interpreter = interpreter
        self._input = interpreter.tensor(interpreter.get_input_details()[0]["index"])
        outputs = {output["name"]: output["index"] for output in interpreter.get_output_details()}
        self._points, self._presence = outputs["Identity"], outputs["Identity_1"]
        self._cutout = np.empty((SIZE, SIZE, 3), np.uint8)

    def landmarks(self, picture: np.ndarray, region: Region) -> Landmarks:
        """Return the landmarks of the face in a region of `picture` (BGR). They mean nothing where the presence is low."""
        close_up, averaged = region.averaged(picture, SIZE)
        close_up.cut(averaged, self._cutout, cv2.BORDER_REPLICATE)
        # The model takes 0..1. No view of the tensor may outlive this statement: LiteRT refuses to run while one is held.
        np.multiply(self._cutout, np.float32(1 / 255), out=self._input()[0])
        self._interpreter.invoke()

        points = self._interpreter.get_tensor(self._points).reshape(LANDMARKS, 3)
        to_picture = region.to_picture(SIZE).astype(np.float32)
        points[:, :2] = points[:, :2] @ to_picture[:, :2].T + to_picture[:, 2]
        points[:, 2] *= region.side / SIZE
        logit = float(self._interpreter.get_tensor(self._presence).item())
        return Landmarks(points, 0.5 + 0.5 * tanh(logit / 2))  # the logistic function, in a form that cannot overflow

"""Another eye than our own: dlib's face detector (gradients and a linear classifier) and its 68 landmarks (regression
trees: Kazemi, Sullivan, "One Millisecond Face Alignment with an Ensemble of Regression Trees", CVPR 2014).

Nothing of it is used by any engine, so it cannot flatter one. It is coarser than our tracker: even the same picture with a
camera's noise is not seen twice alike, see the noise floor in `reconstruction`.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path

import cv2
import numpy as np

from ..shared.errors import UserError

MODEL = "models/shape_predictor_68_face_landmarks.dat"
SEARCH_SIDE = 256
"""Longer side of the picture that faces are searched in; dlib's detector finds those of 80 pixels and more."""


class Unavailable(UserError):
    """dlib or its model is not installed."""


class Landmarks68:
    """Raises Unavailable."""

    def __init__(self) -> None:
        # The package of the models is not imported: it is only a folder, and an older one of that name needs setuptools.
        package = importlib.util.find_spec("face_recognition_models")
        if importlib.util.find_spec("dlib") is None or package is None or not package.submodule_search_locations:
            raise Unavailable("AKD by dlib is not measured: dlib is not installed. To have it, run “.venv/bin/python -m pip "
                              "install -r core/bench/requirements.txt”.")
        import dlib
        self._dlib = dlib
        self._detector = dlib.get_frontal_face_detector()
        self._predictor = dlib.shape_predictor(str(Path(package.submodule_search_locations[0]) / MODEL))

    def points(self, picture: np.ndarray) -> np.ndarray | None:
        """float64 (68, 2), pixels of the picture (BGR or BGRA): of the largest face; None where none is found."""
        rgb = np.ascontiguousarray(picture[..., 2::-1])
        scale = SEARCH_SIDE / max(rgb.shape[:2])
        small = cv2.resize(rgb, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        boxes = self._detector(small, 0) or self._detector(small, 1)
        if not boxes:
            return None
        box = max(boxes, key=lambda found: found.area())
        corners = [round(side / scale) for side in (box.left(), box.top(), box.right(), box.bottom())]
        shape = self._predictor(rgb, self._dlib.rectangle(*corners))
        return np.array([(point.x, point.y) for point in shape.parts()], np.float64)

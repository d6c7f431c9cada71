"""How far a face is from a neutral one that looks at the viewer: relative motion starts best where that is least."""

from __future__ import annotations

import numpy as np

from ..contract import Observation
from ..face.topology import LANDMARKS
from ..shipped import bundle
from .blendshapes import BlendshapeModel

EFFORTS = ("jawOpen", "mouthSmileLeft", "mouthSmileRight", "mouthPucker", "eyeBlinkLeft", "eyeBlinkRight",
           "browInnerUp", "browDownLeft", "browDownRight")
"""Blendshape coefficients that are 0 in a neutral face: of the 52, those that a viewer would miss in an avatar."""
ONE_EFFORT = np.radians(20)
"""Radians by which a head is turned that is as far from neutral as one full expression."""


class Effort:
    """Measures how far observations are from a neutral face that looks at the viewer."""

    def __init__(self) -> None:
        """Load the blendshape network. Raises bundle.DamagedModel."""
        self._blendshapes = BlendshapeModel(bundle.FaceBundle().interpreter(bundle.FACE_BLENDSHAPES))

    def __call__(self, observation: Observation) -> float:
        """0 for a neutral face, about 1 for each full expression; infinite for keypoints that are no landmarks."""
        if observation.keypoints.shape != (LANDMARKS, 3):
            return np.inf
        coefficients = self._blendshapes.coefficients(observation.keypoints)
        turn = np.arccos(np.clip((np.trace(observation.pose) - 1) / 2, -1.0, 1.0))
        return sum(coefficients[name] for name in EFFORTS) + float(turn) / ONE_EFFORT

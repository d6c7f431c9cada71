"""The face mesh by index: which of MediaPipe's 478 landmarks make up the lids, the lips, the oval and the rigid skull.

The indices are facts of MediaPipe's published canonical face mesh (468 surface points, 852 triangles) and of its two
irises (points 468..477); `face_topology.json` holds the triangles.

Picture space, wherever landmarks are used: x right, y down, z away from the viewer, all in pixels of the same picture;
a pixel's centre has integer coordinates. "Left" and "right" are those of the picture, not of the person.
Chains of points run from left to right, so `chain[0]` is a left corner and `chain[-1]` a right one.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

LANDMARKS = 478
"""Number of landmarks of a face: those of the surface, then five for each iris."""
SURFACE = 468
"""Number of landmarks on the skin; they come first."""


def _triangles() -> np.ndarray:
    """int32 (852, 3): the triangles of the surface."""
    text = (Path(__file__).parent / "face_topology.json").read_text(encoding="utf-8")
    return np.array(json.loads(text)["triangles"], np.int32)


def strip(upper: np.ndarray, lower: np.ndarray) -> np.ndarray:
    """int32 (T, 3): triangles that fill the gap between two chains of equal length, without those that shared ends collapse."""
    found: list[tuple[int, int, int]] = []
    for i in range(len(upper) - 1):
        found.append((upper[i], upper[i + 1], lower[i + 1]))
        found.append((upper[i], lower[i + 1], lower[i]))
    return np.array([triangle for triangle in found if len(set(triangle)) == 3], np.int32)


@dataclass(frozen=True)
class Eye:
    """The landmarks of one eye: both lid margins and the iris."""

    upper: np.ndarray
    """int (9,): the upper lid margin, corner to corner."""
    lower: np.ndarray
    """int (9,): the lower lid margin, corner to corner."""
    iris: int
    """The centre of the iris; the next four landmarks lie on its edge."""

    @property
    def outline(self) -> np.ndarray:
        """int (16,): the closed contour of the eye, along the upper margin and back along the lower one."""
        return np.concatenate([self.upper, self.lower[-2:0:-1]])

    @property
    def margins(self) -> tuple[np.ndarray, np.ndarray]:
        """int (7,) each: the upper and the lower margin without the corners; equal places lie above each other."""
        return self.upper[1:-1], self.lower[1:-1]


FACE_TRIANGLES = _triangles()

FOREHEAD_TOP, CHIN, NOSE_TIP = 10, 152, 1
TEMPLES = (234, 454)
"""The points in front of the ears, left and right, between which the width of a face is measured."""

FACE_OVAL = np.array([10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377,
                      152, 148, 176, 149, 150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109])

EYES = (
    Eye(upper=np.array([33, 246, 161, 160, 159, 158, 157, 173, 133]),
        lower=np.array([33, 7, 163, 144, 145, 153, 154, 155, 133]), iris=468),
    Eye(upper=np.array([362, 398, 384, 385, 386, 387, 388, 466, 263]),
        lower=np.array([362, 382, 381, 380, 374, 373, 390, 249, 263]), iris=473),
)

UPPER_MARGINS = np.concatenate([eye.margins[0] for eye in EYES])
LOWER_MARGINS = np.concatenate([eye.margins[1] for eye in EYES])

INNER_LIP_UPPER = np.array([78, 191, 80, 81, 82, 13, 312, 311, 310, 415, 308])
INNER_LIP_LOWER = np.array([78, 95, 88, 178, 87, 14, 317, 402, 318, 324, 308])
OUTER_LIP_UPPER = np.array([61, 185, 40, 39, 37, 0, 267, 269, 270, 409, 291])
OUTER_LIP_LOWER = np.array([61, 146, 91, 181, 84, 17, 314, 405, 321, 375, 291])
CHIN_COLUMNS = np.array([[146, 91, 181, 84, 17, 314, 405, 321, 375],
                         [43, 106, 182, 83, 18, 313, 406, 335, 273],
                         [202, 204, 194, 201, 200, 421, 418, 424, 422],
                         [210, 211, 32, 208, 199, 428, 262, 431, 430],
                         [169, 170, 140, 171, 175, 396, 369, 395, 394],
                         [150, 149, 176, 148, 152, 377, 400, 378, 379]])
"""int (6, 9): rows of points from the lower lip down to the jaw; each column runs down the chin."""
LIP_MIDDLE = 5
"""Place of the middle of a lip in each of its four chains."""

BROWS = np.array([70, 63, 105, 66, 107, 55, 65, 52, 53, 46, 300, 293, 334, 296, 336, 285, 295, 282, 283, 276])
JAW = np.array([152, 148, 176, 149, 150, 136, 377, 400, 378, 379, 365, 172, 397])
CHEEKS = np.array([205, 425, 50, 280, 36, 266, 207, 427])
CHIN_SKIN = np.array([18, 200, 199, 201, 421, 194, 418, 204, 424, 211, 431, 32, 262, 208, 428, 202, 422, 210, 430,
                      214, 434, 212, 432, 216, 436, 206, 426])
"""Skin between lips, jaw and cheeks, which an opening jaw carries along as a whole."""
NOSE = np.array([6, 197, 195, 5, 4, 1, 19, 94, 2, 98, 327])
SKIN_SAMPLES = np.array([205, 425, 50, 280, 199, 101, 330])
"""Points on cheeks and chin where a face shows plain skin near the mouth."""

_RIGID = {
    3.0: (33, 133, 263, 362),  # eye corners
    2.0: (6, 168, 197, 195),  # bridge of the nose
    1.5: (5,),
    1.0: (4, 129, 358),  # tip and wings of the nose
    0.6: (127, 356),
    0.5: (98, 327),
    0.4: TEMPLES,
    # An open jaw makes the tracker report the whole face 3-5 % larger, forehead included, so the contour hardly counts.
    0.15: (10, 151, 54, 284, 67, 297, 93, 323, 21, 251),
}
RIGID_POINTS = np.array([index for group in _RIGID.values() for index in group])
"""Points that move with the skull and hardly at all with an expression."""
RIGID_WEIGHTS = np.array([weight for weight, group in _RIGID.items() for _ in group])
RIGID_WEIGHTS = RIGID_WEIGHTS / RIGID_WEIGHTS.sum()
"""float64 (28,): how far each of RIGID_POINTS is trusted; the sum is 1."""

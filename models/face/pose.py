"""Which way a head is turned: the rotation that takes a standard face to the landmarks.

Landmarks are what a camera sees, so their perspective is undone before the standard face is fitted to them.
Source: MediaPipe's geometry pipeline (ScreenToMetricSpaceConverter, ProcrustesSolver).
"""

from __future__ import annotations

from math import radians, tan

import numpy as np

from .topology import SURFACE

CAMERA_HEIGHT = 2 * tan(radians(63 / 2))
"""Height of the picture plane at distance 1 from a camera of 63 degrees vertical field of view, MediaPipe's default."""

_STANDARD_FACE = np.array([
    (4, 0.0000, -0.4632, 7.5866, 0.07091), (6, 0.0000, 2.4733, 5.7886, 0.03210),
    (10, 0.0000, 8.2618, 4.4815, 0.00845), (33, -4.4459, 2.6640, 3.1734, 0.05872),
    (54, -6.2793, 6.6154, 1.4259, 0.00767), (67, -3.5240, 8.0060, 3.7292, 0.00908),
    (117, -5.2587, 0.9458, 2.9743, 0.00979), (119, -3.3007, 0.8616, 3.8728, 0.01457),
    (121, -1.8207, 1.4680, 4.2241, 0.01859), (127, -7.7431, 2.3650, -2.0052, 0.00520),
    (129, -1.7858, -0.9783, 4.8505, 0.12063), (132, -7.2709, -2.8909, -2.2525, 0.00556),
    (133, -1.8564, 2.5852, 3.7579, 0.05329), (136, -5.0853, -7.1786, 0.7147, 0.06689),
    (143, -6.4076, 2.2360, 1.5608, 0.01482), (147, -6.2349, -1.9444, 1.6635, 0.01426),
    (198, -1.2468, 0.2303, 5.6810, 0.02546), (205, -3.8329, -1.5373, 4.1377, 0.04725),
    (263, 4.4459, 2.6640, 3.1734, 0.05872), (284, 6.2793, 6.6154, 1.4259, 0.00767),
    (297, 3.5240, 8.0060, 3.7292, 0.00908), (346, 5.2587, 0.9458, 2.9743, 0.00979),
    (348, 3.3007, 0.8616, 3.8728, 0.01457), (350, 1.8207, 1.4680, 4.2241, 0.01859),
    (356, 7.7431, 2.3650, -2.0052, 0.00520), (358, 1.7858, -0.9783, 4.8505, 0.12063),
    (361, 7.2709, -2.8909, -2.2525, 0.00556), (362, 1.8564, 2.5852, 3.7579, 0.05329),
    (365, 5.0853, -7.1786, 0.7147, 0.06689), (372, 6.4076, 2.2360, 1.5608, 0.01482),
    (376, 6.2349, -1.9444, 1.6635, 0.01426), (420, 1.2468, 0.2303, 5.6810, 0.02546),
    (425, 3.8329, -1.5373, 4.1377, 0.04725),
])
"""The points of MediaPipe's standard face that expressions move least: (landmark, x right, y up, z towards the viewer,
weight), in centimetres. Source: geometry_pipeline_metadata_landmarks.binarypb in face_landmarker.task."""

_RIGID = _STANDARD_FACE[:, 0].astype(int)
_STANDARD = _STANDARD_FACE[:, 1:4]
_WEIGHTS = _STANDARD_FACE[:, 4:] / _STANDARD_FACE[:, 4].sum()
_CENTERED = _STANDARD - (_WEIGHTS * _STANDARD).sum(axis=0)
_SPREAD = float((_WEIGHTS * _CENTERED ** 2).sum())

_FLIP = np.diag([1.0, -1.0, -1.0])
"""Takes axes with y up and z towards the viewer to y down and z away, and back."""


def head_rotation(points: np.ndarray, frame_size: tuple[int, int]) -> np.ndarray:
    """float32 (3, 3): the rotation of the head from facing the viewer, in axes x right, y down, z away from the viewer.

    `points` are landmarks (478, 3) in pixels of a picture of `frame_size` (width, height).
    """
    width, height = frame_size
    unit = CAMERA_HEIGHT / height
    seen = (points[_RIGID].astype(float) - [width / 2, height / 2, points[:SURFACE, 2].mean()]) * unit
    # The scale of a face tells its distance, but is accurate only once perspective is undone, which takes the distance.
    # Like MediaPipe, iterate once.
    _, scale = _fit(seen @ _FLIP)
    _, correction = _fit(_in_space(seen, scale))
    rotation, _ = _fit(_in_space(seen, scale * correction))
    return (_FLIP @ rotation @ _FLIP).astype(np.float32)


def misfit(points: np.ndarray) -> float:
    """Return how little landmarks (478, 3) resemble a head: their distance from the standard face over the extent of that face.

    Both are weighted root mean squares, after the standard face is fitted in place, size and rotation. Real faces stay
    below 0.13, whatever they do.
    """
    seen = points[_RIGID].astype(float) @ _FLIP
    seen -= (_WEIGHTS * seen).sum(axis=0)
    rotation, scale = _fit(seen)
    apart = seen - scale * _CENTERED @ rotation.T
    return float(np.sqrt((_WEIGHTS * apart ** 2).sum() / _SPREAD)) / max(abs(scale), 1e-9)


def _in_space(seen: np.ndarray, scale: float) -> np.ndarray:
    """float64 (N, 3): where points lie in front of the camera, in centimetres, for a face of size `scale` at distance 1.

    `seen` (N, 3) is in units of the picture plane at distance 1. The result has y up and z towards the viewer.
    """
    distance = (seen[:, 2:] + 1) / scale
    return np.concatenate([seen[:, :2] * distance, distance], axis=1) @ _FLIP


def _fit(points: np.ndarray) -> tuple[np.ndarray, float]:
    """Return the rotation (3, 3) and scale that take the standard face to `points` (N, 3) with the least weighted error.

    Source: Akca, Generalized Procrustes analysis and its applications in photogrammetry, 2003, section 2.4.
    """
    covariance = (_WEIGHTS * points).T @ _CENTERED
    left, stretch, right = np.linalg.svd(covariance)
    # The best fit may be a reflection; flipping the weakest axis leaves the best rotation.
    hand = np.array([1.0, 1.0, np.linalg.det(left @ right)])
    return (left * hand) @ right, float((stretch * hand).sum()) / _SPREAD

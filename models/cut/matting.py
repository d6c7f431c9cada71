"""Alpha as a local linear function of the colours: the guided filter, and matting, its inverse.

In every small window of a natural picture alpha is close to a linear function of the colour. The filter fits that function
to a given alpha; matting finds the alpha that such functions fit best, from the pixels where it is known.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

KNOWN_WEIGHT = 10.0
"""Weight of the alpha of known pixels, in that of the misfit of a window."""
ITERATIONS = 60
"""Largest number of steps of the conjugate gradients."""
PRECISION = 1e-5
"""Squared residual, in parts of the first, at which the iteration ends: the rest cannot be seen."""


class Windows:
    """The windows of (2 radius + 1)^2 pixels of a picture, float32 (H, W, 3), 0..1.

    epsilon: colour variance below which a window is taken as flat.
    Everything is kept in planes, one per channel: NumPy is several times slower on arrays whose last axis is short.
    Source: He, Sun, Tang, "Guided Image Filtering", 2010, equations 19-21.
    """

    def __init__(self, picture: np.ndarray, radius: int, epsilon: float) -> None:
        self._planes = cv2.split(picture)
        self._side = 2 * radius + 1
        self._windows = self._sum(np.ones(picture.shape[:2], np.float32))
        """How many windows a pixel is in, as a share of those of an inner pixel; below 1 at the picture's border."""
        self._centre = [self._mean(plane) for plane in self._planes]
        variance = [[self._mean(self._planes[i] * self._planes[j]) - self._centre[i] * self._centre[j]
                     for j in range(3)] for i in range(3)]
        for i in range(3):
            variance[i][i] += np.float32(epsilon)
        self._inverse = _inverse(variance)

    def fit(self, alpha: np.ndarray) -> list[np.ndarray]:
        """Return the linear function at each pixel, the mean over its windows: three slopes and the offset, float32 (H, W)."""
        offset = self._mean(alpha)
        covariance = [self._mean(plane * alpha) - centre * offset for plane, centre in zip(self._planes, self._centre)]
        slopes = [row[0] * covariance[0] + row[1] * covariance[1] + row[2] * covariance[2] for row in self._inverse]
        for slope, centre in zip(slopes, self._centre):
            offset = offset - slope * centre
        return [self._mean(each) for each in (*slopes, offset)]

    def misfit(self, alpha: np.ndarray) -> np.ndarray:
        """float32 (H, W): the gradient of the error of the linear functions, which is the matting Laplacian times `alpha`.

        Source: He, Sun, Tang, "Fast Matting Using Large Kernel Matting Laplacian Matrices", 2010, equation 8.
        """
        return self._windows * (alpha - _evaluated(self.fit(alpha), self._planes))

    def filtered(self, alpha: np.ndarray) -> np.ndarray:
        """float32 (H, W), 0..1: the guided filter of `alpha`, float32 (H, W)."""
        return np.clip(_evaluated(self.fit(alpha), self._planes), 0.0, 1.0)

    def _mean(self, values: np.ndarray) -> np.ndarray:
        """Return the mean over the part of each window that is within the picture."""
        return self._sum(values) / self._windows

    def _sum(self, values: np.ndarray) -> np.ndarray:
        """Return the sum over the part of each window that is within the picture, divided by the pixels of a whole window."""
        return cv2.boxFilter(values, cv2.CV_32F, (self._side, self._side), borderType=cv2.BORDER_CONSTANT)


def enlarged(windows: Windows, alpha: np.ndarray, picture: np.ndarray) -> np.ndarray:
    """float32 (H, W), 0..1: the alpha of a picture, from that of a reduced copy.

    windows, alpha: of the reduced copy. picture: float32 (H, W, 3), 0..1.
    Source: He, Sun, "Fast Guided Filter", 2015: enlarged linear functions of the colours keep edges sharp.
    """
    size = (picture.shape[1], picture.shape[0])
    function = [cv2.resize(each, size, interpolation=cv2.INTER_LINEAR) for each in windows.fit(alpha)]
    return np.clip(_evaluated(function, cv2.split(picture)), 0.0, 1.0)


def _evaluated(function: list[np.ndarray], planes: Sequence[np.ndarray]) -> np.ndarray:
    """float32 (H, W): linear functions, three slopes and the offset, of the colours, three planes."""
    return function[0] * planes[0] + function[1] * planes[1] + function[2] * planes[2] + function[3]


def solve(windows: Windows, guess: np.ndarray, known: np.ndarray) -> np.ndarray:
    """float32 (H, W), 0..1: the alpha that fits the windows best and is close to `guess` where it is `known`.

    guess: float32 (H, W), where the iteration also begins. known: float32 (H, W), 1 where alpha is known, else 0.
    Conjugate gradients with a diagonal preconditioner.
    """
    held = KNOWN_WEIGHT * known
    scale = 1.0 / (1.0 + held)
    alpha = guess.copy()
    residual = -windows.misfit(alpha)
    direction = scale * residual
    size = first = float((residual * direction).sum())
    for _ in range(ITERATIONS):
        if size <= PRECISION * first:
            break
        image = windows.misfit(direction) + held * direction
        step = size / float((direction * image).sum())
        alpha += step * direction
        residual -= step * image
        towards = scale * residual
        before, size = size, float((residual * towards).sum())
        direction = towards + (size / before) * direction
    return np.clip(alpha, 0.0, 1.0)


def _inverse(matrix: list[list[np.ndarray]]) -> list[list[np.ndarray]]:
    """Return the inverse of a symmetric 3 x 3 matrix at every pixel."""
    (a, b, c), (_, d, e), (_, _, f) = matrix
    aa, ab, ac = d * f - e * e, c * e - b * f, b * e - c * d
    bb, bc, cc = a * f - c * c, b * c - a * e, a * d - b * b
    scale = 1.0 / (a * aa + b * ab + c * ac)
    aa, ab, ac, bb, bc, cc = (each * scale for each in (aa, ab, ac, bb, bc, cc))
    return [[aa, ab, ac], [ab, bb, bc], [ac, bc, cc]]

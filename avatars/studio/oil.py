"""Turns a rendered picture into an oil painting."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np


def paint(picture: Path, radius: int = 8) -> None:
    """In place: colours gathered into dabs, a little richer, with the relief of brush strokes along the forms."""
    dabs = _dabs(cv2.imread(str(picture)), radius)
    hsv = cv2.cvtColor((dabs.clip(0, 255) / 255).astype(np.float32), cv2.COLOR_BGR2HSV)
    hsv[..., 1] = np.clip(hsv[..., 1] * 1.10, 0, 1)
    strokes = _strokes(cv2.cvtColor(dabs.clip(0, 255).astype(np.uint8), cv2.COLOR_BGR2GRAY).astype(np.float32))
    light = -cv2.Sobel(strokes, cv2.CV_32F, 1, 0) - cv2.Sobel(strokes, cv2.CV_32F, 0, 1)
    painted = cv2.cvtColor(hsv, cv2.COLOR_HSV2BGR) * 255 + (light / light.std() * 4 + strokes * 2)[..., None]
    cv2.imwrite(str(picture), painted.clip(0, 255).astype(np.uint8), [cv2.IMWRITE_PNG_COMPRESSION, 9])


def _dabs(picture: np.ndarray, radius: int, sectors: int = 8) -> np.ndarray:
    """Generalised Kuwahara filter: each pixel takes the mean of the calmest sectors of the disc around it."""
    picture = picture.astype(np.float32)
    down, right = np.mgrid[-radius:radius + 1, -radius:radius + 1]
    angle, distance = np.arctan2(down, right), np.hypot(down, right)
    total, weights = np.zeros_like(picture), np.zeros(picture.shape[:2], np.float32)
    for sector in range(sectors):
        off = np.abs((angle - 2 * np.pi * sector / sectors + np.pi) % (2 * np.pi) - np.pi)
        kernel = ((off <= np.pi / sectors * 1.15) | (distance == 0)) * np.exp(-(distance / radius) ** 2 * 1.5)
        kernel = (kernel / kernel.sum()).astype(np.float32)
        mean = cv2.filter2D(picture, -1, kernel, borderType=cv2.BORDER_REFLECT)
        spread = (cv2.filter2D(picture ** 2, -1, kernel, borderType=cv2.BORDER_REFLECT) - mean ** 2).clip(0).sum(axis=2)
        weight = 1 / (1 + (np.sqrt(spread) * 60 / 255) ** 8) + 1e-7
        total += mean * weight[..., None]
        weights += weight
    return total / weights[..., None]


def _strokes(grey: np.ndarray, length: int = 14) -> np.ndarray:
    """Noise smeared along the forms (line integral convolution over the structure tensor), of variance 1."""
    across, down = cv2.Sobel(grey, cv2.CV_32F, 1, 0), cv2.Sobel(grey, cv2.CV_32F, 0, 1)
    xx, xy, yy = (cv2.GaussianBlur(product, (0, 0), 8) for product in (across * across, across * down, down * down))
    angle = 0.5 * np.arctan2(2 * xy, xx - yy) + np.pi / 2
    flow = np.cos(angle).astype(np.float32), np.sin(angle).astype(np.float32)
    height, width = grey.shape
    noise = cv2.GaussianBlur(np.random.default_rng(1).standard_normal((height, width)).astype(np.float32), (0, 0), 1.2)
    columns, rows = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    total = noise.copy()
    for sign in 1, -1:
        x, y = columns.copy(), rows.copy()
        for _ in range(length):
            step = [cv2.remap(part, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT) for part in flow]
            x, y = x + sign * step[0], y + sign * step[1]
            total += cv2.remap(noise, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
    return total / total.std()

"""Colours are written as in the web ("#c98e72") and calculated in linear light."""

from __future__ import annotations

import numpy as np


def linear(colour: str) -> np.ndarray:
    value = np.array([int(colour[place:place + 2], 16) for place in (1, 3, 5)]) / 255
    return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)


def rgba(colour: str) -> tuple[float, float, float, float]:
    return (*linear(colour), 1.0)


def display(light: np.ndarray) -> np.ndarray:
    """Linear light as 8-bit sRGB."""
    light = np.clip(light, 0, 1)
    return (np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055) * 255 + 0.5).astype(np.uint8)


def smooth(value):
    """0..1 with soft ends."""
    value = np.clip(value, 0, 1)
    return value * value * (3 - 2 * value)

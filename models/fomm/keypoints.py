"""Keypoints with their jacobians, and the coordinates that they are in.

Coordinates are (x, y) from -1 to 1 between the centres of the corner pixels: x = 2 i / (W - 1) - 1.
"""

from __future__ import annotations

from typing import NamedTuple

import torch


class Keypoints(NamedTuple):
    """A first-order description of a pose: the place of each keypoint, and the local affine map there."""

    value: torch.Tensor
    """(B, K, 2): the place of each keypoint, (x, y) in -1..1."""
    jacobian: torch.Tensor
    """(B, K, 2, 2): the derivative, at each keypoint, of the map from an abstract reference frame to the picture."""


def coordinate_grid(height: int, width: int, device: torch.device) -> torch.Tensor:
    """(height, width, 2): the coordinates (x, y) of every pixel, in -1..1."""
    x = torch.linspace(-1, 1, width, device=device)
    y = torch.linspace(-1, 1, height, device=device)
    return torch.stack([x.expand(height, width), y[:, None].expand(height, width)], dim=-1)


def inverse(matrix: torch.Tensor) -> torch.Tensor:
    """Return the inverses of (..., 2, 2) in closed form: for four numbers, torch.inverse calls LAPACK or stalls a GPU."""
    a, b, c, d = matrix[..., 0, 0], matrix[..., 0, 1], matrix[..., 1, 0], matrix[..., 1, 1]
    adjugate = torch.stack([d, -b, -c, a], dim=-1).unflatten(-1, (2, 2))
    return adjugate / (a * d - b * c)[..., None, None]

"""The building blocks that all networks are made of.

Tensors are (batch, channels, height, width). Attribute names are the checkpoints' names.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import nn


class SameBlock(nn.Module):
    """Convolution, BatchNorm, ReLU: (B, in, H, W) to (B, out, H, W). kernel: odd side of the convolution."""

    def __init__(self, in_features: int, out_features: int, kernel: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(in_features, out_features, kernel, padding=kernel // 2)
        self.norm = nn.BatchNorm2d(out_features)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return F.relu(self.norm(self.conv(x)))


class DownBlock(nn.Module):
    """The same, then the mean of every 2 x 2 pixels: (B, in, H, W) to (B, out, H/2, W/2)."""

    def __init__(self, in_features: int, out_features: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(in_features, out_features, 3, padding=1)
        self.norm = nn.BatchNorm2d(out_features)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return F.avg_pool2d(F.relu(self.norm(self.conv(x))), 2)


class UpBlock(nn.Module):
    """Every pixel doubled, then convolution, BatchNorm, ReLU: (B, in, H, W) to (B, out, 2 H, 2 W)."""

    def __init__(self, in_features: int, out_features: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(in_features, out_features, 3, padding=1)
        self.norm = nn.BatchNorm2d(out_features)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return F.relu(self.norm(self.conv(F.interpolate(x, scale_factor=2.0, mode="nearest"))))


class ResBlock(nn.Module):
    """A residual block that normalises first: (B, features, H, W) to the same."""

    def __init__(self, features: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(features, features, 3, padding=1)
        self.conv2 = nn.Conv2d(features, features, 3, padding=1)
        self.norm1 = nn.BatchNorm2d(features)
        self.norm2 = nn.BatchNorm2d(features)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        inner = self.conv1(F.relu(self.norm1(x)))
        return x + self.conv2(F.relu(self.norm2(inner)))


class AntiAliasDownsample(nn.Module):
    """A Gaussian blur, then every n-th pixel from the first: (B, C, H, W) to (B, C, ceil(H/n), ceil(W/n)), n = 1/scale.

    The kernel is a buffer, as in the checkpoints; some old ones do not hold it.
    """

    def __init__(self, channels: int, scale: float) -> None:
        super().__init__()
        self.stride = round(1 / scale)
        self.register_buffer("weight", gaussian_kernel(scale).repeat(channels, 1, 1, 1))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        # Only the pixels that are kept are computed. The border is blurred with zeros, as in training.
        x = x.to(self.weight.dtype)
        return F.conv2d(x, self.weight, stride=self.stride, padding=self.weight.shape[-1] // 2, groups=x.shape[1])


def downsampling(channels: int, scale: float) -> nn.Module:
    """AntiAliasDownsample, or nothing at scale 1, where checkpoints hold no kernel either."""
    return AntiAliasDownsample(channels, scale) if scale != 1 else nn.Identity()


def gaussian_kernel(scale: float) -> torch.Tensor:
    """(1, n, n), sum 1: the blur after which reducing to `scale` shows no aliasing."""
    sigma = (1 / scale - 1) / 2
    radius = round(4 * sigma)
    line = torch.exp(-torch.arange(-radius, radius + 1, dtype=torch.float32) ** 2 / (2 * sigma ** 2))
    kernel = torch.outer(line, line)
    return (kernel / kernel.sum())[None]

"""The building blocks of all networks.

Tensors are (batch, channels, height, width). Attributes have the names that checkpoints use. A norm that is any nn.Module
is a BatchNorm until `fold` puts it into the convolution before it.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import nn


class SameBlock(nn.Module):
    """Takes (B, in, H, W) to (B, out, H, W): convolution of odd side `kernel`, BatchNorm, ReLU."""

    def __init__(self, in_features: int, out_features: int, kernel: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(in_features, out_features, kernel, padding=kernel // 2)
        self.norm: nn.Module = nn.BatchNorm2d(out_features)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return F.relu(self.norm(self.conv(x)))


class DownBlock(nn.Module):
    """Takes (B, in, H, W) to (B, out, H/2, W/2): convolution, BatchNorm, ReLU, the mean of every 2 x 2 pixels."""

    def __init__(self, in_features: int, out_features: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(in_features, out_features, 3, padding=1)
        self.norm: nn.Module = nn.BatchNorm2d(out_features)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return F.avg_pool2d(F.relu(self.norm(self.conv(x))), 2)


class UpBlock(nn.Module):
    """Takes (B, in, H, W) to (B, out, 2 H, 2 W): every pixel doubled, convolution, BatchNorm, ReLU."""

    def __init__(self, in_features: int, out_features: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(in_features, out_features, 3, padding=1)
        self.norm = nn.BatchNorm2d(out_features)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return F.relu(self.norm(self.conv(F.interpolate(x, scale_factor=2.0, mode="nearest"))))


class ResBlock(nn.Module):
    """Takes (B, features, H, W) to the same: a residual block that normalises first."""

    def __init__(self, features: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(features, features, 3, padding=1)
        self.conv2 = nn.Conv2d(features, features, 3, padding=1)
        self.norm1 = nn.BatchNorm2d(features)
        self.norm2: nn.Module = nn.BatchNorm2d(features)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        inner = self.conv1(F.relu(self.norm1(x)))
        return x + self.conv2(F.relu(self.norm2(inner)))


class AntiAliasDownsample(nn.Module):
    """Takes (B, C, H, W) to (B, C, ceil(H/n), ceil(W/n)), n = 1/scale: a Gaussian blur, then every n-th pixel from the first.

    The kernel is a buffer, as in checkpoints; some old ones lack it.
    """

    weight: torch.Tensor

    def __init__(self, channels: int, scale: float) -> None:
        super().__init__()
        self.stride = round(1 / scale)
        self.register_buffer("weight", gaussian_kernel(scale).repeat(channels, 1, 1, 1))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        # The stride computes only the pixels that are kept. Zeros lie beyond the border, as in training.
        x = x.to(self.weight.dtype)
        return F.conv2d(x, self.weight, stride=self.stride, padding=self.weight.shape[-1] // 2, groups=x.shape[1])


def downsampling(channels: int, scale: float) -> nn.Module:
    """Return an AntiAliasDownsample, or the identity at scale 1, for which checkpoints have no kernel."""
    return AntiAliasDownsample(channels, scale) if scale != 1 else nn.Identity()


def gaussian_kernel(scale: float) -> torch.Tensor:
    """(1, n, n), sum 1: the Gaussian kernel after which reduction to `scale` shows no aliasing."""
    sigma = (1 / scale - 1) / 2
    radius = round(4 * sigma)
    line = torch.exp(-torch.arange(-radius, radius + 1, dtype=torch.float32) ** 2 / (2 * sigma ** 2))
    kernel = torch.outer(line, line)
    return (kernel / kernel.sum())[None]

"""The hourglass: the U-Net at the base of the keypoint detector and of the dense motion network."""

from __future__ import annotations

import torch
from torch import nn

from .layers import DownBlock, UpBlock


class Encoder(nn.Module):
    """Takes (B, C, H, W) to a list of itself and of one tensor per block, each half as large as the one before."""

    def __init__(self, in_features: int, widths: list[int]) -> None:
        super().__init__()
        self.down_blocks = nn.ModuleList(
            DownBlock(before, after) for before, after in zip([in_features, *widths[1:]], widths[1:]))

    def forward(self, x: torch.Tensor) -> list[torch.Tensor]:
        levels = [x]
        for block in self.down_blocks:
            levels.append(block(levels[-1]))
        return levels


class Decoder(nn.Module):
    """Takes the levels of an Encoder to (B, widths[0] + C, H, W)."""

    def __init__(self, widths: list[int]) -> None:
        super().__init__()
        # All but the deepest level are concatenated with as many features of the encoder of the same size.
        self.up_blocks = nn.ModuleList(
            UpBlock(widths[level + 1] * (1 if level == len(widths) - 2 else 2), widths[level])
            for level in reversed(range(len(widths) - 1)))

    def forward(self, levels: list[torch.Tensor]) -> torch.Tensor:
        x = levels[-1]
        for block, skip in zip(self.up_blocks, levels[-2::-1]):
            x = torch.cat([block(x), skip], dim=1)
        return x


class Hourglass(nn.Module):
    """Takes (B, in_features, H, W) to (B, out_features, H, W), for H and W divisible by 2 ** num_blocks."""

    def __init__(self, in_features: int, block_expansion: int, num_blocks: int, max_features: int) -> None:
        super().__init__()
        widths = [min(max_features, block_expansion * 2 ** level) for level in range(num_blocks + 1)]
        self.encoder = Encoder(in_features, widths)
        self.decoder = Decoder(widths)
        self.out_features = widths[0] + in_features

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.decoder(self.encoder(x))

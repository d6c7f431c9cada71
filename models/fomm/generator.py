"""The generator, which draws the source in the driving pose (section 3.2 of the paper)."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import nn

from .config import Config
from .dense_motion import DenseMotionNetwork, Motion
from .layers import DownBlock, ResBlock, SameBlock, UpBlock


class Generator(nn.Module):
    """Encodes a source once, and draws it for each Motion."""

    def __init__(self, config: Config, align_corners: bool) -> None:
        super().__init__()
        own = config.generator
        widths = [min(own.max_features, own.block_expansion * 2 ** level) for level in range(own.num_down_blocks + 1)]
        self.dense_motion_network = DenseMotionNetwork(config, align_corners)
        self.first = SameBlock(config.num_channels, own.block_expansion, 7)
        self.down_blocks = nn.ModuleList(DownBlock(before, after) for before, after in zip(widths, widths[1:]))
        self.bottleneck = nn.Sequential()
        for index in range(own.num_bottleneck_blocks):
            self.bottleneck.add_module(f"r{index}", ResBlock(widths[-1]))
        self.up_blocks = nn.ModuleList(
            UpBlock(widths[level + 1], widths[level]) for level in reversed(range(own.num_down_blocks)))
        self.final = nn.Conv2d(own.block_expansion, config.num_channels, 7, padding=3)
        self.align_corners = align_corners

    def encode(self, source: torch.Tensor) -> torch.Tensor:
        """Return the features, (B, F, H/4, W/4) with the published two down blocks, of a source, (B, C, H, W), 0..1."""
        x = self.first(source.to(self.final.weight.dtype))
        for block in self.down_blocks:
            x = block(x)
        return x

    def decode(self, features: torch.Tensor, motion: Motion) -> torch.Tensor:
        """(B, C, H, W), 0..1: the picture of a source's features in motion."""
        x = self.bottleneck(self.warp(features, motion))
        for block in self.up_blocks:
            x = block(x)
        return self.final(x).float().sigmoid()

    def warp(self, features: torch.Tensor, motion: Motion) -> torch.Tensor:
        """Return the features warped by the flow, without those occluded in the source (equation 8)."""
        flow, occlusion = motion.flow, motion.occlusion
        if flow.shape[1:3] != features.shape[2:]:
            size = features.shape[2:]
            flow = F.interpolate(flow.permute(0, 3, 1, 2), size, mode="bilinear").permute(0, 2, 3, 1)
            occlusion = F.interpolate(occlusion, size, mode="bilinear")
        warped = F.grid_sample(features.float().expand(len(flow), -1, -1, -1), flow, align_corners=self.align_corners)
        return (warped * occlusion).to(features.dtype)

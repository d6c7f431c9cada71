"""The dense motion network: from two sets of keypoints to a flow for every pixel (section 3.1 of the paper)."""

from __future__ import annotations

from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import nn

from .config import Config
from .hourglass import Hourglass
from .keypoints import Keypoints, coordinate_grid, inverse
from .layers import downsampling


class Motion(NamedTuple):
    """Where the driving picture's pixels are found in the source; h and w are a quarter of the picture's sides."""

    flow: torch.Tensor
    """(B, h, w, 2): for every driving pixel the place in the source, (x, y) in -1..1."""
    occlusion: torch.Tensor
    """(B, 1, h, w), 0..1: 0 where what is to be seen is occluded in the source."""
    mask: torch.Tensor
    """(B, K + 1, h, w), sum 1: the share in the flow of the background's motion, then of each keypoint's."""


class DenseMotionNetwork(nn.Module):
    """Takes a downsampled source, (B, C, h, w), and the keypoints of source and driving picture to Motion."""

    def __init__(self, config: Config, align_corners: bool) -> None:
        super().__init__()
        own = config.dense_motion
        self.down = downsampling(config.num_channels, own.scale_factor)
        self.hourglass = Hourglass((config.num_kp + 1) * (config.num_channels + 1), own.block_expansion, own.num_blocks,
                                   own.max_features)
        self.mask = nn.Conv2d(self.hourglass.out_features, config.num_kp + 1, 7, padding=3)
        self.occlusion = nn.Conv2d(self.hourglass.out_features, 1, 7, padding=3)
        self.kp_variance = own.kp_variance
        self.align_corners = align_corners

    def forward(self, source: torch.Tensor, keypoints_source: Keypoints, keypoints_driving: Keypoints) -> Motion:
        height, width = source.shape[2:]
        grid = coordinate_grid(height, width, source.device)
        motions = sparse_motions(grid, keypoints_source, keypoints_driving)
        candidates = torch.cat([self._heatmaps(grid, keypoints_source, keypoints_driving)[:, :, None],
                                self._warped(source, motions)], dim=2).flatten(1, 2)
        features = self.hourglass(candidates.to(self.mask.weight.dtype))
        mask = self.mask(features).float().softmax(dim=1)
        occlusion = self.occlusion(features).float().sigmoid()
        # Equation 7: the flow is the sum of the motions, weighted by the mask.
        return Motion((mask[..., None] * motions).sum(dim=1), occlusion, mask)

    def _heatmaps(self, grid: torch.Tensor, source: Keypoints, driving: Keypoints) -> torch.Tensor:
        """(B, K + 1, h, w): where each keypoint goes, less where it comes from (equation 6); the background, first, is 0."""
        difference = self._gaussians(grid, driving) - self._gaussians(grid, source)
        return F.pad(difference, (0, 0, 0, 0, 1, 0))

    def _gaussians(self, grid: torch.Tensor, keypoints: Keypoints) -> torch.Tensor:
        """(B, K, h, w): a Gaussian around each keypoint, 1 at its place."""
        distance = grid - keypoints.value[:, :, None, None]
        return torch.exp(-(distance ** 2).sum(dim=-1) / (2 * self.kp_variance))

    def _warped(self, source: torch.Tensor, motions: torch.Tensor) -> torch.Tensor:
        """(B, K + 1, C, h, w): the source warped by each motion alone."""
        batch, candidates, height = motions.shape[:3]
        # One call for all: the candidates of a picture are stacked into one tall grid.
        tall = F.grid_sample(source.float().expand(batch, -1, -1, -1), motions.flatten(1, 2),
                             align_corners=self.align_corners)
        return tall.unflatten(2, (candidates, height)).transpose(1, 2)


def sparse_motions(grid: torch.Tensor, source: Keypoints, driving: Keypoints) -> torch.Tensor:
    """(B, K + 1, h, w, 2): the motion near each keypoint, extended to all of the grid, (h, w, 2).

    Equations 4 and 5: T(z) = p_source + J_source inv(J_driving) (z - p_driving). The background comes first and does not move.
    """
    affine = source.jacobian @ inverse(driving.jacobian)
    offset = grid - driving.value[:, :, None, None]
    turned = (offset.flatten(2, 3) @ affine.transpose(2, 3)).unflatten(2, grid.shape[:2])
    moved = source.value[:, :, None, None] + turned
    return torch.cat([grid.expand(len(moved), 1, *grid.shape), moved], dim=1)

"""The keypoint detector: the places of the keypoints of a picture and their jacobians (section 3.1 of the paper)."""

from __future__ import annotations

import torch
from torch import nn

from .config import Config
from .hourglass import Hourglass
from .keypoints import Keypoints, coordinate_grid
from .layers import downsampling


class KeypointDetector(nn.Module):
    """Takes pictures, (B, C, H, W), 0..1, to Keypoints."""

    def __init__(self, config: Config) -> None:
        super().__init__()
        own = config.keypoint_detector
        self.down = downsampling(config.num_channels, own.scale_factor)
        self.predictor = Hourglass(config.num_channels, own.block_expansion, own.num_blocks, own.max_features)
        # There is no padding, so no keypoint is found closer to the border than the kernel reaches.
        self.kp = nn.Conv2d(self.predictor.out_features, config.num_kp, 7)
        self.jacobian = nn.Conv2d(self.predictor.out_features, 4 * config.num_kp, 7)
        self.temperature = own.temperature

    def forward(self, image: torch.Tensor) -> Keypoints:
        features = self.predictor(self.down(image.to(self.kp.weight.dtype)))
        # Convolutions may be in half precision; coordinates never are, as rounding would move what they point at.
        logits = self.kp(features).float()
        height, width = logits.shape[2:]
        heatmaps = (logits.flatten(2) / self.temperature).softmax(dim=2)
        grid = coordinate_grid(height, width, image.device).flatten(0, 1)
        jacobians = self.jacobian(features).float().unflatten(1, (-1, 4)).flatten(3)
        jacobian = (heatmaps[:, :, None] * jacobians).sum(dim=3)
        return Keypoints(heatmaps @ grid, jacobian.unflatten(2, (2, 2)))

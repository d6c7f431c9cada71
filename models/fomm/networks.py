"""The two networks of a checkpoint, under the names that they have in it."""

from __future__ import annotations

import torch
from torch import nn

from .config import Config
from .generator import Generator
from .keypoint_detector import KeypointDetector


class Networks(nn.Module):
    """The networks of a model, for inference only: in evaluation mode and without gradients."""

    def __init__(self, config: Config, align_corners: bool) -> None:
        super().__init__()
        self.config = config
        self.kp_detector = KeypointDetector(config)
        self.generator = Generator(config, align_corners)
        self.eval().requires_grad_(False)


def build(config: Config, align_corners: bool = True) -> Networks:
    """Return the networks without weights, on the meta device: nothing is allocated or initialised only to be replaced."""
    with torch.device("meta"):
        return Networks(config, align_corners)

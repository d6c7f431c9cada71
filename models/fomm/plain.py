"""The model as its authors run it, without any of our shortcuts, for tests and `bench` to compare with.

Each frame encodes the source anew, keeps BatchNorm and pixel doubling as they are, and also warps the full picture, which is
not used. The pictures are the same; only the time differs.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F

from .keypoints import Keypoints
from .model import Drawing, EncodedSource, FirstOrderMotionModel
from .networks import Networks


class PlainModel(FirstOrderMotionModel):
    """A FirstOrderMotionModel without shortcuts."""

    @torch.inference_mode()
    def draw(self, encoded: EncodedSource, keypoints_driving: Keypoints) -> Drawing:
        generator, source = self.networks.generator, encoded.picture
        features = generator.encode(source)
        dense = generator.dense_motion_network
        motion = dense(dense.down(source), encoded.keypoints, keypoints_driving)
        flow = F.interpolate(motion.flow.permute(0, 3, 1, 2), source.shape[2:], mode="bilinear").permute(0, 2, 3, 1)
        F.grid_sample(source.expand(len(flow), -1, -1, -1), flow, align_corners=generator.align_corners)
        return Drawing(generator.decode(features, motion), motion.mask)

    def _prepared(self, networks: Networks) -> Networks:
        return networks

"""The model in its authors' order of work, without any of our shortcuts: what tests and `bench` compare with.

Each frame encodes the source anew, keeps BatchNorm and the doubled pixels as they are, and warps the full picture too,
which nobody looks at. The pictures are the same; only the time differs.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F

from .keypoints import Keypoints
from .model import Drawing, EncodedSource, FirstOrderMotionModel
from .networks import Networks


class PlainModel(FirstOrderMotionModel):
    """A FirstOrderMotionModel to compare with."""

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

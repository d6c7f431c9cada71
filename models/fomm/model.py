"""The model as everybody uses it: find keypoints, encode a source, draw it in another pose."""

from __future__ import annotations

from typing import NamedTuple

import torch

from . import checkpoint
from .config import Config
from .fold import fold
from .keypoints import Keypoints
from .networks import Networks, build


class EncodedSource(NamedTuple):
    """All that does not depend on the driver, computed once for each source."""

    keypoints: Keypoints
    picture: torch.Tensor
    """(B, 3, H, W): the source itself."""
    small: torch.Tensor
    """(B, 3, H/4, W/4): what the dense motion network sees of it."""
    features: torch.Tensor
    """(B, F, H/4, W/4): what the generator's encoder makes of it."""


class Drawing(NamedTuple):
    """What `draw` makes."""

    picture: torch.Tensor
    """(B, 3, H, W)."""
    mask: torch.Tensor
    """(B, K + 1, H/4, W/4): which motion each place of it follows, the background's first; sum 1."""


class FirstOrderMotionModel:
    """Pictures are float tensors (B, 3, H, W), RGB 0..1; the published models were trained with 256 x 256.

    This class computes in float32 with PyTorch, on any device, and agrees with the authors' code to rounding.
    models.fomm.fast has the same methods, faster, on what the machine is best at.
    """

    def __init__(self, networks: Networks, device: str | torch.device = "cpu") -> None:
        """networks: with their weights; they are restructured in place."""
        self.device = torch.device(device)
        self.config = networks.config
        self.networks = self._prepared(networks).to(self.device)

    @classmethod
    def from_checkpoint(cls, path: checkpoint.PathLike, device: str | torch.device = "cpu",
                        align_corners: bool = True, config: Config | None = None) -> FirstOrderMotionModel:
        """The model of a published checkpoint, or of a file that `checkpoint.convert` wrote.

        align_corners: how pictures are warped. The published weights were trained when True was PyTorch's default; with
        False comes what the authors' code shows on PyTorch 1.3 and later, where the default is another.
        config: the hyper-parameters of a checkpoint of one's own, where its weights cannot tell them.
        Raises checkpoint.CheckpointError, or OSError where there is no such file.
        """
        loaded = checkpoint.load(path, config)
        networks = build(loaded.config, align_corners)
        for part, state in loaded.state.items():
            getattr(networks, part).load_state_dict(state, assign=True)
        return cls(networks, device)

    @torch.inference_mode()
    def detect(self, image: torch.Tensor) -> Keypoints:
        """The keypoints of pictures (B, 3, H, W)."""
        return self.networks.kp_detector(self._checked(image))

    @torch.inference_mode()
    def encode(self, source: torch.Tensor) -> EncodedSource:
        """What `animate` needs to know of sources (B, 3, H, W)."""
        source = self._checked(source)
        generator = self.networks.generator
        return EncodedSource(self.networks.kp_detector(source), source, generator.dense_motion_network.down(source),
                             generator.encode(source))

    @torch.inference_mode()
    def animate(self, encoded: EncodedSource, keypoints_driving: Keypoints) -> torch.Tensor:
        """The source in that pose, (B, 3, H, W); one source may be drawn in B poses at once.

        keypoints_driving: what `transfer` made of the driver's.
        """
        return self.draw(encoded, keypoints_driving).picture

    @torch.inference_mode()
    def draw(self, encoded: EncodedSource, keypoints_driving: Keypoints) -> Drawing:
        """The same, with what tells how to carry the picture on."""
        generator = self.networks.generator
        motion = generator.dense_motion_network(encoded.small, encoded.keypoints, keypoints_driving)
        return Drawing(generator.decode(encoded.features, motion), motion.mask)

    def _prepared(self, networks: Networks) -> Networks:
        fold(networks)
        return networks

    def _checked(self, image: torch.Tensor) -> torch.Tensor:
        """The picture where the networks are. ValueError for a shape that would fail somewhere deep inside them."""
        multiple = self.config.side_multiple
        channels = self.config.num_channels
        if image.dim() != 4 or image.shape[1] != channels or image.shape[2] % multiple or image.shape[3] % multiple:
            raise ValueError(f"a picture of shape (B, {channels}, H, W) is needed, H and W multiples of {multiple}, "
                             f"not {tuple(image.shape)}")
        return image.to(self.device, torch.float32)

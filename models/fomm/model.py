"""The model: find keypoints, encode a source, draw it in another pose."""

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
    """The keypoints of the source."""
    picture: torch.Tensor
    """(B, 3, H, W): the source itself."""
    small: torch.Tensor
    """(B, 3, H/4, W/4): the source as the dense motion network sees it."""
    features: torch.Tensor
    """(B, F, H/4, W/4): the source as the generator's encoder gives it."""


class Drawing(NamedTuple):
    """A drawn picture, and what it takes to carry it on to other poses."""

    picture: torch.Tensor
    """(B, 3, H, W), RGB 0..1: the picture."""
    mask: torch.Tensor
    """(B, K + 1, H/4, W/4), sum 1: how far each place follows the background's motion, then each keypoint's."""


class FirstOrderMotionModel:
    """A First Order Motion Model in float32 with PyTorch, on any device; it agrees with the authors' code to rounding.

    Pictures are float tensors (B, 3, H, W), RGB 0..1; the published models were trained with 256 x 256. models.fomm.fast has
    the same methods on the fastest runtime of the machine.
    """

    def __init__(self, networks: Networks, device: str | torch.device = "cpu") -> None:
        """networks: they have their weights, and are restructured in place."""
        self.device = torch.device(device)
        self.config = networks.config
        self.networks = self._prepared(networks).to(self.device)

    @classmethod
    def from_checkpoint(cls, path: checkpoint.PathLike, device: str | torch.device = "cpu",
                        align_corners: bool = True, config: Config | None = None) -> FirstOrderMotionModel:
        """Return the model of a published checkpoint, or of a file that `checkpoint.convert` wrote.

        align_corners: how pictures are warped. The published weights were trained when True was PyTorch's default; False
        gives what the authors' code draws with PyTorch 1.3 and later, where the default is False.
        config: the hyper-parameters, where they cannot be told from the weights.
        Raises checkpoint.CheckpointError, or OSError where there is no such file.
        """
        loaded = checkpoint.load(path, config)
        networks = build(loaded.config, align_corners)
        for part, state in loaded.state.items():
            getattr(networks, part).load_state_dict(state, assign=True)
        return cls(networks, device)

    @torch.inference_mode()
    def detect(self, image: torch.Tensor) -> Keypoints:
        """Return the keypoints of pictures, (B, 3, H, W)."""
        return self.networks.kp_detector(self._checked(image))

    @torch.inference_mode()
    def encode(self, source: torch.Tensor) -> EncodedSource:
        """Sources, (B, 3, H, W), encoded for `animate`."""
        source = self._checked(source)
        generator = self.networks.generator
        return EncodedSource(self.networks.kp_detector(source), source, generator.dense_motion_network.down(source),
                             generator.encode(source))

    @torch.inference_mode()
    def animate(self, encoded: EncodedSource, keypoints_driving: Keypoints) -> torch.Tensor:
        """(B, 3, H, W): the source in that pose; one source may be drawn in B poses at once.

        keypoints_driving: the driver's, after `transfer`.
        """
        return self.draw(encoded, keypoints_driving).picture

    @torch.inference_mode()
    def draw(self, encoded: EncodedSource, keypoints_driving: Keypoints) -> Drawing:
        """Draw as `animate` does, and return the mask, too."""
        generator = self.networks.generator
        motion = generator.dense_motion_network(encoded.small, encoded.keypoints, keypoints_driving)
        return Drawing(generator.decode(encoded.features, motion), motion.mask)

    def _prepared(self, networks: Networks) -> Networks:
        """Return the networks, restructured to compute less."""
        fold(networks)
        return networks

    def _checked(self, image: torch.Tensor) -> torch.Tensor:
        """Return the picture in float32 on the device of the networks. Raises ValueError for a shape that they cannot take."""
        multiple = self.config.side_multiple
        channels = self.config.num_channels
        if image.dim() != 4 or image.shape[1] != channels or image.shape[2] % multiple or image.shape[3] % multiple:
            raise ValueError(f"a picture of shape (B, {channels}, H, W) is needed, H and W multiples of {multiple}, "
                             f"not {tuple(image.shape)}")
        return image.to(self.device, torch.float32)

"""The same networks with less to compute. Every step is exact: only the rounding of float32 differs.

* BatchNorm with fixed statistics is a factor and an offset per channel. After a convolution it is folded into its weights;
  before the first ReLU of a residual block it has to stay.
* Doubling every pixel and convolving 3 x 3 reads each pixel up to four times, with weights that can be added beforehand.
  Each of the four phases of the output is a 2 x 2 convolution of the small picture: 4 / 9 of the work.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

from .layers import DownBlock, ResBlock, SameBlock, UpBlock


def fold(networks: nn.Module) -> None:
    """Restructure networks in evaluation mode, in place. Their state dict has other keys afterwards."""
    for module in list(networks.modules()):
        if isinstance(module, (SameBlock, DownBlock)):
            module.conv, module.norm = _fused(module.conv, module.norm), nn.Identity()
        elif isinstance(module, ResBlock):
            module.conv1, module.norm2 = _fused(module.conv1, module.norm2), nn.Identity()
        for name, child in module.named_children():
            if isinstance(child, UpBlock):
                setattr(module, name, PhasedUpBlock(child))


class PhasedUpBlock(nn.Module):
    """An UpBlock as a 2 x 2 convolution: it takes (B, in, H, W) to (B, out, 2 H, 2 W)."""

    def __init__(self, block: UpBlock) -> None:
        super().__init__()
        dense = _fused(block.conv, block.norm)
        self.conv = nn.Conv2d(dense.in_channels, 4 * dense.out_channels, 2, padding=1)
        assert dense.bias is not None
        weight, bias = _phases(dense.weight), dense.bias.repeat_interleave(4)
        self.conv.weight, self.conv.bias = (nn.Parameter(each, requires_grad=False) for each in (weight, bias))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        # Output row 2 i depends on input rows i - 1 and i, row 2 i + 1 on rows i and i + 1. The padded convolution's row i
        # sees rows i - 1 and i, so it gives rows 2 i - 1 and 2 i: one too many at either end.
        return F.pixel_shuffle(F.relu(self.conv(x)), 2)[..., 1:-1, 1:-1]


def _phases(weight: torch.Tensor) -> torch.Tensor:
    """Weights (out, in, 3, 3) as those of the phases, (4 out, in, 2, 2), in pixel_shuffle's order: odd row and column first."""
    # (phase, tap, weight): which of the three weights along one axis add up to each tap of each phase.
    phases = torch.tensor([[[1, 1, 0], [0, 0, 1]], [[1, 0, 0], [0, 1, 1]]], dtype=weight.dtype)
    return torch.einsum("pyh,qxw,oihw->opqiyx", phases, phases, weight).flatten(0, 2)


def _fused(conv: nn.Conv2d, norm: nn.Module) -> nn.Conv2d:
    """One convolution, with a bias, that does what a convolution and the BatchNorm after it do."""
    assert isinstance(norm, nn.BatchNorm2d)  # networks are folded once
    return fuse_conv_bn_eval(conv, norm).requires_grad_(False)

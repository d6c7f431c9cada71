"""Folding makes the networks faster and leaves their results as they are."""

from __future__ import annotations

import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from models.fomm.fold import PhasedUpBlock, fold
from models.fomm.layers import DownBlock, ResBlock, SameBlock, UpBlock


def random(module: nn.Module, seed: int) -> nn.Module:
    """In evaluation mode, with all weights and statistics drawn at random."""
    generator = torch.Generator().manual_seed(seed)
    for tensor in module.state_dict().values():
        if tensor.is_floating_point():
            tensor.copy_(0.5 + torch.rand(tensor.shape, generator=generator))
    return module.eval().requires_grad_(False)


@settings(deadline=None, max_examples=30)
@given(inputs=st.integers(1, 5), outputs=st.integers(1, 5), height=st.integers(1, 7), width=st.integers(1, 7),
       batch=st.integers(1, 2), seed=st.integers(0, 99))
def test_four_small_convolutions_equal_doubling_and_a_large_one(inputs: int, outputs: int, height: int, width: int,
                                                                batch: int, seed: int) -> None:
    block = random(UpBlock(inputs, outputs), seed)
    x = torch.randn(batch, inputs, height, width, generator=torch.Generator().manual_seed(seed))
    torch.testing.assert_close(PhasedUpBlock(block)(x), block(x), rtol=1e-4, atol=1e-4)


@settings(deadline=None, max_examples=10)
@given(seed=st.integers(0, 99))
def test_folded_blocks_compute_the_same(seed: int) -> None:
    blocks = nn.Sequential(SameBlock(3, 4, 7), DownBlock(4, 6), ResBlock(6), UpBlock(6, 4))
    random(blocks, seed)
    x = torch.randn(1, 3, 16, 16, generator=torch.Generator().manual_seed(seed))
    with torch.inference_mode():
        before = blocks(x)
        fold(blocks)
        after = blocks(x)
    torch.testing.assert_close(after, before, rtol=1e-4, atol=1e-4)
    left = [module for module in blocks.modules() if isinstance(module, nn.BatchNorm2d)]
    assert len(left) == 1, "only the one that no convolution comes before"

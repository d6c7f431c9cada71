"""Telling the hyper-parameters from the shapes of the weights, so that users need not find the config of a checkpoint."""

from __future__ import annotations

from collections.abc import Mapping

import torch

from .config import Config, DenseMotionConfig, GeneratorConfig, KeypointDetectorConfig

Shapes = Mapping[str, torch.Tensor]


def config_of(state: Mapping[str, Shapes]) -> Config | None:
    """Return the config of a checkpoint's state dicts, or None if they are not of such a model.

    Temperature and variance leave no trace in the weights; all published checkpoints have the same, which is assumed.
    """
    generator, detector = state["generator"], state["kp_detector"]
    dense = {key[len("dense_motion_network."):]: tensor for key, tensor in generator.items()
             if key.startswith("dense_motion_network.")}
    try:
        return Config(
            num_kp=len(detector["kp.weight"]), num_channels=generator["first.conv.weight"].shape[1],
            keypoint_detector=KeypointDetectorConfig(*_hourglass(detector, "predictor."), _scale(detector)),
            dense_motion=DenseMotionConfig(*_hourglass(dense, "hourglass."), _scale(dense)),
            generator=GeneratorConfig(
                block_expansion=len(generator["first.conv.weight"]), max_features=_widest(generator, "down_blocks."),
                num_down_blocks=_count(generator, "down_blocks.", ".conv.weight"),
                num_bottleneck_blocks=_count(generator, "bottleneck.r", ".conv1.weight")))
    except (KeyError, ValueError, IndexError, TypeError):
        return None


def _hourglass(state: Shapes, prefix: str) -> tuple[int, int, int]:
    """(block_expansion, max_features, num_blocks) of an hourglass."""
    blocks = _count(state, prefix + "encoder.down_blocks.", ".conv.weight")
    last = state[f"{prefix}decoder.up_blocks.{blocks - 1}.conv.weight"]
    return len(last), _widest(state, prefix + "encoder.down_blocks."), blocks


def _count(state: Shapes, prefix: str, suffix: str) -> int:
    """Return the number of keys with that prefix and suffix."""
    return sum(key.startswith(prefix) and key.endswith(suffix) for key in state)


def _widest(state: Shapes, prefix: str) -> int:
    """Return the largest number of channels that a convolution below `prefix` gives."""
    return max(len(tensor) for key, tensor in state.items() if key.startswith(prefix) and key.endswith("conv.weight"))


def _scale(state: Shapes) -> float:
    """Return the scale factor, from the side of the blur kernel, 8 sigma + 1, sigma = (1 / scale - 1) / 2; 0.25 without one."""
    return 4 / (state["down.weight"].shape[-1] + 3) if "down.weight" in state else 0.25

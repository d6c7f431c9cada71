"""Reading the hyper-parameters off the shapes of the weights: nobody has to find the config of their checkpoint."""

from __future__ import annotations

from collections.abc import Mapping

import torch

from .config import Config, DenseMotionConfig, GeneratorConfig, KeypointDetectorConfig

Shapes = Mapping[str, torch.Tensor]


def config_of(state: Mapping[str, Shapes]) -> Config | None:
    """The config of a checkpoint's state dicts; None where they are no such model's.

    Temperature and variance leave no trace in the weights: they are taken as published, the same for all checkpoints.
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
    """block_expansion, max_features, num_blocks."""
    blocks = _count(state, prefix + "encoder.down_blocks.", ".conv.weight")
    last = state[f"{prefix}decoder.up_blocks.{blocks - 1}.conv.weight"]
    return len(last), _widest(state, prefix + "encoder.down_blocks."), blocks


def _count(state: Shapes, prefix: str, suffix: str) -> int:
    return sum(key.startswith(prefix) and key.endswith(suffix) for key in state)


def _widest(state: Shapes, prefix: str) -> int:
    return max(len(tensor) for key, tensor in state.items() if key.startswith(prefix) and key.endswith("conv.weight"))


def _scale(state: Shapes) -> float:
    """From the side of the blur kernel, 8 sigma + 1, sigma = (1 / scale - 1) / 2; as published where it is missing."""
    return 4 / (state["down.weight"].shape[-1] + 3) if "down.weight" in state else 0.25

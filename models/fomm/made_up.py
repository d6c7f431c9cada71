"""A reproducible checkpoint of random weights, and pictures to test it with.

Nothing that it draws looks like a face, but it has every key, shape and cost of a published one. Each tensor comes from a
random generator seeded by the tensor's name, so the numbers depend on no order.
"""

from __future__ import annotations

import os
import zlib
from math import prod

import numpy as np
import torch

from .checkpoint import PARTS
from .config import VOX_256, Config
from .layers import gaussian_kernel
from .networks import build


def state(config: Config = VOX_256) -> dict[str, dict[str, torch.Tensor]]:
    """Return the state dicts, float32, of a checkpoint's two networks."""
    networks = build(config)
    return {part: {key: torch.from_numpy(_values(part, key, tuple(tensor.shape), config))
                   for key, tensor in getattr(networks, part).state_dict().items()} for part in PARTS}


def write(path: str | os.PathLike[str], config: Config = VOX_256) -> None:
    """Write the checkpoint to a file, as torch.save does: 240 MB for VOX_256."""
    torch.save(state(config), path)


def picture(size: int, phase: float) -> torch.Tensor:
    """(1, 3, size, size), RGB 0..1: waves and a bright blob, both moved by `phase`, in radians."""
    y, x = np.mgrid[0:size, 0:size] / size
    blob = np.exp(-((x - 0.5 - 0.08 * np.cos(phase)) ** 2 + (y - 0.45 - 0.06 * np.sin(phase)) ** 2) / 0.03)
    waves = [0.5 + 0.5 * np.sin(2 * np.pi * (across * x + down * y) + phase + channel)
             for channel, (across, down) in enumerate([(1.5, 0.7), (0.6, 2.2), (2.4, 1.1)])]
    return torch.from_numpy(np.clip(0.6 * np.stack(waves) + 0.4 * blob, 0, 1).astype(np.float32))[None]


def _values(part: str, key: str, shape: tuple[int, ...], config: Config) -> np.ndarray:
    """Random values of the magnitude that a tensor of that name has in a trained checkpoint."""
    random = np.random.RandomState(zlib.crc32(f"{part}.{key}".encode()))
    if key.endswith("num_batches_tracked"):
        return np.zeros(shape, np.int64)
    if key.endswith("running_var"):
        return (1 + 0.5 * random.random_sample(shape)).astype(np.float32)
    if key.endswith("down.weight"):
        scale = (config.dense_motion if part == "generator" else config.keypoint_detector).scale_factor
        return gaussian_kernel(scale).expand(*shape).numpy().copy()
    normal = random.standard_normal(shape)
    spread = 1 / np.sqrt(prod(shape[1:]))
    if key.endswith("running_mean"):
        values = 0.1 * normal
    elif key.endswith("jacobian.bias"):
        values = np.tile([1, 0, 0, 1], len(normal) // 4) + 0.05 * normal
    elif key.endswith("jacobian.weight"):
        values = 0.1 * spread * normal
    elif len(shape) == 4:
        values = 1.4 * spread * normal
    elif ".norm" in key and key.endswith("weight"):
        values = 1 + 0.1 * normal
    else:
        values = 0.1 * normal
    return values.astype(np.float32)

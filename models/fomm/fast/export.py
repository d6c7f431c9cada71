"""Exporting what is done for every driving frame to ONNX, for runtimes that are faster than PyTorch on some machines."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import torch
from torch import nn

from core.shared.files import replacing

from ..keypoints import Keypoints
from ..model import FirstOrderMotionModel
from ..networks import Networks
from .runner import ANIMATE_INPUTS, ANIMATE_OUTPUTS, DETECT_INPUTS, DETECT_OUTPUTS

OPSET = 20
"""The first ONNX operator set whose GridSample both ONNX Runtime and OpenVINO support as this model uses it."""


class _Detect(nn.Module):
    """FirstOrderMotionModel.detect as a module of tensors."""

    def __init__(self, networks: Networks) -> None:
        super().__init__()
        self.kp_detector = networks.kp_detector

    def forward(self, image: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        return tuple(self.kp_detector(image))


class _Animate(nn.Module):
    """FirstOrderMotionModel.draw as a module of tensors."""

    def __init__(self, networks: Networks) -> None:
        super().__init__()
        self.generator = networks.generator

    def forward(self, small: torch.Tensor, features: torch.Tensor, source_value: torch.Tensor, source_jacobian: torch.Tensor,
                value: torch.Tensor, jacobian: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        motion = self.generator.dense_motion_network(small, Keypoints(source_value, source_jacobian),
                                                     Keypoints(value, jacobian))
        return self.generator.decode(features, motion), motion.mask


def export(model: FirstOrderMotionModel, picture: torch.Tensor, detect: Path, animate: Path) -> None:
    """Write both graphs, to the files `detect` and `animate`, for one picture, (1, 3, H, W), at a time and of that size."""
    encoded = model.encode(picture)
    tensors = (encoded.small, encoded.features, *encoded.keypoints, *encoded.keypoints)
    _write(_Detect(model.networks), (picture,), detect, DETECT_INPUTS, DETECT_OUTPUTS)
    _write(_Animate(model.networks), tensors, animate, ANIMATE_INPUTS, ANIMATE_OUTPUTS)


def _write(module: nn.Module, examples: Sequence[torch.Tensor], path: Path, inputs: Sequence[str],
           outputs: Sequence[str]) -> None:
    """Write the graph of a module, whole or not at all."""
    # Tensors made in inference mode cannot be traced; copies made outside of it can.
    examples = tuple(example.clone() for example in examples)
    with _quiet(), replacing(path) as unfinished:
        torch.onnx.export(module.eval(), examples, unfinished, dynamo=True, opset_version=OPSET, input_names=list(inputs),
                          output_names=list(outputs), external_data=False, verbose=False)


@contextmanager
def _quiet() -> Iterator[None]:
    """Silence the exporter's remarks on its internals and on packages that are not installed."""
    log = logging.getLogger("torch.onnx")
    before = log.level
    log.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)
            yield
    finally:
        log.setLevel(before)

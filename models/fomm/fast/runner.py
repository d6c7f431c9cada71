"""What a runtime has to offer: the two steps that are done for every driving frame."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import torch

from ..keypoints import Keypoints
from ..model import Drawing, EncodedSource

DETECT_INPUTS = ("image",)
DETECT_OUTPUTS = ("value", "jacobian")
ANIMATE_INPUTS = ("small", "features", "source_value", "source_jacobian", "value", "jacobian")
ANIMATE_OUTPUTS = ("picture", "mask")


@dataclass(frozen=True)
class Graphs:
    """Where the exported graphs are; batches of one, at the size of picture they were exported for."""

    detect: Path
    animate: Path
    animate_int8: Path

    def animation(self, precision: str) -> Path:
        return self.animate_int8 if precision == "int8" else self.animate


@dataclass(frozen=True)
class Candidate:
    """A way to run the model on this machine."""

    runtime: str
    """"torch", "onnxruntime" or "openvino"."""
    device: str
    """The runtime's own name of the device."""
    precision: str
    """"fp32", "bf16", "fp16" or "int8"; keypoints are always found in at least half precision, never in int8."""

    def __str__(self) -> str:
        return f"{self.runtime} {self.device} {self.precision}"


class Runner(Protocol):
    """An opened candidate. One thread may detect while another draws; neither step may run twice at once.

    Tensors are float32 in the computer's memory; what comes back is the caller's.
    """

    def detect(self, image: torch.Tensor) -> Keypoints:
        """As FirstOrderMotionModel.detect, one picture."""
        ...

    def draw(self, encoded: EncodedSource, keypoints_driving: Keypoints) -> Drawing:
        """As FirstOrderMotionModel.draw, one picture."""
        ...


def animate_arrays(encoded: EncodedSource, driving: Keypoints) -> dict[str, object]:
    """The inputs of the animate graph as numpy arrays that share their memory."""
    tensors = (encoded.small, encoded.features, *encoded.keypoints, *driving)
    return {name: tensor.float().numpy() for name, tensor in zip(ANIMATE_INPUTS, tensors)}

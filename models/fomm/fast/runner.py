"""What a runtime has to provide: the two steps that are done for every driving frame."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
import torch

from ..keypoints import Keypoints
from ..model import Drawing, EncodedSource

DETECT_INPUTS = ("image",)
"""Names of the tensors that the detect graph takes."""
DETECT_OUTPUTS = ("value", "jacobian")
"""Names of the tensors that the detect graph gives."""
ANIMATE_INPUTS = ("small", "features", "source_value", "source_jacobian", "value", "jacobian")
"""Names of the tensors that the animate graph takes."""
ANIMATE_OUTPUTS = ("picture", "mask")
"""Names of the tensors that the animate graph gives."""


@dataclass(frozen=True)
class Graphs:
    """The files of the exported graphs, for batches of one and pictures of the size that they were exported for."""

    detect: Path
    """The graph of `detect`, in float32."""
    animate: Path
    """The graph of `draw`, in float32."""
    animate_int8: Path
    """The graph of `draw`, with convolutions in int8."""

    def animation(self, precision: str) -> Path:
        """Return the graph of `draw` for a Candidate's precision."""
        return self.animate_int8 if precision == "int8" else self.animate


@dataclass(frozen=True)
class Candidate:
    """A way to run the model on this machine."""

    runtime: str
    """The runtime: "torch", "onnxruntime" or "openvino"."""
    device: str
    """The runtime's own name of the device."""
    precision: str
    """The precision: "fp32", "bf16", "fp16" or "int8"; keypoints are found in at least half precision, never in int8."""

    def __str__(self) -> str:
        return f"{self.runtime} {self.device} {self.precision}"


class Runner(Protocol):
    """An open candidate. One thread may detect while another draws; neither step may run twice at once.

    Tensors are float32 in host memory; results belong to the caller.
    """

    def detect(self, image: torch.Tensor) -> Keypoints:
        """Do what FirstOrderMotionModel.detect does, for one picture."""
        ...

    def draw(self, encoded: EncodedSource, keypoints_driving: Keypoints) -> Drawing:
        """Do what FirstOrderMotionModel.draw does, for one picture."""
        ...


def animate_arrays(encoded: EncodedSource, driving: Keypoints) -> dict[str, np.ndarray]:
    """Return the inputs of the animate graph, by name, as NumPy arrays that share the tensors' memory."""
    tensors = (encoded.small, encoded.features, *encoded.keypoints, *driving)
    return {name: tensor.float().numpy() for name, tensor in zip(ANIMATE_INPUTS, tensors)}

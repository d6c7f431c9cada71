"""ONNX Runtime, which runs everywhere, and on AMD's and Intel's graphics by way of DirectML."""

from __future__ import annotations

from typing import Any

import torch

from ..keypoints import Keypoints
from ..model import Drawing, EncodedSource
from .runner import DETECT_INPUTS, Candidate, Graphs, animate_arrays

_GPUS = ("DmlExecutionProvider", "CUDAExecutionProvider", "ROCMExecutionProvider", "MIGraphXExecutionProvider",
         "CoreMLExecutionProvider")


def candidates() -> list[Candidate]:
    """Return the ways in which ONNX Runtime can run the model on this machine; none where it is not installed."""
    try:
        available = _onnxruntime().get_available_providers()
    except ImportError:
        return []
    return [Candidate("onnxruntime", "CPUExecutionProvider", "fp32"),
            Candidate("onnxruntime", "CPUExecutionProvider", "int8"),
            *(Candidate("onnxruntime", provider, "fp32") for provider in _GPUS if provider in available)]


class OnnxRuntimeRunner:
    """A runner.Runner on ONNX Runtime. threads: None leaves it to ONNX Runtime."""

    def __init__(self, graphs: Graphs, candidate: Candidate, threads: int | None = None) -> None:
        ort = _onnxruntime()
        options = ort.SessionOptions()
        options.log_severity_level = 3
        options.intra_op_num_threads = threads or 0
        # Threads that spin while they wait would take the processor from OBS, which encodes.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        if candidate.device == "DmlExecutionProvider":
            options.enable_mem_pattern = False  # DirectML does not support it
        # The processor does what the device cannot.
        providers = list(dict.fromkeys([candidate.device, "CPUExecutionProvider"]))
        self._detect, self._animate = (ort.InferenceSession(path, options, providers=providers)
                                       for path in (graphs.detect, graphs.animation(candidate.precision)))

    def detect(self, image: torch.Tensor) -> Keypoints:
        return Keypoints(*map(torch.from_numpy, self._detect.run(None, {DETECT_INPUTS[0]: image.numpy()})))

    def draw(self, encoded: EncodedSource, keypoints_driving: Keypoints) -> Drawing:
        return Drawing(*map(torch.from_numpy, self._animate.run(None, animate_arrays(encoded, keypoints_driving))))


def _onnxruntime() -> Any:
    """Return the package, with telemetry off: its builds for Windows send usage events to the system's."""
    import onnxruntime
    onnxruntime.disable_telemetry_events()
    return onnxruntime

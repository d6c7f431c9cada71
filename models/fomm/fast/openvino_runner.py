"""OpenVINO, Intel's runtime: the fastest on x86 processors of any make, and on Intel's graphics."""

from __future__ import annotations

import sys
from typing import Any

import torch

from ..keypoints import Keypoints
from ..model import Drawing, EncodedSource
from .runner import Candidate, Graphs, animate_arrays

_HINTS = {"fp32": "f32", "int8": "f32", "bf16": "bf16", "fp16": "f16"}
"""OpenVINO's name for the precision of what is not quantised, for each precision of a Candidate."""


def candidates() -> list[Candidate]:
    """Return the ways in which OpenVINO can run the model on this machine; none where it is not installed."""
    try:
        core = _openvino().Core()
    except ImportError:
        return []
    found = []
    for device in core.available_devices:
        able = core.get_property(device, "OPTIMIZATION_CAPABILITIES")
        if device == "CPU":
            found += [Candidate("openvino", device, "fp32"), Candidate("openvino", device, "int8")]
            found += [Candidate("openvino", device, "bf16")] if "BF16" in able else []
        elif device.startswith("GPU") and "FP16" in able:
            found.append(Candidate("openvino", device, "fp16"))
    return found


class OpenVinoRunner:
    """A runner.Runner on OpenVINO. threads: None leaves it to OpenVINO."""

    def __init__(self, graphs: Graphs, candidate: Candidate, threads: int | None = None) -> None:
        core = _openvino().Core()
        config: dict[str, Any] = {"PERFORMANCE_HINT": "LATENCY",
                                  "INFERENCE_PRECISION_HINT": _HINTS[candidate.precision]}
        if candidate.device == "CPU" and threads:
            config["INFERENCE_NUM_THREADS"] = threads
        # Jitter in the keypoints makes the face jitter, and they cost little: find them in float32 where that exists.
        fine = {**config, "INFERENCE_PRECISION_HINT": "f32" if candidate.device == "CPU" else "f16"}
        self._detect = core.compile_model(core.read_model(graphs.detect), candidate.device, fine)
        self._animate = core.compile_model(core.read_model(graphs.animation(candidate.precision)), candidate.device,
                                           config)

    def detect(self, image: torch.Tensor) -> Keypoints:
        results = self._detect(image.numpy())
        return Keypoints(*(torch.from_numpy(results[index].copy()) for index in range(2)))

    def draw(self, encoded: EncodedSource, keypoints_driving: Keypoints) -> Drawing:
        results = self._animate(animate_arrays(encoded, keypoints_driving))
        return Drawing(*(torch.from_numpy(results[index].copy()) for index in range(2)))


def full_name(device: str) -> str:
    """OpenVINO's full name of one of its devices."""
    return str(_openvino().Core().get_property(device, "FULL_DEVICE_NAME"))


def _openvino() -> Any:
    """Return the package, with telemetry off: as installed, the import alone sends a usage event to Google Analytics.

    It does so through a package of its own, and does without where that cannot be imported.
    """
    if "openvino" not in sys.modules:
        sys.modules["openvino_telemetry"] = None  # type: ignore[assignment]  # so an import of it fails
    import openvino
    return openvino

"""PyTorch, in float32 on the processor and in half precision on a graphics card.

On CUDA each step is captured once as a CUDA graph, whose hundred small kernels then start with one call. Pictures are copied
through page-locked memory on a stream of their own, beside the computation.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from contextlib import nullcontext
from threading import Lock
from typing import Callable

import torch

from ..keypoints import Keypoints
from ..model import Drawing, EncodedSource, FirstOrderMotionModel
from .runner import Candidate


def candidates() -> list[Candidate]:
    """Return the ways in which PyTorch can run the model on this machine."""
    found = [Candidate("torch", "cpu", "fp32")]
    found += [Candidate("torch", f"cuda:{index}", "fp16") for index in range(torch.cuda.device_count())]
    found += [Candidate("torch", "mps", "fp16")] if torch.backends.mps.is_available() else []
    return found


class TorchRunner:
    """A runner.Runner on PyTorch. A source is uploaded to the device when it is first drawn, and stays there."""

    def __init__(self, model: FirstOrderMotionModel, candidate: Candidate) -> None:
        self._device = torch.device(candidate.device)
        networks = model.networks
        if candidate.precision != "fp32":
            dtype = {"fp16": torch.float16, "bf16": torch.bfloat16}[candidate.precision]
            networks = copy.deepcopy(networks).to(  # type: ignore[call-overload]  # its types leave out the memory format
                self._device, dtype, memory_format=torch.channels_last)
        self._detector, self._generator = networks.kp_detector, networks.generator
        self._steps: dict[str, Callable[..., Sequence[torch.Tensor]]] = {"detect": self._find, "draw": self._draw}
        self._transfers = Transfers(self._device)
        # Keypoints are found in one thread and pictures drawn in another; a graphics card does one at a time.
        self._turn = nullcontext() if self._device.type == "cpu" else Lock()
        self._source: EncodedSource | None = None
        self._on_device: tuple[torch.Tensor, ...] = ()

    @torch.inference_mode()
    def detect(self, image: torch.Tensor) -> Keypoints:
        with self._turn:
            return Keypoints(*(result.cpu() for result in self._run("detect", self._transfers.upload(image))))

    @torch.inference_mode()
    def draw(self, encoded: EncodedSource, keypoints_driving: Keypoints) -> Drawing:
        with self._turn:
            if encoded is not self._source:
                self._source = encoded
                tensors = (encoded.small, encoded.features, *encoded.keypoints)
                self._on_device = tuple(tensor.to(self._device) for tensor in tensors)
            driving = tuple(tensor.to(self._device) for tensor in keypoints_driving)
            arriving = [self._transfers.download(result) for result in self._run("draw", *self._on_device, *driving)]
        return Drawing(*(arrived() for arrived in arriving))

    def _find(self, image: torch.Tensor) -> Sequence[torch.Tensor]:
        return self._detector(image)

    def _draw(self, small: torch.Tensor, features: torch.Tensor, *keypoints: torch.Tensor) -> Sequence[torch.Tensor]:
        motion = self._generator.dense_motion_network(small, Keypoints(*keypoints[:2]), Keypoints(*keypoints[2:]))
        return [self._generator.decode(features.to(self._generator.final.weight.dtype), motion), motion.mask]

    def _run(self, step: str, *inputs: torch.Tensor) -> Sequence[torch.Tensor]:
        """Run a step on tensors of the device; on CUDA it is captured at the first call."""
        if self._device.type == "cuda" and not isinstance(self._steps[step], Recorded):
            self._steps[step] = Recorded(self._steps[step], inputs)
        return self._steps[step](*inputs)


class Recorded:
    """A function of CUDA tensors of fixed shapes, captured as a CUDA graph. Each call overwrites the results of the last."""

    def __init__(self, function: Callable[..., Sequence[torch.Tensor]], examples: Sequence[torch.Tensor]) -> None:
        self._device = examples[0].device
        self._inputs = [example.clone() for example in examples]
        with torch.cuda.device(self._device):
            aside = torch.cuda.Stream()
            aside.wait_stream(torch.cuda.current_stream())
            with torch.cuda.stream(aside):
                for _ in range(3):  # libraries choose algorithms and allocate memory before the capture
                    function(*self._inputs)
            torch.cuda.current_stream().wait_stream(aside)
            self._graph = torch.cuda.CUDAGraph()
            # Other threads may allocate page-locked memory meanwhile.
            with torch.cuda.graph(self._graph, capture_error_mode="thread_local"):
                self._outputs = function(*self._inputs)

    def __call__(self, *inputs: torch.Tensor) -> Sequence[torch.Tensor]:
        for own, given in zip(self._inputs, inputs):
            own.copy_(given, non_blocking=True)
        with torch.cuda.device(self._device):
            self._graph.replay()
        return self._outputs


class Transfers:
    """Copies between host memory and a device; on CUDA they overlap with computation."""

    def __init__(self, device: torch.device) -> None:
        self._device = device
        self._stream = torch.cuda.Stream(device) if device.type == "cuda" else None

    def upload(self, tensor: torch.Tensor) -> torch.Tensor:
        """Return the tensor on the device, ready for whatever is queued there next."""
        if self._stream is None:
            return tensor.to(self._device)
        with torch.cuda.stream(self._stream):
            copied = tensor.pin_memory().to(self._device, non_blocking=True)
        current = torch.cuda.current_stream(self._device)
        current.wait_stream(self._stream)
        copied.record_stream(current)
        return copied

    def download(self, tensor: torch.Tensor) -> Callable[[], torch.Tensor]:
        """Start to fetch a tensor. Returns a function that waits for it; meanwhile the device goes on."""
        if self._stream is None:
            fetched = tensor.to("cpu")
            return lambda: fetched
        self._stream.wait_stream(torch.cuda.current_stream(self._device))
        with torch.cuda.stream(self._stream):
            host = torch.empty(tensor.shape, dtype=tensor.dtype, pin_memory=True).copy_(tensor, non_blocking=True)
            arrived = self._stream.record_event()
        # Whatever is queued from here on may overwrite the tensor, so it has to wait for the copy.
        torch.cuda.current_stream(self._device).wait_event(arrived)

        def wait() -> torch.Tensor:
            arrived.synchronize()
            return host
        return wait

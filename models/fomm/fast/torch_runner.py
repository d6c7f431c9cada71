"""PyTorch: on the processor in float32, on a graphics card in half precision.

On CUDA each step is recorded once as a CUDA graph: its hundred small kernels then start with one call. Pictures travel
through page-locked memory on a stream of their own, so that copies run beside the computing.
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
    found = [Candidate("torch", "cpu", "fp32")]
    found += [Candidate("torch", f"cuda:{index}", "fp16") for index in range(torch.cuda.device_count())]
    found += [Candidate("torch", "mps", "fp16")] if torch.backends.mps.is_available() else []
    return found


class TorchRunner:
    """See runner.Runner. Sources stay on the device: they are uploaded when they are first drawn."""

    def __init__(self, model: FirstOrderMotionModel, candidate: Candidate) -> None:
        self._device = torch.device(candidate.device)
        networks = model.networks
        if candidate.precision != "fp32":
            dtype = {"fp16": torch.float16, "bf16": torch.bfloat16}[candidate.precision]
            networks = copy.deepcopy(networks).to(self._device, dtype, memory_format=torch.channels_last)
        self._detector, self._generator = networks.kp_detector, networks.generator
        self._steps: dict[str, Callable] = {"detect": self._find, "draw": self._draw}
        self._transfers = Transfers(self._device)
        # Keypoints are found in one thread and pictures drawn in another. A graphics card takes one at a time.
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
        if self._device.type == "cuda" and not isinstance(self._steps[step], Recorded):
            self._steps[step] = Recorded(self._steps[step], inputs)
        return self._steps[step](*inputs)


class Recorded:
    """A function of CUDA tensors of fixed shapes, recorded as a CUDA graph. The next call overwrites its results."""

    def __init__(self, function: Callable[..., Sequence[torch.Tensor]], examples: Sequence[torch.Tensor]) -> None:
        self._device = examples[0].device
        self._inputs = [example.clone() for example in examples]
        with torch.cuda.device(self._device):
            aside = torch.cuda.Stream()
            aside.wait_stream(torch.cuda.current_stream())
            with torch.cuda.stream(aside):
                for _ in range(3):  # libraries choose their algorithms and take their memory before the recording
                    function(*self._inputs)
            torch.cuda.current_stream().wait_stream(aside)
            self._graph = torch.cuda.CUDAGraph()
            # Other threads may ask for page-locked memory meanwhile.
            with torch.cuda.graph(self._graph, capture_error_mode="thread_local"):
                self._outputs = function(*self._inputs)

    def __call__(self, *inputs: torch.Tensor) -> Sequence[torch.Tensor]:
        for own, given in zip(self._inputs, inputs):
            own.copy_(given, non_blocking=True)
        with torch.cuda.device(self._device):
            self._graph.replay()
        return self._outputs


class Transfers:
    """Copies between the computer's memory and a device; on CUDA beside what is being computed."""

    def __init__(self, device: torch.device) -> None:
        self._device = device
        self._stream = torch.cuda.Stream(device) if device.type == "cuda" else None

    def upload(self, tensor: torch.Tensor) -> torch.Tensor:
        """The tensor on the device, ready for what is queued there next."""
        if self._stream is None:
            return tensor.to(self._device)
        with torch.cuda.stream(self._stream):
            copied = tensor.pin_memory().to(self._device, non_blocking=True)
        current = torch.cuda.current_stream(self._device)
        current.wait_stream(self._stream)
        copied.record_stream(current)
        return copied

    def download(self, tensor: torch.Tensor) -> Callable[[], torch.Tensor]:
        """Starts to fetch the tensor. The call that is returned waits for it; until then the device can go on."""
        if self._stream is None:
            fetched = tensor.to("cpu")
            return lambda: fetched
        self._stream.wait_stream(torch.cuda.current_stream(self._device))
        with torch.cuda.stream(self._stream):
            host = torch.empty(tensor.shape, dtype=tensor.dtype, pin_memory=True).copy_(tensor, non_blocking=True)
            arrived = self._stream.record_event()
        # What is queued from here on may overwrite the tensor: it has to wait for the copy.
        torch.cuda.current_stream(self._device).wait_event(arrived)

        def wait() -> torch.Tensor:
            arrived.synchronize()
            return host
        return wait

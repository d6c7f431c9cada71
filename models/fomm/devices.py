"""The devices that the neural engine can run on, and sentences for the user about those that it cannot.

The id of a device is "cpu", "cuda:0", "mps", "openvino:gpu" (Intel graphics) or "directml"; "auto" means all of them. Several
runtimes may reach the same device; which of them is the fastest is measured (fast.trial).
"""

from __future__ import annotations

from typing import NamedTuple

import torch

from core.shared.texts import text

from ..contract import EngineUnavailable
from .fast import onnxruntime_runner, openvino_runner, torch_runner
from .fast.runner import Candidate

AUTO, CPU = "auto", "cpu"

_OF_PROVIDERS = {"CPUExecutionProvider": CPU, "CUDAExecutionProvider": "cuda:0", "ROCMExecutionProvider": "cuda:0",
                 "MIGraphXExecutionProvider": "cuda:0", "CoreMLExecutionProvider": "mps", "DmlExecutionProvider": "directml"}
_OUT_OF_MEMORY = ("out of memory", "out_of_memory", "not enough memory", "bad_alloc", "failed to allocate")


class Device(NamedTuple):
    """A device that the neural engine can run on."""

    id: str
    """The id, such as "cuda:0"."""
    name: str
    """The maker's name of the device."""


def devices() -> list[Device]:
    """All devices of this machine that can be used, the processor first."""
    found = [candidate for runtime in (torch_runner, onnxruntime_runner, openvino_runner)
             for candidate in runtime.candidates()]
    return [Device(each, name(each)) for each in dict.fromkeys(map(of, found)) if not unsupported(each)]


def of(candidate: Candidate) -> str:
    """Return the id of the device that a candidate runs on."""
    if candidate.runtime == "onnxruntime":
        return _OF_PROVIDERS.get(candidate.device, candidate.device)
    if candidate.device.lower() == CPU:
        return CPU
    return candidate.device if candidate.runtime == "torch" else f"openvino:{candidate.device.lower()}"


def name(device: str) -> str:
    """Return what a device is called; its id where there is no better name."""
    try:
        if device.startswith("cuda"):
            return str(torch.cuda.get_device_name(device))
        if device.startswith("openvino:"):
            return openvino_runner.full_name(device.partition(":")[2].upper())
    except Exception:  # the driver may be gone, and the name is wanted for a sentence that says so
        return device
    return {CPU: "CPU", "mps": "Apple GPU", "directml": "GPU (DirectML)"}.get(device, device)


def check(device: str) -> None:
    """Raise EngineUnavailable where the machine has no such device, or the installed PyTorch cannot use it."""
    if device == AUTO:
        return
    problem = unsupported(device)
    if problem:
        raise EngineUnavailable(problem)
    there = devices()
    if device not in {each.id for each in there}:
        names = ", ".join(each.name for each in there)
        raise EngineUnavailable(text("Neural.NoSuchDevice", device=device, names=names))


def unsupported(device: str) -> str:
    """Why the installed PyTorch cannot use an NVIDIA or AMD card of this machine; empty if it can, and for other devices."""
    if not device.startswith("cuda"):
        return ""
    index = int(device.partition(":")[2] or 0)
    if index >= torch.cuda.device_count():
        return ""
    built_for = torch.cuda.get_arch_list()
    if torch.version.hip:
        kind = torch.cuda.get_device_properties(index).gcnArchName.split(":")[0]
        fits = kind in built_for
    else:
        major, minor = torch.cuda.get_device_capability(index)
        kind, fits = f"compute capability {major}.{minor}", _fits(major, minor, built_for)
    if fits or not built_for:
        return ""
    return text("Neural.Unsupported", device=name(device), kind=kind)


def all_unsupported() -> list[str]:
    """Return a sentence for each card of this machine that cannot be used."""
    return list(filter(None, (unsupported(f"cuda:{index}") for index in range(torch.cuda.device_count()))))


def failure(device: str, error: BaseException) -> str:
    """Return a sentence for the user about an error while the engine ran. device: its id, empty where that is not known."""
    called = name(device) if device else text("Neural.ThisComputer")
    said = (str(error).strip().splitlines() or [""])[0]
    if isinstance(error, MemoryError) or any(each in str(error).lower() for each in _OUT_OF_MEMORY):
        return text("Neural.NoMemory" if device == CPU else "Neural.NoMemoryTryCpu", device=called)
    return text("Neural.Failed", device=called, error=f"{type(error).__name__}{': ' if said else ''}{said[:200]}")


def _fits(major: int, minor: int, built_for: list[str]) -> bool:
    """Return whether code runs on a card: machine code on the same major and no lower minor version, PTX on all later ones."""
    for each in built_for:
        kind, _, version = each.partition("_")
        built_major, built_minor = divmod(int("".join(filter(str.isdigit, version)) or 0), 10)
        if kind == "sm" and built_major == major and built_minor <= minor:
            return True
        if kind == "compute" and (built_major, built_minor) <= (major, minor):
            return True
    return False

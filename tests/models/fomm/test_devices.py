"""Devices by name, and sentences about those that cannot be used."""

from __future__ import annotations

import pytest
import torch

from core.shared import texts
from models.contract import EngineUnavailable
from models.fomm import devices
from models.fomm.fast.runner import Candidate


@pytest.fixture
def old_card(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 1)
    monkeypatch.setattr(torch.cuda, "get_device_name", lambda device: "NVIDIA GeForce GT 710")
    monkeypatch.setattr(torch.cuda, "get_device_capability", lambda index: (3, 5))
    monkeypatch.setattr(torch.cuda, "get_arch_list", lambda: ["sm_75", "sm_86", "sm_90", "compute_90"])


def test_the_processor_is_there_and_comes_first() -> None:
    assert devices.devices()[0] == ("cpu", "CPU")
    devices.check("cpu")
    devices.check("auto")


@pytest.mark.parametrize(("runtime", "device", "wanted"), [
    ("torch", "cpu", "cpu"), ("openvino", "CPU", "cpu"), ("onnxruntime", "CPUExecutionProvider", "cpu"),
    ("torch", "cuda:1", "cuda:1"), ("torch", "mps", "mps"), ("onnxruntime", "CoreMLExecutionProvider", "mps"),
    ("openvino", "GPU.0", "openvino:gpu.0"), ("onnxruntime", "DmlExecutionProvider", "directml")])
def test_runtimes_that_reach_the_same_device_agree_on_its_id(runtime: str, device: str, wanted: str) -> None:
    assert devices.of(Candidate(runtime, device, "fp32")) == wanted


def test_a_device_that_is_gone_is_named_with_what_there_is() -> None:
    with pytest.raises(EngineUnavailable, match="“cuda:7” is not there any more. Available: CPU"):
        devices.check("cuda:7")


def test_a_card_that_pytorch_was_not_built_for_is_named(old_card: None) -> None:
    assert [each.id for each in devices.devices()] == ["cpu"]
    with pytest.raises(EngineUnavailable, match=r"does not support NVIDIA GeForce GT 710 \(compute capability 3.5\)"):
        devices.check("cuda:0")
    assert len(devices.all_unsupported()) == 1


@pytest.mark.parametrize(("card", "fits"), [((7, 5), True), ((8, 6), True), ((8, 9), True), ((8, 0), False),
                                            ((9, 0), True), ((12, 0), True), ((7, 0), False)])
def test_which_cards_the_compiled_code_fits(card: tuple, fits: bool) -> None:
    assert devices._fits(*card, ["sm_75", "sm_86", "sm_90", "compute_90"]) is fits


def test_failures_are_sentences() -> None:
    full = devices.failure("mps", RuntimeError("MPS backend out of memory (MPS allocated: 5 GB)"))
    assert full == ("There is too little memory on Apple GPU for the neural engine. Close other programs that use it, "
                    "or choose the device CPU.")
    assert "device CPU" not in devices.failure("cpu", MemoryError())
    lost = devices.failure("cuda:0", RuntimeError("CUDA error: unspecified launch failure\nCUDA kernel errors might be"))
    assert "(RuntimeError: CUDA error: unspecified launch failure)" in lost and "\n" not in lost


def test_failures_are_sentences_in_the_users_language(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(texts, "_language", "de-DE")
    assert devices.failure("", MemoryError()).startswith("Auf diesem Rechner ist zu wenig Speicher für die neuronale Engine")
    assert devices.failure("cpu", RuntimeError("lost")) == (
        "Die neuronale Engine läuft nicht: Auf CPU ist ein Fehler aufgetreten (RuntimeError: lost).")

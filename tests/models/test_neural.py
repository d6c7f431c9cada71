"""Whether the neural engine is taken: what is missing, what is too slow, what was chosen all the same."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from core.shared import texts
from models import neural, weights
from models.contract import EngineUnavailable
from models.fomm import painter as fomm_painter
from models.fomm.fast.runner import Candidate
from models.fomm.fast.trial import Result
from models.wishes import Wishes


@pytest.fixture
def speed(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Sets how long a picture takes on which candidate; weights are there."""
    monkeypatch.setattr(weights, "path", lambda name: Path(f"{name}.safetensors"))

    def take(milliseconds: float, *candidate: str) -> None:
        model = SimpleNamespace(result=Result(Candidate(*(candidate or ("openvino", "CPU", "int8"))), milliseconds))
        monkeypatch.setattr(fomm_painter, "open_model", lambda *arguments: model)
    return take


def test_without_pytorch_it_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(EngineUnavailable, match="not installed. Run  python3 obs_avatar.py setup --neural"):
        neural.opened(Wishes())


def test_without_weights_it_says_how_to_get_them(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(weights.store.places, "user_data", lambda: tmp_path)
    with pytest.raises(EngineUnavailable, match="models fetch vox-adv-256"):
        neural.opened(Wishes())


def test_what_is_lacking_is_said_in_the_users_language(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, speed: Any) -> None:
    monkeypatch.setattr(texts, "_language", "de-DE")
    speed(200.0)
    with pytest.raises(EngineUnavailable, match="schafft auf diesem Rechner 5.0 Frames pro Sekunde, gemessen auf CPU"):
        neural.opened(Wishes())
    monkeypatch.undo()
    monkeypatch.setattr(texts, "_language", "de-DE")
    monkeypatch.setattr(weights.store.places, "user_data", lambda: tmp_path)
    with pytest.raises(EngineUnavailable, match="^Die Gewichte .* sind noch nicht da. Holen .* models fetch vox-adv-256$"):
        neural.opened(Wishes())
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(EngineUnavailable, match="Die neuronale Engine ist nicht installiert"):
        neural.opened(Wishes())


def test_the_weights_that_are_preferred_are_those_that_can_be_downloaded() -> None:
    assert weights.downloadable(neural.WEIGHTS[0]) is weights.KNOWN[0]


def test_auto_does_not_take_a_slow_device_and_says_how_to_take_it(speed: Any) -> None:
    speed(200.0)
    with pytest.raises(EngineUnavailable) as raised:
        neural.opened(Wishes())
    assert str(raised.value) == (
        "The neural engine draws 5.0 pictures a second on this computer, measured on CPU; “Automatic” needs at least 20. "
        "To use it anyway, choose the device CPU.")


@pytest.mark.parametrize(("milliseconds", "device", "live", "in_between"), [
    (200.0, "cpu", True, True), (200.0, "cpu", False, False), (49.0, "auto", True, True), (20.0, "auto", True, False)])
def test_only_live_and_only_a_slow_device_gets_pictures_in_between(speed: Any, milliseconds: float, device: str, live: bool,
                                                                  in_between: bool) -> None:
    speed(milliseconds)
    engine = neural.opened(Wishes(device=device, live=live))
    assert (engine._drawer is not None) == in_between
    engine.close()


def test_a_device_that_is_not_there_is_refused_before_anything_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weights, "path", lambda name: Path("none.safetensors"))
    with pytest.raises(EngineUnavailable, match="“cuda:5” is not there any more"):
        neural.opened(Wishes(device="cuda:5"))


def test_devices_are_told_by_id_and_name(monkeypatch: pytest.MonkeyPatch) -> None:
    assert neural.devices()[0] == ("cpu", "CPU")

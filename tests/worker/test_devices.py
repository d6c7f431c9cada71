"""The lists of cameras, screens and computing devices."""

from __future__ import annotations

import pytest

from core.worker import devices


@pytest.mark.parametrize(("failing", "kind"), [("_cameras", "cameras"), ("_monitors", "monitors"),
                                               ("_computing_devices", "devices")])
def test_a_list_that_fails_once_costs_neither_itself_nor_the_others(monkeypatch, failing, kind):
    """A look used to end with the first trouble, and a camera plugged in later was never seen."""
    monkeypatch.setattr(devices, "_cameras", lambda: ["A camera"])
    monkeypatch.setattr(devices, "_monitors", lambda: ["A screen"])
    monkeypatch.setattr(devices, "_computing_devices", lambda: {"cpu": "Processor"})
    known = devices.looked_again({})
    assert known == {"cameras": ["A camera"], "monitors": ["A screen"], "devices": {"cpu": "Processor"}}

    def fails():
        raise OSError("no display")
    monkeypatch.setattr(devices, failing, fails)
    assert devices.looked_again(known) == known
    assert not devices.looked_again({})[kind]

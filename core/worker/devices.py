"""Tells OBS which cameras, screens and computing devices there are, at the start and whenever they change."""

from __future__ import annotations

import logging
import sys
import threading
import time
from typing import Any

from ..link.ends import WorkerEnd

SECONDS_BEFORE_THE_FIRST_LOOK = 1.0
"""The delay before the first look, so that the first picture comes first: looking for cameras loads libraries and may keep the
processor busy for a while."""
SECONDS_BETWEEN_LOOKS = 5.0

log = logging.getLogger(__name__)


def report_to(link: WorkerEnd) -> None:
    """Start a thread that reports the devices to OBS until the process ends: on some systems, a look takes seconds."""
    threading.Thread(target=_watch, args=(link,), name="devices", daemon=True).start()


def _watch(link: WorkerEnd) -> None:
    known: dict[str, Any] = {}
    time.sleep(SECONDS_BEFORE_THE_FIRST_LOOK)
    while True:
        found = looked_again(known)
        if found != known:
            known = found
            link.send("devices", **found)
        time.sleep(SECONDS_BETWEEN_LOOKS)


def looked_again(known: dict[str, Any]) -> dict[str, Any]:
    """Return the devices found now, by kind; a kind that cannot be listed keeps what was `known` of it, or stays empty."""
    found = {}
    for kind, look, nothing in (("cameras", _cameras, []), ("monitors", _monitors, []), ("devices", _computing_devices, {})):
        try:
            found[kind] = look()
        except Exception:
            log.exception("the %s cannot be listed", kind)
            found[kind] = known.get(kind, nothing)
    return found


def _cameras() -> list[str]:
    from .drivers.camera import camera_names
    return camera_names()


def _computing_devices() -> dict[str, str]:
    """Return the computing devices' names by their ids, once the neural engine is in use; PyTorch is not loaded just for
    this."""
    if "torch" not in sys.modules:
        return {}
    from models import neural
    return dict(neural.devices())


def _monitors() -> list[str]:
    from .drivers.screen import monitor_names
    return monitor_names()

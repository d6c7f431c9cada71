"""Reports the graphics cards, whether anything uses them, and if not, why. PyTorch is asked in a separate process."""

from __future__ import annotations

import glob
import json
import os
import platform
import subprocess
import sys
from pathlib import Path

from ...shared import places
from .. import environment
from .finding import OK, WARNING, Finding

NAME = "Graphics card"
PATIENCE_SECONDS = 60.0
MAKERS = {"0x10de": "NVIDIA", "0x1002": "AMD", "0x8086": "Intel"}
CARDS = "/sys/class/drm/card[0-9]*/device/vendor"
NEURAL = "Run: python3 obs_avatar.py setup --neural"

_ASK = """import json
from models.fomm import devices
print(json.dumps([[[each.id, each.name] for each in devices.devices()], devices.all_unsupported()]))"""


def finding() -> Finding:
    cards = found()
    if not cards:
        return Finding(NAME, OK, "None was found. None is needed: the built-in engine runs on the processor.")
    here = ", ".join(cards)
    if not _neural_is_set_up():
        return Finding(NAME, OK, f"{here}, not used. The built-in engine runs on the processor, and the neural engine, "
                       f"which could use a card, is not installed ({NEURAL}).")
    told = _usable()
    if told is None:
        return Finding(NAME, WARNING, f"{here}, not used. PyTorch could not be asked for its devices.", NEURAL)
    devices, reasons = told
    used = [name for id, name in devices if id != "cpu"]
    if used:
        return Finding(NAME, OK, f"{here}. The neural engine can use {', '.join(used)}; the built-in one needs no card.")
    reason = " ".join(reasons) or "The installed PyTorch was built without support for it, or its device driver is missing."
    return Finding(NAME, WARNING, f"{here}, not used by the neural engine. {reason}",
                   "Install the manufacturer's device driver. docs/engines.md lists the cards that can be used.")


def found() -> list[str]:
    """Return the makers of the graphics cards in this computer (on Windows, the names of the cards)."""
    if sys.platform == "darwin":
        return ["Apple"] if platform.machine() == "arm64" else []
    if os.name == "nt":
        return _of_windows()
    vendors = [Path(file).read_text().strip() for file in sorted(glob.glob(CARDS))]
    return [MAKERS[vendor] for vendor in dict.fromkeys(vendors) if vendor in MAKERS]


def _of_windows() -> list[str]:
    command = ["powershell", "-NoProfile", "-Command", "(Get-CimInstance Win32_VideoController).Name"]
    try:
        told = subprocess.run(command, capture_output=True, text=True, errors="replace", timeout=PATIENCE_SECONDS).stdout
    except (OSError, subprocess.TimeoutExpired):
        return []
    return [line.strip() for line in told.splitlines() if line.strip()]


def _neural_is_set_up() -> bool:
    return places.venv_python().exists() and environment.is_ready(environment.NEURAL_REQUIREMENTS)


def _usable() -> tuple[list[list[str]], list[str]] | None:
    """Return the [id, name] of each device of the neural engine, and why others cannot be used; None if PyTorch fails."""
    try:
        told = subprocess.run([str(places.venv_python()), "-c", _ASK], cwd=places.ROOT, capture_output=True, text=True,
                              errors="replace", env=environment.foreign_free(os.environ), timeout=PATIENCE_SECONDS).stdout
        devices, reasons = json.loads(told.splitlines()[-1])
        return devices, reasons
    except (OSError, ValueError, IndexError, subprocess.TimeoutExpired):
        return None

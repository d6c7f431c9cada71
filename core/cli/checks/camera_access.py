"""Says whether this user may open the cameras, and which program uses one; only Linux tells without opening them."""

from __future__ import annotations

import glob
import os
from pathlib import Path

from .finding import PROBLEM, WARNING, Finding

DEVICES = "/dev/video*"


def trouble() -> Finding | None:
    """Return a finding about what keeps a camera from being opened, or None if nothing is known to."""
    devices = sorted(glob.glob(DEVICES))
    forbidden = [device for device in devices if not _may_open(device)]
    if forbidden and len(forbidden) == len(devices):
        return Finding("Cameras", PROBLEM, f"Your user has no permission to open {', '.join(forbidden)}.",
                       "Run: sudo usermod -aG video $USER, then log out and in again.")
    for device in devices:
        programs = users(device)
        if programs:
            return Finding("Cameras", WARNING, f"{device} is in use by {', '.join(programs)}.",
                           "That is fine if it is OBS Avatar. If not, close that program, or choose another camera.")
    return None


def users(device: str) -> list[str]:
    """Return the programs that have the device open, as far as this user can see, as “name (process id)”."""
    there, found = os.path.realpath(device), []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if any(os.path.realpath(file) == there for file in (process / "fd").iterdir()):
                found.append(f"{(process / 'comm').read_text().strip()} ({process.name})")
        except OSError:  # the process belongs to another user, or has just ended
            continue
    return sorted(found)


def _may_open(device: str) -> bool:
    return os.access(device, os.R_OK | os.W_OK, effective_ids=os.access in os.supports_effective_ids)

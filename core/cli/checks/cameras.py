"""Lists the cameras from a separate process, because a camera's device driver may hang or crash the one that asks."""

from __future__ import annotations

import json
import subprocess
import sys

from ...shared import places

PATIENCE_SECONDS = 15.0

_ASK = "import json; from core.worker.drivers.camera import camera_names; print(json.dumps(camera_names()))"


def found() -> list[str] | None:
    """Return the names of the cameras, or None if the system does not answer within PATIENCE_SECONDS or at all."""
    try:
        told = subprocess.run([sys.executable, "-c", _ASK], cwd=places.ROOT, capture_output=True, text=True,
                              timeout=PATIENCE_SECONDS)
        return json.loads(told.stdout.splitlines()[-1])
    except (OSError, ValueError, IndexError, subprocess.TimeoutExpired):
        return None

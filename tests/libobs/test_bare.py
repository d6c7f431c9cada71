"""What a user of a newer OBS meets: the source comes to life, moves, survives its worker and a reload, and leaves nothing."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from core import __version__
from core.shared import places

from ..in_obs.conftest import display  # noqa: F401
from ..support.scene import CLIP

LIBRARIES = os.environ["OBS_AVATAR_LIBOBS"]
PROGRAM = Path(__file__).with_name("program.py")
OF_LIBOBS_ITSELF = 2
"""Allocations that a libobs without any source of ours leaves when it ends so bare."""


@pytest.fixture
def seen(display, tmp_path):  # noqa: F811
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    told = subprocess.run(
        [sys.executable, str(PROGRAM), LIBRARIES, str(places.ROOT), str(CLIP)], capture_output=True, text=True, check=False,
        timeout=400, cwd=tmp_path, env={**environment, "DISPLAY": display, "LD_LIBRARY_PATH": LIBRARIES, "HOME": str(tmp_path),
                                        "LIBGL_ALWAYS_SOFTWARE": "1"})
    assert told.returncode == 0, told.stderr[-3000:] + told.stdout[-2000:]
    return json.loads(told.stdout.splitlines()[-1])


def test_a_source_lives_in_a_newer_libobs(seen):
    assert seen["libobs"].startswith("32") and seen["has_properties"]
    assert f"</b> {__version__}<br>" in seen["description"]
    assert seen["allocations_left"] <= OF_LIBOBS_ITSELF

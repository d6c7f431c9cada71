"""`test --obs bare`: downloads libobs 32 from PyPI, without OBS around it, and runs the bridge's tests against it.

This is only needed for tests, and nothing is installed: two wheels are unpacked into a folder of their own. The one with
libobs is built for FFmpeg 6, which the second one, an old PyAV, contains.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path

from ..shared import places
from ..shared.errors import UserError

LIBOBS, FFMPEG = "pylibobs==32.2.2", "av==12.3.0"
LIBRARIES = "OBS_AVATAR_LIBOBS"
"""The environment variable that tells tests/libobs the folder with the libraries."""


def run(kept: Path, pytest: Sequence[str]) -> int:
    folder = kept / "libobs"
    libraries = folder / "pylibobs" / "_libs" / "linux" / "x86_64"
    if not (libraries / "ready").exists():
        _bring(folder, libraries)
    return subprocess.call([sys.executable, "-m", "pytest", *(pytest or ["tests/libobs"])], cwd=places.ROOT,
                           env={**os.environ, LIBRARIES: str(libraries)})


def _bring(folder: Path, libraries: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    # Only the libraries in the wheels are used, so it does not matter which Python a wheel was made for.
    for package in (LIBOBS, FFMPEG):
        code = subprocess.call([sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:",
                                "--python-version", "3.11", "--platform", "manylinux_2_31_x86_64", "--platform",
                                "manylinux_2_17_x86_64", "--dest", str(folder), package])
        if code:
            raise UserError(f"{package} could not be downloaded. pip says why above; check the network and try again.")
    for wheel in folder.glob("*.whl"):
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(folder)
    for library in (folder / "av.libs").iterdir():
        # The wheel's libraries know each other by their long names; libobs asks for the plain ones.
        (libraries / library.name).symlink_to(library)
        plain = re.sub(r"-[0-9a-f]{8}(\.so\.\d+).*", r"\1", library.name)
        if plain.startswith(("libavcodec", "libavformat", "libavutil", "libswscale", "libswresample")):
            (libraries / plain).symlink_to(library)
    (libraries / "ready").touch()

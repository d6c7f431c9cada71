"""The Python that OBS itself uses for scripts. On Linux it is built in; on Windows and macOS the user chooses one."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

CHOSEN_BY_USER = ("win32", "darwin")
NEWEST = (3, 12)
"""The newest Python that OBS 30.1 to 32 load on Windows and macOS (OBS issue 11461). The worker's own may be newer."""


def folder() -> str:
    """Return what to enter in OBS's Python Settings for the Python behind this one, or "" if OBS would refuse it."""
    if sys.version_info[:2] > NEWEST:
        return ""
    base = Path(sys.base_prefix)
    if sys.platform == "win32":
        return str(base)
    # OBS expects the folder that contains Python.framework, which other builds of Python do not have.
    framework = next((parent for parent in base.parents if parent.name == "Python.framework"), None)
    return str(framework.parent) if framework else ""


def advice() -> str:
    """Return the step for the user, as a sentence without its full stop."""
    accepted = "OBS 28 and 29.0 accept Python 3.6 to 3.10, 29.1 and 30.0 up to 3.11, 30.1 to 32 up to 3.12"
    if folder():
        return f"Tools > Scripts > Python Settings: choose the folder {folder()} ({accepted})"
    what = "python.org's installer makes one" if sys.platform == "darwin" else "the one with python3XX.dll in it"
    return (f"Tools > Scripts > Python Settings: choose the folder of a Python that OBS accepts, {what} ({accepted}; "
            f"this one is {sys.version_info[0]}.{sys.version_info[1]}). It does not have to be the one used here")


def newest_for(obs: tuple[int, int]) -> tuple[int, int]:
    """Return the newest Python that this version of OBS loads on systems where the user chooses one."""
    return (3, 10) if obs < (29, 1) else (3, 11) if obs < (30, 1) else NEWEST


def versions_in(folder: Path) -> list[tuple[int, int]]:
    """Return the versions of the Pythons that OBS would find in `folder`, oldest first."""
    if sys.platform == "win32":
        names = [file.stem.lower() for file in folder.glob("python3*.dll")]
        found = [re.fullmatch(r"python(3)(\d+)", name) for name in names]
    else:
        names = [file.name for file in (folder / "Python.framework" / "Versions").glob("3.*")]
        found = [re.fullmatch(r"(3)\.(\d+)", name) for name in names]
    return sorted((int(version[1]), int(version[2])) for version in found if version)


def lost_library(modules: Sequence[Path]) -> str:
    """Return the Python library that OBS's module on Linux needs but the system lacks, or an empty string."""
    if not shutil.which("ldd"):
        return ""
    for module in modules:
        for library in module.parent.glob("_obspython*.so"):
            told = subprocess.run(["ldd", str(library)], capture_output=True, text=True, errors="replace").stdout
            lost = re.search(r"(libpython\S+) => not found", told)
            if lost:
                return lost[1]
    return ""

"""Which Python OBS itself uses for scripts. On Linux it is built in; on Windows and macOS the user chooses one."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

CHOSEN_BY_USER = ("win32", "darwin")
NEWEST = (3, 12)
"""The newest that OBS 30.1 to 32 load on Windows and macOS (upstream issue 11461); the worker's own may be newer."""


def folder() -> str:
    """What belongs into OBS's Python Settings for the Python behind this one; empty where OBS would refuse it."""
    if sys.version_info[:2] > NEWEST:
        return ""
    base = Path(sys.base_prefix)
    if sys.platform == "win32":
        return str(base)
    # OBS wants the folder that contains Python.framework; other builds of Python have none.
    framework = next((parent for parent in base.parents if parent.name == "Python.framework"), None)
    return str(framework.parent) if framework else ""


def advice() -> str:
    """The step for the user, as a sentence."""
    accepted = "OBS 28 and 29.0 take Python 3.6 to 3.10, 29.1 and 30.0 up to 3.11, 30.1 to 32 up to 3.12"
    if folder():
        return f"Tools > Scripts > Python Settings: choose the folder {folder()} ({accepted})"
    what = "python.org's installer makes one" if sys.platform == "darwin" else "the one with python3XX.dll in it"
    return (f"Tools > Scripts > Python Settings: choose the folder of a Python that OBS accepts, {what} ({accepted}; "
            f"this one is {sys.version_info[0]}.{sys.version_info[1]}). It may be another than the one used here")


def newest_for(obs: tuple[int, int]) -> tuple[int, int]:
    """The newest Python that an OBS of that version loads where the user chooses one."""
    return (3, 10) if obs < (29, 1) else (3, 11) if obs < (30, 1) else NEWEST


def versions_in(folder: Path) -> list[tuple[int, int]]:
    """Of the Pythons that OBS finds in a folder that was chosen for it, the oldest first."""
    if sys.platform == "win32":
        names = [file.stem.lower() for file in folder.glob("python3*.dll")]
        found = [re.fullmatch(r"python(3)(\d+)", name) for name in names]
    else:
        names = [file.name for file in (folder / "Python.framework" / "Versions").glob("3.*")]
        found = [re.fullmatch(r"(3)\.(\d+)", name) for name in names]
    return sorted((int(version[1]), int(version[2])) for version in found if version)


def lost_library(modules: Sequence[Path]) -> str:
    """The Python library that OBS's module on Linux was built with, where the system has not got it; empty where it has."""
    if not shutil.which("ldd"):
        return ""
    for module in modules:
        for library in module.parent.glob("_obspython*.so"):
            told = subprocess.run(["ldd", str(library)], capture_output=True, text=True, errors="replace").stdout
            lost = re.search(r"(libpython\S+) => not found", told)
            if lost:
                return lost[1]
    return ""

"""OBS Studio itself: finds it, says whether it is running, and starts it. Standard library only."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ..shared.errors import UserError
from .environment import foreign_free

UP_SECONDS = 3.0
"""An OBS that cannot start ends within this many seconds."""

OBS_MARK = "@/com/obsproject"
"""The name of a socket that every running OBS on Linux holds."""

MAC_APP = Path("/Applications/OBS.app")


def find() -> Path | None:
    """Return the path of the OBS program, or None if it is not installed."""
    places: list[Path] = []
    if sys.platform == "win32":
        folders = [os.environ.get(name) for name in ("ProgramFiles", "ProgramW6432", "ProgramFiles(x86)")]
        places = [Path(folder, "obs-studio", "bin", "64bit", "obs64.exe") for folder in folders if folder]
    elif sys.platform == "darwin":
        places = [app / "Contents" / "MacOS" / "OBS" for app in (MAC_APP, Path.home() / MAC_APP.relative_to("/"))]
    on_path = shutil.which("obs") or shutil.which("obs64")
    return next((place for place in places if place.is_file()), Path(on_path) if on_path else None)


def version(program: Path) -> str:
    """Return the version, such as "30.2.3", or an empty string if it is unknown, as on Windows, where OBS prints none."""
    if sys.platform == "win32":
        return ""
    try:
        told = subprocess.run([str(program), "--version"], capture_output=True, text=True, timeout=10, errors="replace",
                              env=foreign_free(os.environ))
    except (OSError, subprocess.TimeoutExpired):
        return ""
    found = re.search(r"\d+\.\d+(\.\d+)*", told.stdout)
    return found.group() if found else ""


def has_display() -> bool:
    """Return whether there is a display on which OBS could be shown."""
    return sys.platform in ("win32", "darwin") or any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))


def is_running() -> bool:
    """Return whether OBS is running."""
    if sys.platform == "win32":
        return "obs64.exe" in _output(["tasklist", "/FI", "IMAGENAME eq obs64.exe", "/NH"])
    if sys.platform == "darwin":
        return bool(_output(["pgrep", "-x", "-U", str(os.getuid()), "OBS"]))
    # OBS itself uses this socket to detect that it is already running.
    return OBS_MARK in _text(Path("/proc/net/unix"))


def _text(file: Path) -> str:
    try:
        return file.read_text(errors="replace")
    except OSError:
        return ""


def _output(command: Sequence[str]) -> str:
    try:
        return subprocess.run(command, capture_output=True, text=True, timeout=10, errors="replace").stdout
    except (OSError, subprocess.TimeoutExpired):
        return ""


def launch(program: Path, arguments: Sequence[str]) -> None:
    """Start OBS so that it outlives this command and its terminal. Raises UserError if it ends at once."""
    quiet: dict[str, Any] = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL,
                             "env": foreign_free(os.environ)}
    if sys.platform == "darwin":
        # Opened by the system, OBS itself asks for the camera; as our child process, the terminal would be asked for.
        command = ["open", "-a", str(program.parents[2]), "--args", *arguments]
        if subprocess.call(command, **quiet):
            raise UserError(f"macOS could not open {program.parents[2]}. Open OBS by hand once, then try again.")
        return
    if sys.platform == "win32":
        # OBS looks for its data relative to the folder in which it is started.
        flags = subprocess.DETACHED_PROCESS | subprocess.CREATE_NEW_PROCESS_GROUP
        process = subprocess.Popen([str(program), *arguments], cwd=program.parent, creationflags=flags, **quiet)
    else:
        process = subprocess.Popen([str(program), *arguments], start_new_session=True, **quiet)
    try:
        code = process.wait(UP_SECONDS)
    except subprocess.TimeoutExpired:
        return
    raise UserError(f"OBS ended at once (exit code {code}). Run “{program.name}” in a terminal to see why.")

"""Where things are stored on disk. Standard library only, because both processes use it."""

import os
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SHIPPED_AVATARS = ROOT / "avatars"
VENV = ROOT / ".venv"


def venv_python() -> Path:
    """Return the interpreter of the project's own environment, which `setup` makes; it may not exist yet."""
    if os.name == "nt":
        return VENV / "Scripts" / "python.exe"
    return VENV / "bin" / "python"


def user_data() -> Path:
    """Return the product's folder for the user's own files, by the platform's convention; it is not created here."""
    if os.name == "nt":
        base = Path(os.environ.get("APPDATA") or Path.home() / "AppData" / "Roaming")
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Application Support"
    else:
        base = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
    return base / "obs-avatar"


def user_cache() -> Path:
    """Return the product's folder for what can be computed again, by the platform's convention; it is not created here."""
    if os.name == "nt":
        base = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return base / "obs-avatar"


def user_avatars() -> Path:
    """Return the folder of the user's own pictures. Everything in it is offered in the list of avatars."""
    return user_data() / "avatars"


def dock() -> Path:
    """Return the folder for the dock page's address and its servers, which only this user can read."""
    return user_data() / "dock"


def log_file() -> Path:
    """Return the path of the worker's log, the file to attach to a bug report."""
    return user_data() / "worker.log"


def shared_memory_folder() -> str:
    """Return a folder that is kept in memory if the system has one, else the temporary folder."""
    return "/dev/shm" if os.path.isdir("/dev/shm") else tempfile.gettempdir()

"""Where things live on disk. Standard library only: both processes use it."""

import os
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SHIPPED_AVATARS = ROOT / "avatars"
VENV = ROOT / ".venv"


def venv_python() -> Path:
    """The interpreter of the project's own environment, which `setup` makes (it may not exist yet)."""
    if os.name == "nt":
        return VENV / "Scripts" / "python.exe"
    return VENV / "bin" / "python"


def user_data() -> Path:
    """The product's folder for the user's own files, by the platform's convention (not created here)."""
    if os.name == "nt":
        base = Path(os.environ.get("APPDATA") or Path.home() / "AppData" / "Roaming")
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Application Support"
    else:
        base = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
    return base / "obs-avatar"


def user_cache() -> Path:
    """The product's folder for what programs can compute again, by the platform's convention (not created here)."""
    if os.name == "nt":
        base = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return base / "obs-avatar"


def user_avatars() -> Path:
    """The user's own pictures: whatever lies in here is offered in the list of avatars."""
    return user_data() / "avatars"


def dock() -> Path:
    """What the dock page's address and its servers are remembered by; for this user's eyes only."""
    return user_data() / "dock"


def log_file() -> Path:
    """The worker's log, the file to attach to a report."""
    return user_data() / "worker.log"


def shared_memory_folder() -> str:
    """A folder that is memory where the system has one, else the temporary folder."""
    return "/dev/shm" if os.path.isdir("/dev/shm") else tempfile.gettempdir()

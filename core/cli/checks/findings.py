"""The checks of `doctor`. Standard library only, because they have to work where the environment does not."""

from __future__ import annotations

import configparser
import hashlib
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Callable

from ... import __version__
from ...link.frames import FrameExchange
from ...shared import avatars, places
from .. import environment, obs_config, obs_program, obs_python
from . import camera_access, cameras, gpu
from .finding import OK, PROBLEM, WARNING, Finding

SETUP = "Run: python3 obs_avatar.py setup"
DOWNLOAD = "Download the project again."
IMPORTS = "numpy, cv2, ai_edge_litert.interpreter, numba, mss, cv2_enumerate_cameras, av, PIL.Image, rich"
OLDEST_OBS = 28
ENOUGH_MEMORY = 64 << 20
"""The bytes of shared memory that are enough for a few avatars at once, at the largest size."""


def version() -> Finding:
    return Finding("OBS Avatar", OK, f"Version {__version__}.")


def system() -> Finding:
    return Finding("System", OK, f"{platform.platform()}, {platform.machine()}, {os.cpu_count()} processors.")


def python() -> Finding:
    version = platform.python_version()
    if not environment.OLDEST <= sys.version_info[:2] <= environment.NEWEST:
        return Finding("Python", PROBLEM, f"This is Python {version}, for which the packages are not available.",
                       f"Use Python {_dotted(environment.OLDEST)} to {_dotted(environment.NEWEST)}.")
    return Finding("Python", OK, f"Python {version}, {sys.executable}.")


def folder() -> Finding:
    """Check that the product's own folder, in which the environment is made, can be written to."""
    try:
        with tempfile.TemporaryFile(dir=places.ROOT):
            pass
    except OSError as error:
        return Finding("Folder", WARNING,
                       f"{places.ROOT} cannot be written to ({error.strerror}), so setup and updates do not work.",
                       "Copy the project to a folder that you can write to, and choose the script there in OBS.")
    return Finding("Folder", OK, f"{places.ROOT} can be written to.")


def packages() -> Finding:
    """Check that the environment exists and that the packages in it can be imported."""
    if os.environ.get(environment.AS_IT_IS):
        interpreter, where = sys.executable, f"{environment.AS_IT_IS} is set, so the running Python is used as it is"
    elif not places.venv_python().exists():
        return Finding("Environment", PROBLEM, f"There is no environment in {places.VENV}.", SETUP)
    elif not environment.is_ready(environment.REQUIREMENTS):
        return Finding("Environment", PROBLEM, "The environment is incomplete, or older than requirements.txt.", SETUP)
    else:
        interpreter, where = str(places.venv_python()), f"{places.VENV} matches requirements.txt"
    told = subprocess.run([interpreter, "-c", f"import {IMPORTS}"], capture_output=True, text=True, errors="replace",
                          env=environment.foreign_free(os.environ))
    if told.returncode:
        reason = (told.stderr.strip().splitlines() or ["no message"])[-1]
        return Finding("Environment", PROBLEM, f"A package cannot be used: {reason}.",
                       f"Delete the folder {places.VENV}. {SETUP}")
    return Finding("Environment", OK, where + ".")


def model_files() -> Finding:
    """Check that every file in a NOTICE.md's table is there and has the published hash."""
    wrong, right = [], 0
    for notice in sorted((places.ROOT / "models").glob("*/NOTICE.md")):
        for name, digest in re.findall(r"^\| `([^`]+)` \|.*\| `([0-9a-f]{64})` \|$", notice.read_text("utf-8"), re.MULTILINE):
            file = notice.with_name(name)
            if file.is_file() and hashlib.sha256(file.read_bytes()).hexdigest() == digest:
                right += 1
            else:
                wrong.append(name)
    if wrong or not right:
        return Finding("Models", PROBLEM, f"Missing or damaged: {', '.join(wrong) or 'all'}.", DOWNLOAD)
    return Finding("Models", OK, f"{right} files are present and undamaged.")


def weights() -> Finding:
    """Check the neural engine's weights, if any have been downloaded or imported."""
    name = "Weights"
    try:
        from models.weights import State, everything
    except ImportError as error:
        return Finding(name, WARNING, f"This cannot be checked before the environment is set up ({error}).", SETUP)
    kept = [status for status in everything(thoroughly=True) if status.state is not State.ABSENT]
    for status in kept:
        if status.state is not State.READY:
            return Finding(name, PROBLEM if status.state is State.DAMAGED else WARNING,
                           f"{status.title}: {status.state.value}.", status.text)
    told = ", ".join(status.title for status in kept)
    return Finding(name, OK, f"{told}: undamaged." if kept else "There are none. Only the neural engine needs them.")


def pictures() -> Finding:
    found = avatars.available()
    if not found:
        return Finding("Avatars", PROBLEM, f"There is no picture in {places.SHIPPED_AVATARS}.", DOWNLOAD)
    folder = places.user_avatars()
    if folder.exists() and not (folder.is_dir() and os.access(folder, os.R_OK | os.X_OK)):
        return Finding("Avatars", PROBLEM, "Your avatar folder cannot be read, so none of your own avatars are listed.",
                       f"Give your user permission to read the folder {folder}, or move whatever is in its place.")
    damaged = sum(bool(entry.error) or not entry.path.is_file() for entry in found)
    if damaged:
        return Finding("Avatars", WARNING, f"{damaged} of your own avatars are damaged or incomplete.",
                       "Run: python3 obs_avatar.py avatars list  to see which ones; “avatars remove” deletes them.")
    own = sum(entry.id.startswith("user:") for entry in found)
    return Finding("Avatars", OK, f"{len(found) - own} come with OBS Avatar, {own} are in {places.user_avatars()}.")


def camera() -> Finding:
    if not environment.is_inside() and not os.environ.get(environment.AS_IT_IS):
        return Finding("Cameras", WARNING, "This cannot be checked before the environment is set up.", SETUP)
    trouble = camera_access.trouble()
    if trouble is not None:
        return trouble
    names = cameras.found()
    if names is None:
        return Finding("Cameras", WARNING, f"The system did not list the cameras within {cameras.PATIENCE_SECONDS:.0f} s.",
                       "Unplug your cameras, plug them in again, and close programs that use them.")
    if not names:
        return Finding("Cameras", WARNING, "No camera was found.",
                       "Plug one in, allow its use in the system's privacy settings, or choose another driver.")
    return Finding("Cameras", OK, ", ".join(names) + ".")


def obs() -> Finding:
    program = obs_program.find()
    if program is None:
        if Path.home().joinpath(".var/app/com.obsproject.Studio").is_dir():
            return Finding("OBS", PROBLEM, "OBS is only installed as a Flatpak, where scripts cannot start the worker.",
                           "Install OBS with the system's package manager.")
        return Finding("OBS", PROBLEM, "OBS Studio was not found.", "Run: python3 obs_avatar.py start")
    version = obs_program.version(program)
    if version and int(version.split(".")[0]) < OLDEST_OBS:
        return Finding("OBS", PROBLEM, f"OBS {version} is too old.", f"Install OBS {OLDEST_OBS} or newer.")
    running = ", currently running" if obs_program.is_running() else ""
    return Finding("OBS", OK, f"OBS {version or '(unknown version)'}, {program}{running}.")


def python_of_obs() -> Finding:
    name = "OBS's Python"
    if sys.platform not in obs_python.CHOSEN_BY_USER:
        program = obs_program.find()
        prefix = program.resolve().parent.parent if program else Path("/usr")
        found = [*prefix.glob("lib*/obs-scripting/obspython.py"), *prefix.glob("lib*/*/obs-scripting/obspython.py")]
        if program and not found:
            return Finding(name, WARNING, "OBS's Python module was not found. This OBS may have been built without scripting.",
                           "If Tools > Scripts does not accept .py files, install your distribution's OBS package.")
        lost = obs_python.lost_library(found)
        if lost:
            return Finding(name, PROBLEM, f"OBS was built with {lost}, which is not on this system.",
                           "Install that Python with your package manager, or reinstall OBS: the two have to match.")
        return Finding(name, OK, "Built into OBS on this system." if program else "Comes with OBS on this system.")
    chosen = _python_setting()
    if not chosen or not Path(chosen).is_dir():
        sentence = f"The folder {chosen} no longer exists." if chosen else "OBS has not been told which Python to use."
        return Finding(name, PROBLEM, sentence, obs_python.advice() + ".")
    there = obs_python.versions_in(Path(chosen))
    if not there:
        return Finding(name, PROBLEM, f"There is no Python in {chosen} that OBS can load.", obs_python.advice() + ".")
    newest = obs_python.newest_for(_obs_version())
    fitting = [version for version in there if version <= newest]
    if not fitting:
        told = ", ".join(map(_dotted, there))
        return Finding(name, PROBLEM,
                       f"The Python in {chosen} is {told}, but this OBS accepts none newer than {_dotted(newest)}.",
                       obs_python.advice() + ".")
    return Finding(name, OK, f"{chosen}, Python {_dotted(fitting[-1])}.")


def _obs_version() -> tuple[int, int]:
    """Return OBS's version as (major, minor), or (99, 0) for the newest if OBS does not tell."""
    program = obs_program.find()
    told = re.match(r"(\d+)\.(\d+)", (obs_program.version(program) or "") if program else "")
    return (int(told[1]), int(told[2])) if told else (99, 0)


def _python_setting() -> str:
    """Return the Python folder in OBS's settings, which OBS 31 moved from global.ini to user.ini; empty if there is none."""
    for name in ("user.ini", "global.ini"):
        ini = configparser.ConfigParser(interpolation=None, strict=False)
        try:
            ini.read(obs_config.folder() / name, encoding="utf-8-sig")
        except (configparser.Error, UnicodeDecodeError):
            continue
        if ini.get("Python", "Path64bit", fallback=""):
            return ini.get("Python", "Path64bit")
    return ""


def script_in_obs() -> Finding:
    add = f"In OBS: Tools > Scripts > +, choose {obs_config.script()}"
    loading: list[str] = []
    others: list[tuple[str, Path]] = []
    twice: list[str] = []
    for collection in obs_config.collections(obs_config.folder()):
        copies = [path for path in map(Path, collection.scripts) if path.exists() and _is_ours(path)]
        if len(copies) > 1:
            twice.append(f"The scene collection “{collection.name}” loads two copies: {' and '.join(map(str, copies))}.")
        for path in map(Path, collection.scripts):
            if path == obs_config.script():
                loading.append(collection.name)
            elif path.name == obs_config.script().name:
                others.append((collection.name, path))
    if twice:
        return Finding("Script", PROBLEM, twice[0] + " Only the first one can work.",
                       "In OBS: Tools > Scripts, remove all but one of them with the - button.")
    if others:
        name, path = others[0]
        state, which = (WARNING, "another copy") if path.exists() else (PROBLEM, "a copy that no longer exists")
        return Finding("Script", state, f"The scene collection “{name}” loads {which}: {path}.", add)
    if not loading:
        return Finding("Script", WARNING, "None of OBS's scene collections loads the script.", add)
    return Finding("Script", OK, f"Loaded by {', '.join(f'“{name}”' for name in loading)}.")


def _is_ours(script: Path) -> bool:
    """Return whether a script is ours: also a second download that a browser renamed, or an older version."""
    return any((script.parent / "core" / "obs" / place / "bridge.py").is_file() for place in ("kept", ""))


def shared_memory() -> Finding:
    memory = Path(places.shared_memory_folder())
    try:
        made = FrameExchange.create(2048, 1024)  # the most that a filter asks for
    except OSError as error:
        return Finding("Shared memory", PROBLEM, f"There is none for the frames ({error.strerror or error}).",
                       "Close other programs." if os.access(memory, os.W_OK)
                       else f"Give your user permission to write to {memory}.")
    sealed = made.sealed
    made.close()
    if sealed:
        return Finding("Shared memory", OK, "There is enough, and it cannot be cut off by other programs.")
    free = shutil.disk_usage(memory).free
    if free < ENOUGH_MEMORY:
        return Finding("Shared memory", PROBLEM, f"Only {free >> 20} MB are free in {memory}.",
                       "Delete leftover files there. In a container, start it with more (--shm-size).")
    return Finding("Shared memory", OK, f"{memory}, {free >> 20} MB free.")


def log() -> Finding:
    """Report where the log is, and how often workers ended unexpectedly."""
    path = places.log_file()
    try:
        written = path.read_text("utf-8", "replace")
        ended = re.findall(r"^(\S+ \S+) .*a worker has ended with code (\S+);", written, re.MULTILINE)
    except FileNotFoundError:
        return Finding("Log", OK, "There is none yet, because no avatar has been shown.")
    except OSError as error:
        return Finding("Log", WARNING, f"{path} cannot be read ({error.strerror}).",
                       "Give your user permission to read and write it.")
    if not ended:
        return Finding("Log", OK, f"{path}. No worker had to be restarted.")
    when, code = ended[-1]
    return Finding("Log", WARNING, f"Workers were restarted {len(ended)} times, last on {when} (code {code}).",
                   f"The lines before that in {path} say why. You can attach it to a bug report: it names none of your files.")


def display() -> Finding:
    if obs_program.has_display():
        return Finding("Display", OK, "There is one.")
    return Finding("Display", WARNING, "Neither DISPLAY nor WAYLAND_DISPLAY is set, so OBS cannot be shown here.",
                   "Run OBS on a computer with a screen. “render” works without one.")


CHECKS: tuple[Callable[[], Finding], ...] = (
    version, system, python, folder, packages, model_files, weights, gpu.finding, pictures, camera, obs, python_of_obs,
    script_in_obs, shared_memory, display, log)


def _dotted(version: tuple[int, ...]) -> str:
    """Return (3, 12) as “3.12”."""
    return ".".join(map(str, version[:2]))

"""The project's own environment, .venv: creates it, keeps it in line with requirements.txt, and restarts the command in it.

Standard library only, because it runs before anything else is installed.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import platform
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from ..shared import locks, places
from ..shared.errors import UserError

REQUIREMENTS = places.ROOT / "requirements.txt"
TEST_REQUIREMENTS = places.ROOT / "tests" / "requirements.txt"
BENCH_REQUIREMENTS = places.ROOT / "core" / "bench" / "requirements.txt"
NEURAL_REQUIREMENTS = places.ROOT / "models" / "fomm" / "requirements.txt"
"""The requirements of the neural engine: about 1 GB, installed only on request."""
OLDEST, NEWEST = (3, 9), (3, 14)
"""The oldest and newest Python, both included, for which requirements.txt resolves."""

AS_IT_IS = "OBS_AVATAR_NO_VENV"
"""If this environment variable is set, the running Python is used as it is, for packagers and other custom setups."""

_ENTERED = "OBS_AVATAR_ENTERED"
_LOCK = places.ROOT / ".venv.lock"


def enter(argv: Sequence[str], *requirements: Path) -> None:
    """Restart the command inside the environment, with all `requirements` installed; return only there. Raises UserError.

    If nothing has to be installed, this costs the start of a second interpreter and reading two small files.
    """
    if os.environ.get(AS_IT_IS):
        return
    entered = os.environ.pop(_ENTERED, "")
    prepare(*requirements)
    if is_inside():
        return
    if entered:
        raise UserError(f"The Python in {places.VENV} uses packages from elsewhere. "
                        "Delete that folder and run the command again.")
    command = [str(places.venv_python()), str(places.ROOT / "obs_avatar.py"), *argv]
    surroundings = {**foreign_free(os.environ), _ENTERED: "1"}
    sys.stdout.flush()
    if os.name == "nt":  # on Windows, exec would return the terminal at once
        raise SystemExit(subprocess.call(command, env=surroundings))
    os.execve(command[0], command, surroundings)


def is_inside() -> bool:
    return Path(sys.prefix).resolve() == places.VENV.resolve()


def is_ready(*requirements: Path) -> bool:
    """Return whether everything in these requirements files was installed by the Python that is still there."""
    return all(_read(_stamp_file(file)) == _stamp(file) for file in requirements)


def prepare(*requirements: Path) -> None:
    """Create the environment if there is no working one, and install what has changed. Raises UserError."""
    if is_ready(*requirements):
        return
    with _alone():
        for file in requirements:
            if not is_ready(file):  # another process may have installed it while this one waited
                _install(file)


def foreign_free(variables: Mapping[str, str]) -> dict[str, str]:
    """Return `variables` without those that would point another Python to this one's packages, or pip out of .venv."""
    foreign = ("PYTHONHOME", "PYTHONPATH", "__PYVENV_LAUNCHER__", "PIP_USER", "PIP_TARGET", "PIP_PREFIX")
    return {name: value for name, value in variables.items() if name not in foreign}


def _install(requirements: Path) -> None:
    stamp = _stamp_file(requirements)
    if _works():
        stamp.unlink(missing_ok=True)
    else:
        _make()
    print(f"Installing the packages in {requirements} into {places.VENV}:", flush=True)
    # Without “only wheels”, pip would try to compile and fail with pages of compiler errors.
    code = subprocess.call(
        [str(places.venv_python()), "-m", "pip", "install", "--disable-pip-version-check", "--no-input",
         "--only-binary", ":all:", "--requirement", str(requirements)], env=foreign_free(os.environ))
    if code:
        raise UserError("The packages could not be installed; pip says why above. Check the network and the free space "
                        "on the disk (1 GB is enough), close OBS, and run the command again.")
    if requirements == REQUIREMENTS:
        _warm_up()
    stamp.write_text(_stamp(requirements), encoding="utf-8")  # comes last, so that an interrupted installation is done again


def _warm_up() -> None:
    """Compile the drawing code, so that the first picture in OBS does not have to wait for it. Raises UserError."""
    print("Compiling the drawing code (only this once) …", flush=True)
    done = subprocess.run(
        [str(places.venv_python()), "-c", "from models.landmark.draw.raster import warm_up; warm_up()"],
        cwd=places.ROOT, env=foreign_free(os.environ), stderr=subprocess.PIPE, text=True, errors="replace")
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1]
        raise UserError(f"The packages are installed but do not work here ({reason}). "
                        f"Delete the folder {places.VENV} and run the command again, or try another Python.")


def _make() -> None:
    _refuse_what_cannot_work()
    import venv  # imported here because most runs do not need it
    print(f"Creating an environment for Python {platform.python_version()} in {places.VENV} …", flush=True)
    try:
        if places.VENV.is_symlink():  # clear=True would empty the folder that the link points to
            places.VENV.unlink()
        venv.EnvBuilder(clear=True, with_pip=True, symlinks=os.name != "nt").create(places.VENV)
    except (OSError, subprocess.CalledProcessError) as error:
        raise UserError(f"The environment {places.VENV} cannot be created ({error}). "
                        "Close OBS, delete that folder, and run the command again.") from error


def _refuse_what_cannot_work() -> None:
    """Raise UserError where a package is known to have no wheel, before pip reports it in its own words."""
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    oldest = (3, 10) if os.name == "nt" else OLDEST
    if not oldest <= sys.version_info[:2] <= NEWEST:
        raise UserError(f"OBS Avatar runs with Python {oldest[0]}.{oldest[1]} to {NEWEST[0]}.{NEWEST[1]}; this is "
                        f"Python {version}. Run the command with a Python from that range.")
    if sys.maxsize < 2 ** 32:
        raise UserError("This is a 32-bit Python, and the packages are only made for 64 bits. Install a 64-bit Python.")
    if sys.platform == "darwin" and platform.machine() == "x86_64":
        raise UserError("OBS Avatar needs a Mac with an Apple processor and a Python built for it. The library that "
                        "finds faces is not available for Intel processors.")
    if importlib.util.find_spec("ensurepip") is None:
        raise UserError("This Python cannot create environments. Run “sudo apt install python3-venv” (or install the same "
                        "package under the name your system gives it), then run the command again.")


def _works() -> bool:
    """Return whether the environment starts and can install packages: it cannot once the Python behind it has changed."""
    if not _python_behind():
        return False
    return subprocess.call([str(places.venv_python()), "-m", "pip", "--version"], env=foreign_free(os.environ),
                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) == 0


def _python_behind() -> str:
    """Return path and version of the Python that made the environment, or an empty string if either of them is gone."""
    lines = _read(places.VENV / "pyvenv.cfg").splitlines()
    config = dict(line.split(" = ", 1) for line in lines if " = " in line)
    python = places.venv_python()
    base = Path(config.get("home", ""), python.name) if os.name == "nt" else python.resolve()
    return f"{base} {config.get('version', '')}" if python.exists() and base.exists() else ""


def _stamp_file(requirements: Path) -> Path:
    parts = requirements.relative_to(places.ROOT).with_suffix("").parts
    return places.VENV / f"installed-{'-'.join(parts)}.json"


def _stamp(requirements: Path) -> str:
    """Return what an environment's stamp has to contain for these requirements to count as installed."""
    digest = hashlib.sha256(requirements.read_bytes()).hexdigest()
    return json.dumps({"requirements": digest, "python": _python_behind()}, indent=2) + "\n"


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return ""


@contextmanager
def _alone() -> Iterator[None]:
    """Let only one process at a time change the environment. The system releases the lock if that process dies."""
    try:
        lock = _LOCK.open("ab")
    except OSError as error:
        raise UserError(f"The folder {places.ROOT} cannot be written to ({error.strerror}). "
                        "Copy the project to a folder that you can write to.") from error
    with lock:
        locks.take(lock.fileno(), lambda: print("Another command is preparing the environment. Waiting for it …", flush=True))
        yield

"""`test --obs`: runs the quick tests with other versions of OBS, each in a small Debian of its own.

Each Debian is a folder that is made once with debootstrap and kept; this system itself is not changed. What the Debian needs
from it (/proc, /dev, shared memory) is mounted in a namespace that disappears with the last process in it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from ..shared import places
from ..shared.errors import UserError
from . import bare_libobs, obs_program

SUITES: dict[str, str] = {"29": "bookworm", "30": "trixie", "32": "forky"}
"""The Debian suite that has each version of OBS, by OBS's major version."""

BARE = "bare"
"""The choice of --obs that stands for libobs 32 alone, on this system."""

FOLDER = "OBS_AVATAR_DEBIANS"
"""The environment variable for the folder that holds the Debians by suite; its default is /var/tmp/obs-avatar."""

QUICK = ["tests/in_obs/test_picture.py", "tests/in_obs/test_recording.py", "tests/in_obs/test_showing.py",
         "tests/in_obs/test_worker_death.py", "tests/in_obs/test_lifecycle.py", "tests/in_obs/test_filter.py",
         "tests/in_obs/test_obs_source.py"]

PACKAGES = ["obs-studio", "libgl1-mesa-dri", "libegl1", "libgl1", "xvfb", "ffmpeg", "python3", "python3-venv",
            "fonts-dejavu-core"]
FROM_HERE = ["/etc/resolv.conf", "/etc/hosts", "/etc/ssl/certs/ca-certificates.crt", "/etc/pip.conf"]
"""Files of this system that the Debians also need to reach the packages."""
LEFT_OUT = shutil.ignore_patterns(".git", ".venv", "__pycache__", ".*_cache", ".hypothesis")
PROJECT, VENV = "/srv/obs-avatar", "/srv/obs-avatar-venv"
"""Folders inside each Debian: the project, copied anew for each run, and its environment, which is kept."""

_ENTER = f"""set -e
for each in proc dev dev/shm sys; do mount --rbind /$each "$0/$each"; done
exec chroot "$0" /usr/bin/env --chdir={PROJECT} HOME=/srv PATH=/usr/sbin:/usr/bin:/sbin:/bin "$@"
"""


def run(which: str, pytest: Sequence[str]) -> int:
    """Run the tests with version `which`, or all; return the highest exit code. Raises UserError."""
    versions = [*SUITES, BARE] if which == "all" else [which]
    here = _version_here()
    if any(version not in (here, BARE) for version in versions):
        _refuse_where_it_cannot_work()
    codes = {}
    for version in versions:
        if version == BARE:
            codes[version] = bare_libobs.run(_kept(), pytest if which == BARE else ())
        else:
            codes[version] = _here(pytest) if version == here else _in_debian(SUITES[version], pytest)
    for version, code in codes.items():
        print(f"OBS {version}: {'all tests passed' if not code else f'some tests failed (exit code {code})'}")
    return max(codes.values())


def _kept() -> Path:
    return Path(os.environ.get(FOLDER, "/var/tmp/obs-avatar"))


def _version_here() -> str:
    program = obs_program.find()
    return (obs_program.version(program) or "").split(".")[0] if program else ""


def _refuse_where_it_cannot_work() -> None:
    if not sys.platform.startswith("linux"):
        raise UserError("The tests with other versions of OBS need Linux.")
    if os.geteuid() != 0:
        raise UserError("The tests with other versions of OBS need root, because each runs in its own Debian (debootstrap, "
                        "mount, chroot). Run the command with sudo, or as root in a container.")
    for program in ("debootstrap", "unshare", "chroot"):
        if not shutil.which(program):
            raise UserError(f"The program {program} is missing. Run: apt-get install debootstrap util-linux")


def _here(pytest: Sequence[str]) -> int:
    return subprocess.call([sys.executable, "-m", "pytest", *(pytest or QUICK)], cwd=places.ROOT)


def _in_debian(suite: str, pytest: Sequence[str]) -> int:
    root = _kept() / suite
    _make(suite, root)
    project = root / PROJECT[1:]
    shutil.rmtree(project, ignore_errors=True)
    shutil.copytree(places.ROOT, project, ignore=LEFT_OUT)
    (project / ".venv").symlink_to(VENV)
    _inside(root, ["python3", "-m", "venv", VENV])
    _inside(root, [VENV + "/bin/python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--only-binary",
                   ":all:", "-r", "requirements.txt", "-r", "tests/requirements.txt"])
    return _inside(root, [VENV + "/bin/python", "-m", "pytest", *(pytest or QUICK)], check=False)


def _make(suite: str, root: Path) -> None:
    """Make a Debian with OBS in it, unless there is one. An interrupted run continues where it stopped."""
    if not (root / "usr" / "bin" / "apt-get").exists():
        scripts = Path("/usr/share/debootstrap/scripts")
        if not (scripts / suite).exists():
            (scripts / suite).symlink_to("sid")  # they are all made alike; an older debootstrap lacks newer names
        root.mkdir(parents=True, exist_ok=True)
        subprocess.run(["debootstrap", "--variant=minbase", suite, str(root)], check=True)
    for name in FROM_HERE:
        if Path(name).is_file():
            target = root / name.lstrip("/")
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(name, target)
    (root / PROJECT[1:]).mkdir(parents=True, exist_ok=True)
    if not all((root / "usr" / "bin" / program).exists() for program in ("obs", "Xvfb", "ffmpeg", "python3")):
        _inside(root, ["apt-get", "update"])
        _inside(root, ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "install", "--yes", "--no-install-recommends",
                       *PACKAGES])


def _inside(root: Path, command: list[str], check: bool = True) -> int:
    sys.stdout.flush()
    foreign = ("PYTHON", "VIRTUAL_ENV", "OBS_AVATAR")
    surroundings = {key: value for key, value in os.environ.items() if not key.startswith(foreign)}
    try:
        return subprocess.run(["unshare", "--mount", "sh", "-c", _ENTER, str(root), *command], env=surroundings,
                              check=check).returncode
    except subprocess.CalledProcessError as error:
        raise UserError(f"“{' '.join(command[:4])} …” failed in {root}; the lines above say why.") from error

"""`test`: installs what the tests need, says what could not be installed, and runs them."""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence

from ..shared import places
from . import system_packages

PACKAGES = ("obs-studio", "obs-plugins", "libgl1-mesa-dri", "libegl1", "libgl1", "xvfb", "ffmpeg", "fonts-dejavu-core",
            "strace")
"""The Debian packages that the tests with a real OBS need (besides a browser): OBS, a virtual display, tools to watch it."""

PROGRAMS = ("obs", "Xvfb", "ffmpeg", "strace")
"""The programs that those tests need, for systems without Debian's package manager."""

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
"""The browsers that can open the dock page in the tests. The first is Debian's, whose package has the same name."""

WITHOUT_OBS = "OBS_AVATAR_NO_OBS"
"""If this environment variable is set, tests/in_obs do not run, and its value is given as the reason in pytest's summary."""

TWO_AT_A_TIME = ("-n", "2")
"""Two processes share a whole run: tests/support/side_by_side.py says how. Who chooses tests gets one, with plainer output."""

FAULTS, SOAK, REPORT = "OBS_AVATAR_FAULTS", "OBS_AVATAR_SOAK", "OBS_AVATAR_REPORT"
"""Environment variables for tests/faults and tests/soak: repeats of each fault, minutes to run, file for the figures."""


def parse(argv: Sequence[str]) -> argparse.Namespace:
    """Parse what follows `test`. Unknown arguments are kept for pytest, in their order."""
    parser = argparse.ArgumentParser(prog="obs_avatar.py test", allow_abbrev=False, add_help=False)
    add_arguments(parser)
    arguments, pytest = parser.parse_known_args(argv)
    arguments.pytest = pytest
    return arguments


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--yes", action="store_true", help="Install missing system packages without asking.")
    parser.add_argument("--faults", action="store_true",
                        help="Run the fault campaign, which breaks everything on purpose in a real OBS.")
    parser.add_argument("--times", type=int, default=3, metavar="N", help="How often to inject each fault. Default: 3.")
    parser.add_argument("--soak", type=float, metavar="MINUTES", help="Run and record an avatar for this long, and look "
                        "for growing memory and gaps.")
    parser.add_argument("--report", metavar="FILE", help="Write the figures of --faults or --soak to this file (JSON).")
    parser.add_argument("--obs", choices=["29", "30", "32", "bare", "all"], help="Run the quick tests with this version "
                        "of OBS, or all, each in its own small Debian (needs root, and 2 GB each); bare is libobs 32 alone.")


def run(arguments: argparse.Namespace) -> int:
    if arguments.obs:
        from . import obs_versions
        return obs_versions.run(arguments.obs, arguments.pytest)
    reason = _lacking(arguments.yes)
    surroundings = dict(os.environ)
    if reason:
        surroundings[WITHOUT_OBS] = reason
    chosen: list[str] = []
    if arguments.faults:
        surroundings[FAULTS] = str(max(1, arguments.times))
        chosen.append("tests/faults")
    if arguments.soak:
        surroundings[SOAK] = str(arguments.soak)
        chosen.append("tests/soak")
    if arguments.report:
        surroundings[REPORT] = os.path.abspath(arguments.report)
    given = [*chosen, *arguments.pytest] or TWO_AT_A_TIME
    sys.stdout.flush()
    return subprocess.call([sys.executable, "-m", "pytest", *given], cwd=places.ROOT, env=surroundings)


def _lacking(yes: bool) -> str:
    """Return why the tests with OBS cannot run, or an empty string if they can."""
    if os.environ.get(WITHOUT_OBS):
        return f"{WITHOUT_OBS} is set."
    if not sys.platform.startswith("linux"):
        return "They need Linux, where OBS can run without a screen."
    browser = [] if any(map(shutil.which, BROWSERS)) else [BROWSERS[0]]
    if system_packages.manager() is None:
        programs = [program for program in PROGRAMS if not shutil.which(program)] + browser
        return f"Missing programs: {', '.join(programs)}. Install them with your package manager." if programs else ""
    missing = system_packages.missing(PACKAGES) + browser
    return _not_installed(missing, yes) if missing else ""


def _not_installed(missing: list[str], yes: bool) -> str:
    print(f"The tests with a real OBS need {', '.join(missing)}:")
    try:
        system_packages.install(missing, yes, lean=True)
    except system_packages.NotInstalled as reason:
        return f"Missing Debian packages: {', '.join(missing)}; {reason}."
    return ""

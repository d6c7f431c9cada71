"""`test`: brings what the tests need, says what could not be brought, and runs them."""

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
"""Debian's names of what the tests with a real OBS need: OBS, a display without a screen, and watchers; a browser beside."""

PROGRAMS = ("obs", "Xvfb", "ffmpeg", "strace")
"""The same where there is no Debian package manager to ask."""

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
"""Any of them looks at the dock page; the first is Debian's, and its package has the same name."""

WITHOUT_OBS = "OBS_AVATAR_NO_OBS"
"""Where this is set, tests/in_obs do not run, and its value stands at the end of pytest's report as the reason."""

TWO_AT_A_TIME = ("-n", "2")
"""Two processes share a whole run: tests/support/side_by_side.py says how. Who chooses tests gets one, with plainer output."""

FAULTS, SOAK, REPORT = "OBS_AVATAR_FAULTS", "OBS_AVATAR_SOAK", "OBS_AVATAR_REPORT"
"""For tests/faults and tests/soak: how often each fault happens, how many minutes, and the file for the figures."""


def parse(argv: Sequence[str]) -> argparse.Namespace:
    """What follows `test`; what is not known here is pytest's, in its order."""
    parser = argparse.ArgumentParser(prog="obs_avatar.py test", allow_abbrev=False, add_help=False)
    add_arguments(parser)
    arguments, pytest = parser.parse_known_args(argv)
    arguments.pytest = pytest
    return arguments


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--yes", action="store_true", help="Install what is missing on the system without asking.")
    parser.add_argument("--faults", action="store_true", help="Run the fault campaign: everything breaks on purpose, in OBS.")
    parser.add_argument("--times", type=int, default=3, metavar="N", help="How often each fault happens (3).")
    parser.add_argument("--soak", type=float, metavar="MINUTES", help="Let an avatar run and be recorded for so long, and look "
                        "for growth and gaps.")
    parser.add_argument("--report", metavar="FILE", help="Write the figures of --faults or --soak to this file (JSON).")
    parser.add_argument("--obs", choices=["29", "30", "32", "bare", "all"], help="Run the quick tests with these versions "
                        "of OBS, each in a small Debian of its own (needs root, and 2 GB each); bare: libobs 32 alone.")


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
    """Why the tests with OBS cannot run; empty where they can."""
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

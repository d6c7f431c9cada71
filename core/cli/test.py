"""`test`: brings what the tests need, says what could not be brought, and runs them."""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from typing import List

from .. import places
from . import system_packages

PACKAGES = ("obs-studio", "obs-plugins", "libgl1-mesa-dri", "libegl1", "libgl1", "xvfb", "ffmpeg", "fonts-dejavu-core",
            "strace")
"""Debian's names of what the tests with a real OBS need: OBS, a display without a screen, and watchers; a browser beside."""

PROGRAMS = ("obs", "Xvfb", "ffmpeg", "strace")
"""The same where there is no Debian package manager to ask."""

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
"""Any of them looks at the dock page; the first is Debian's, and its package has the same name."""

WITHOUT_OBS = "OBS_AVATAR_NO_OBS"
"""Where this is set, tests/obs do not run, and its value stands at the end of pytest's report as the reason."""


def run(arguments: argparse.Namespace) -> int:
    reason = _lacking(arguments.yes)
    surroundings = dict(os.environ)
    if reason:
        surroundings[WITHOUT_OBS] = reason
    sys.stdout.flush()
    return subprocess.call([sys.executable, "-m", "pytest", *arguments.pytest], cwd=places.ROOT, env=surroundings)


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


def _not_installed(missing: List[str], yes: bool) -> str:
    print(f"The tests with a real OBS need {', '.join(missing)}:")
    try:
        system_packages.install(missing, yes, lean=True)
    except system_packages.NotInstalled as reason:
        return f"Missing Debian packages: {', '.join(missing)}; {reason}."
    return ""

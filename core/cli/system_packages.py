"""Installs programs with the system's package manager, but only after the command was shown and allowed."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Sequence

OBS_BY_MANAGER = {
    "apt-get": ["obs-studio"],
    "winget": ["OBSProject.OBSStudio"],
    "brew": ["obs"],
}
"""The name of OBS in each package manager that is used here."""


QUIET = "DEBIAN_FRONTEND=noninteractive"
"""Keeps Debian's packages from asking about keyboards and time zones; passed to env, since sudo drops our variables."""


class NotInstalled(Exception):
    """The packages were not installed. The message says why, as the second half of a sentence."""


def manager() -> str | None:
    """Return the name of this system's package manager, or None if it is not one that is used here."""
    wanted = {"win32": "winget", "darwin": "brew"}.get(sys.platform, "apt-get")
    return wanted if shutil.which(wanted) else None


def missing(packages: Sequence[str]) -> list[str]:
    """Return those of the Debian packages that are not installed, or all of them where there is no dpkg to ask."""
    if not shutil.which("dpkg-query"):
        return list(packages)
    told = subprocess.run(["dpkg-query", "-W", "-f", "${Package} ${db:Status-Status}\n", *packages],
                          capture_output=True, text=True).stdout
    installed = {line.split()[0] for line in told.splitlines() if line.endswith(" installed")}
    return [package for package in packages if package not in installed]


def install(packages: Sequence[str], yes: bool, lean: bool = False) -> None:
    """Show the commands, ask unless `yes`, and run them; `lean` leaves out what apt only recommends.

    Raises NotInstalled.
    """
    name = manager()
    if name is None:
        raise NotInstalled("no supported package manager was found (apt-get, winget or brew)")
    commands = [_with_rights(command) for command in _commands(name, packages, lean)]
    for command in commands:
        print(f"  {shlex.join(command)}")
    if not (yes or _allowed()):
        raise NotInstalled("nobody allowed it (add --yes to allow it)")
    for command in commands:
        if subprocess.call(command):
            raise NotInstalled(f"“{shlex.join(command)}” failed (the lines above say why)")


def _commands(name: str, packages: Sequence[str], lean: bool) -> list[list[str]]:
    if name == "winget":
        agreed = ["--accept-package-agreements", "--accept-source-agreements"]
        return [["winget", "install", "--exact", "--id", package, *agreed] for package in packages]
    if name == "brew":
        return [["brew", "install", "--cask", *packages]]
    recommended = ["--no-install-recommends"] if lean else []
    return [["apt-get", "update"], ["apt-get", "install", "--yes", *recommended, *packages]]


def _with_rights(command: list[str]) -> list[str]:
    """Add sudo to apt-get, which needs root; winget and brew ask by themselves. Raises NotInstalled without the rights."""
    if command[0] != "apt-get":
        return command
    if os.geteuid() == 0:
        return ["env", QUIET, *command]
    if not shutil.which("sudo"):
        raise NotInstalled("you are not root and there is no sudo, so an administrator has to run “apt-get install”")
    if not sys.stdin.isatty() and subprocess.call(["sudo", "-n", "true"], stderr=subprocess.DEVNULL):
        raise NotInstalled("sudo needs a password, and there is no terminal to ask for it")
    return ["sudo", "env", QUIET, *command]


def _allowed() -> bool:
    if not sys.stdin.isatty():
        return False
    try:
        return input("Run this now? [y/N] ").strip().lower() in ("y", "yes")
    except EOFError:
        return False

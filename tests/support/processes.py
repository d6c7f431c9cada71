"""What /proc says about a process: its state, open files and kin. Linux only, as these tests are."""

from __future__ import annotations

import contextlib
import os
import re
from pathlib import Path

SHARED_MEMORY = Path("/dev/shm")


GOES_WITH_US = ("setpriv", "--pdeathsig", "KILL")
"""Before a command: it ends, too, when the process that started it is killed, as pytest-xdist does after Ctrl+C."""


def alive(pid: int) -> bool:
    """Whether the process runs; one that has ended and only waits to be collected does not."""
    try:
        # The command in parentheses may itself hold blanks and parentheses: the state follows the last one.
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


def parent(pid: int) -> int | None:
    """The process that started this one; None where it has ended."""
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return None


def command_line(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").split("\0")[:-1]
    except OSError:
        return []


def with_home(home: Path) -> dict[int, list[str]]:
    """The running processes that have this home, with their command lines.

    A home of its own marks all that descends from a test's OBS, also after that OBS is gone.
    """
    mark, found = b"HOME=" + os.fsencode(home), {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                variables = Path(f"/proc/{entry}/environ").read_bytes().split(b"\0")
            except OSError:  # it has just ended, or is another user's
                continue
            if mark in variables and alive(int(entry)):
                found[int(entry)] = command_line(int(entry))
    return found


def kept_waiting(pid: int) -> float:
    """The seconds for which threads of a process could have run, but the processors were busy with something else."""
    counted = 0
    with contextlib.suppress(OSError):  # a kernel that does not count it; and a thread may have ended meanwhile
        for thread in Path(f"/proc/{pid}/task").iterdir():
            counted += int((thread / "schedstat").read_text().split()[1])
    return counted / 1e9


def open_files(pid: int) -> list[str]:
    """What the file descriptors of a process point to: paths, or words such as "socket:[1234]"."""
    found = []
    try:
        entries = os.listdir(f"/proc/{pid}/fd")
    except OSError:
        return []
    for entry in entries:
        try:
            found.append(os.readlink(f"/proc/{pid}/fd/{entry}"))
        except OSError:
            continue
    return found


def mapped_shared_memory(pid: int) -> set[Path]:
    """The files of our shared memory that a process has mapped, also those without a name any more."""
    try:
        return {SHARED_MEMORY / name for name in re.findall(r"obs-avatar-\w+", Path(f"/proc/{pid}/maps").read_text())}
    except OSError:
        return set()

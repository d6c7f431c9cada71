"""What tests have measured, for the end of pytest's report, where people look at it.

What a test notes travels with its report, so it arrives also from a process that runs the tests for another one.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

MEASURED, FAULT, SOAK = "measured", "fault", "soak"
LEFT_OUT = os.environ.get("OBS_AVATAR_NO_OBS", "")
"""Where it is not empty, the tests with a real OBS do not run; unless it is "1", it is the reason."""

_noted: dict[str, list[Any]] = {MEASURED: [], FAULT: [], SOAK: []}


def note(node, kind: str, value: Any) -> None:
    """Keeps a value of that test; in a fixture also after the test."""
    node.user_properties.append((kind, json.dumps(value)))


def pytest_runtest_logreport(report):
    if report.when == "teardown":  # the last one of a test has all of its notes
        for kind, value in report.user_properties:
            if kind in _noted:
                _noted[kind].append(json.loads(value))


def pytest_terminal_summary(terminalreporter):
    if _noted[MEASURED]:
        terminalreporter.section("measured in OBS")
        for what, seconds in _noted[MEASURED]:
            terminalreporter.line(f"{seconds:6.2f} s  {what}")
    if _noted[FAULT]:
        _faults(terminalreporter)
    if _noted[SOAK]:
        terminalreporter.section("the soak: at the start, at the end")
        for name, value in _noted[SOAK][-1].items():
            terminalreporter.line(f"{name}: {value if not isinstance(value, list) else f'{value[0]:g} -> {value[1]:g}'}")
    if LEFT_OUT:
        reason = "OBS_AVATAR_NO_OBS is set" if LEFT_OUT == "1" else LEFT_OUT
        terminalreporter.section("tests/in_obs", red=True, bold=True)
        terminalreporter.line(f"tests/in_obs did NOT run: {reason}", red=True, bold=True)


def _faults(terminalreporter):
    from ..faults import figures
    rows = [figures.Row(**values) for values in _noted[FAULT]]
    terminalreporter.section("the fault campaign")
    for line in figures.table(rows):
        terminalreporter.line(line)
    if os.environ.get("OBS_AVATAR_REPORT"):
        figures.write(Path(os.environ["OBS_AVATAR_REPORT"]), rows)

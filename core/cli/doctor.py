"""`doctor`: shows what it finds, in a form that can be pasted into a bug report. It changes nothing."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from .checks.finding import OK, PROBLEM, WARNING, Finding
from .checks.findings import CHECKS

COLOURS = {OK: "green", WARNING: "yellow", PROBLEM: "red"}


def run(arguments: argparse.Namespace) -> int:
    findings = [_anonymous(check()) for check in CHECKS]
    if arguments.json:
        print(json.dumps([finding._asdict() for finding in findings], indent=2, ensure_ascii=False))
    else:
        _show(findings)
    return 1 if any(finding.state == PROBLEM for finding in findings) else 0


def _anonymous(finding: Finding) -> Finding:
    """Replace the home folder with “~”, because nearly every path would otherwise show the user's name."""
    home = Path.home()
    if home == Path(home.anchor):  # some containers have no home, and "/" is part of every path
        return finding
    return Finding(*(text.replace(str(home), "~").replace(home.as_posix(), "~") for text in finding))


def _show(findings: list[Finding]) -> None:
    try:
        from rich.console import Console
        from rich.table import Table
        from rich.text import Text
    except ImportError:  # rich is only installed inside the environment
        _list(findings)
        return
    if not sys.stdout.isatty():  # a file has no width to fit a table into
        _list(findings)
        return
    table = Table("", "state", "what was found", "what to do", box=None, pad_edge=False)
    for name, state, sentence, cure in findings:
        table.add_row(name, Text(state, COLOURS[state]), Text(sentence), Text(cure))
    Console().print(table)


def _list(findings: list[Finding]) -> None:
    for finding in findings:
        print(f"{finding.state:7}  {finding.name}: {finding.sentence} {finding.cure}".rstrip())

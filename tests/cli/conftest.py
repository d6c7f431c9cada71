"""The command line as a user meets it: exit code, and what stands on the screen."""

from __future__ import annotations

import signal
from typing import NamedTuple

import pytest

from core.cli import environment
from core.cli.main import main


class Result(NamedTuple):
    code: int
    out: str
    err: str


@pytest.fixture
def cli(capsys, monkeypatch):
    """Runs `obs_avatar.py ARGUMENTS…` in this process, which has all packages already."""
    monkeypatch.setenv(environment.AS_IT_IS, "1")
    terminator = signal.getsignal(signal.SIGTERM)

    def run(*arguments) -> Result:
        capsys.readouterr()
        try:
            code = main([str(argument) for argument in arguments])
        except SystemExit as end:  # argparse
            code = end.code
        captured = capsys.readouterr()
        return Result(code, captured.out, captured.err)
    yield run
    signal.signal(signal.SIGTERM, terminator)

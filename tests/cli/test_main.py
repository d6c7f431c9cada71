"""The command line as a whole: how it ends, whatever goes wrong inside."""

import os
import subprocess
import sys

import pytest

from core import __version__
from core.cli import doctor, environment
from core.pictures.reading import PictureError
from core.shared import places
from core.shared.errors import UsageError, UserError
from core.shared.manifest import ManifestError
from models.contract import EngineUnavailable, FaceNotFound
from models.weights import WeightsError


@pytest.mark.parametrize("kind", [UserError, PictureError, ManifestError, EngineUnavailable, FaceNotFound, WeightsError])
def test_whatever_has_words_for_the_user_ends_a_command_with_them_and_no_traceback(cli, monkeypatch, kind):
    def fail(_):
        raise kind("The disk is full: delete something.")
    monkeypatch.setattr(doctor, "run", fail)
    assert cli("doctor") == (1, "", "obs_avatar: The disk is full: delete something.\n")


def test_a_wrong_command_line_has_the_exit_code_that_argparse_gives_it_too(cli, monkeypatch):
    def fail(_):
        raise UsageError("--size is 3: choose 256 to 1024.")
    monkeypatch.setattr(doctor, "run", fail)
    assert cli("doctor").code == cli("no-such-command").code == 2


def run(*arguments, python=()):
    """The command as a process of its own."""
    return subprocess.run([sys.executable, *python, str(places.ROOT / "obs_avatar.py"), *arguments], check=False,
                          env={**os.environ, environment.AS_IT_IS: "1"}, capture_output=True, text=True)


def test_the_version_is_told_by_any_python_without_a_package_of_others(cli):
    bare = run("--version", python=("-I", "-S"))
    assert (bare.returncode, bare.stdout, bare.stderr) == (0, f"OBS Avatar {__version__}\n", "")


def test_the_version_of_pytest_is_pytests_affair():
    told = run("test", "--version")
    assert told.returncode == 0 and "pytest" in told.stdout + told.stderr and "OBS Avatar" not in told.stdout + told.stderr

"""The command line as a whole: how it ends, whatever goes wrong inside."""

import pytest

from core.cli import doctor
from core.pictures.reading import PictureError
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

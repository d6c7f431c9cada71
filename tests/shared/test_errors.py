"""Errors: whatever has words for the user can be shown by whoever knows one class."""

import ast
import importlib

import pytest

from core.shared import places
from core.shared.errors import UserError
from models.contract import FaceNotFound

WITH_WORDS = ["core.animation.follow.motion_file.MotionFileError", "core.bench.independent.Unavailable",
              "core.gallery.making.NoFace",
              "core.pictures.reading.PictureError", "core.shared.errors.UsageError", "core.shared.manifest.ManifestError",
              "core.worker.drivers.base.DriverError", "models.contract.EngineUnavailable", "models.contract.FaceNotFound",
              "models.fomm.config.ConfigError", "models.shipped.bundle.DamagedModel", "models.weights.download.NoMirror",
              "models.weights.errors.WeightsError"]
WORDLESS = {"ProtocolError", "ExchangeError", "HalfSent", "NoSuchSource", "NotInstalled"}
"""What other code catches before a user could see it: their messages are no sentences of their own."""


@pytest.mark.parametrize("name", WITH_WORDS)
def test_an_error_with_words_for_the_user_is_a_user_error(name):
    module, _, kind = name.rpartition(".")
    assert issubclass(getattr(importlib.import_module(module), kind), UserError)


def test_a_checkpoint_that_cannot_be_used_is_a_user_error():
    pytest.importorskip("torch")
    from models.fomm.checkpoint import CheckpointError
    assert issubclass(CheckpointError, UserError)


def test_no_other_error_of_the_product_stands_beside_the_tree():
    """A public class that is derived from one of Python's own exceptions is one that no user sees."""
    beside = set()
    for path in (*places.ROOT.glob("core/**/*.py"), *places.ROOT.glob("models/**/*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                bases = {base.id for base in node.bases if isinstance(base, ast.Name)}
                beside |= {node.name} if bases & {"Exception", "ValueError", "RuntimeError", "OSError"} else set()
    assert beside == WORDLESS | {"UserError"}


def test_a_face_that_is_too_small_is_told_from_none_at_all():
    assert FaceNotFound("Too small.", too_small=True).too_small
    assert not FaceNotFound("None.").too_small

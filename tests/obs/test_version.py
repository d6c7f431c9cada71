"""Which version runs: said in OBS's list of scripts and at the top of what a worker logs."""

import importlib
import subprocess
import sys
from unittest.mock import MagicMock

import pytest

import obs_avatar
from core import __version__
from core.link import protocol
from core.shared import places, texts

INSIDE_OBS = ("filter", "hotkeys", "missing_files", "panel", "revive", "source",
              "kept.bridge", "kept.calls", "kept.libobs", "kept.remote")
"""Modules of core/obs that only OBS can import."""


@pytest.fixture
def script(monkeypatch):
    """core/obs/script.py with an OBS of which nothing is there but the language."""
    for name in INSIDE_OBS:
        monkeypatch.setitem(sys.modules, "core.obs." + name, MagicMock())
    sys.modules["core.obs.kept.libobs"].get_locale.return_value = b"de-DE"
    monkeypatch.delitem(sys.modules, "core.obs.script", raising=False)
    monkeypatch.setattr(texts, "_language", texts.FALLBACK)
    yield importlib.import_module("core.obs.script")
    sys.modules.pop("core.obs.script")
    vars(sys.modules["core.obs"]).pop("script", None)


def test_the_scripts_description_in_obs_says_the_version(script):
    assert script.description() == f"<b>OBS Avatar</b> {__version__}<br>" + texts.text("Script.Description")
    assert texts.language() == "de-DE"


def test_a_script_that_is_loaded_again_after_an_update_says_the_new_version(tmp_path, monkeypatch):
    package = tmp_path / "core"
    (package / "obs").mkdir(parents=True)
    (package / "obs" / "__init__.py").touch()
    (package / "obs" / "script.py").write_text("from .. import __version__\ndef description():\n    return __version__\n"
                                               "def load():\n    pass\ndef unload():\n    pass\n")
    monkeypatch.setattr(obs_avatar, "ROOT", tmp_path)
    monkeypatch.setattr(obs_avatar, "PRIVATE_NAME", "a_core_of_its_own")
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    try:
        for version in ("0.1.0", "0.2.0"):
            (package / "__init__.py").write_text(f'__version__ = "{version}"\n')
            assert obs_avatar.script_description() == version
            obs_avatar.script_load(None)
            assert obs_avatar.script_description() == version
            obs_avatar.script_unload()
    finally:
        for name in [name for name in sys.modules if name.startswith("a_core_of_its_own")]:
            del sys.modules[name]


def test_the_first_line_that_a_worker_logs_says_the_version():
    told = subprocess.run([sys.executable, "-I", str(places.ROOT / "core" / "worker"), "none", "another version", "en-US"],
                          stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    assert told.returncode == protocol.OTHER_VERSION_EXIT
    assert told.stderr.splitlines()[0].endswith(f" INFO worker: OBS Avatar {__version__}")

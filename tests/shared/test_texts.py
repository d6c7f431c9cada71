"""Texts: complete in English and German, and never a blank where a language lacks one."""

import ast
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.shared import places, texts

ENGLISH = texts._texts(texts.FALLBACK)
CODE = "".join(path.read_text(encoding="utf-8") for room in ("core", "models") for kind in ("py", "js", "html")
               for path in sorted(places.ROOT.glob(f"{room}/**/*.{kind}")))
PUT_TOGETHER = ("Setting.", "Choice.", "Group.", "Hotkey.", "Placeholder.", "Pose.", "Camera.Hint.", "Dock.",
                "Status.NeverStarted", "Status.OtherVersion", "Status.Resting", "Status.Stopped")
FOR_USERS = {"EngineUnavailable", "FaceNotFound", "WeightsError", "CheckpointError", "NotACheckpoint", "UnsafeCheckpoint",
             "WrongContents", "DamagedModel", "_Cut", "_Useless"}
LANGUAGES = sorted(path.stem for path in texts.FOLDER.glob("*.ini"))


@pytest.fixture(autouse=True)
def english_afterwards():
    yield
    texts.use(texts.FALLBACK)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_of_a_language_is_one_of_ours_with_the_same_places_for_values(language):
    other = texts._texts(language)
    unknown = set(other) - set(ENGLISH)
    assert not unknown, "English has no such texts"
    for key, translated in other.items():
        assert sorted(re.findall(r"{[^}]*}", translated)) == sorted(re.findall(r"{[^}]*}", ENGLISH[key])), key
        assert bool(translated) == bool(ENGLISH[key]), key


def test_german_has_every_text():
    missing = set(ENGLISH) - set(texts._texts("de-DE"))
    assert not missing


def test_a_text_that_a_language_lacks_is_english(monkeypatch, tmp_path):
    (tmp_path / "fr-FR.ini").write_text('Setting.mirror="Miroir"\n', encoding="utf-8")
    (tmp_path / "en-US.ini").write_bytes((texts.FOLDER / "en-US.ini").read_bytes())
    monkeypatch.setattr(texts, "FOLDER", tmp_path)
    texts._texts.cache_clear()
    try:
        texts.use("fr-CA")
        assert texts.text("Setting.mirror") == "Miroir"
        assert texts.text("Setting.badge") == ENGLISH["Setting.badge"]
    finally:
        texts._texts.cache_clear()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_line_of_a_language_is_understood(language):
    """A quotation mark that is missing would silently leave the text English."""
    lines = (texts.FOLDER / (language + ".ini")).read_text(encoding="utf-8").splitlines()
    lost = [line for line in lines if line.strip() and not line.startswith((";", "#")) and texts._parsed(line) is None]
    assert not lost


def test_every_text_that_the_code_asks_for_is_there():
    asked = set(re.findall(r'text\("([A-Z]\w+(?:\.\w+)+)"', CODE))
    assert len(asked) > 100
    assert asked <= set(ENGLISH)


def test_every_text_is_one_that_the_code_asks_for():
    """Some by a key that is put together: that of a setting, of a landmark, of a system, or of an explanation of another."""
    keys = {key.removesuffix(".Help") for key in ENGLISH if not key.startswith(PUT_TOGETHER)}
    unasked = {key for key in keys if f'"{key}"' not in CODE}
    assert not unasked


def test_what_a_model_cannot_do_is_told_in_the_users_language():
    """No error of an engine or of a download has a sentence of its own: all come from the texts."""
    own = []
    for path in sorted(places.ROOT.glob("models/**/*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call) and isinstance(node.exc.func, ast.Name):
                sentence = node.exc.args[0] if node.exc.args else None
                parts = sentence.values if isinstance(sentence, ast.JoinedStr) else [sentence]
                words = [part.value for part in parts if isinstance(part, ast.Constant) and re.search("[A-Za-z]", part.value)]
                own += [(path.name, *words)] if node.exc.func.id in FOR_USERS and words else []
    assert not own


def test_a_language_without_a_file_takes_its_nearest_kin_or_english():
    texts.use("de-AT")
    assert texts.language() == "de-DE"
    texts.use("xx-YY")
    assert texts.language() == "en-US"
    texts.use("")
    assert texts.language() == "en-US"


def test_a_text_that_nobody_wrote_is_its_key():
    assert texts.text("No.Such.Text") == "No.Such.Text"


@given(st.text())
def test_whatever_a_file_or_camera_is_called_its_name_is_shown_as_it_is(name):
    assert name in texts.text("Camera.Missing", name=name)

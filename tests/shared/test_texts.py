"""Texts: complete in every language, and never a blank where one is missing."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.shared import places, texts

ENGLISH = texts._texts(texts.FALLBACK)
LANGUAGES = sorted(path.stem for path in texts.FOLDER.glob("*.ini"))


@pytest.fixture(autouse=True)
def english_afterwards():
    yield
    texts.use(texts.FALLBACK)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_text_with_the_same_places_for_values(language):
    other = texts._texts(language)
    assert set(other) == set(ENGLISH)
    for key, template in ENGLISH.items():
        assert sorted(re.findall(r"{[^}]*}", other[key])) == sorted(re.findall(r"{[^}]*}", template)), key
        assert bool(other[key]) == bool(template), key


def test_every_text_that_the_code_asks_for_is_there():
    code = "".join(path.read_text(encoding="utf-8") for path in places.ROOT.glob("core/**/*.py"))
    asked = set(re.findall(r'text\("([A-Z]\w+(?:\.\w+)+)"', code))
    assert len(asked) > 30
    assert asked <= set(ENGLISH)


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

"""Words on pictures: whatever language they are in, each letter is drawn as itself."""

import numpy as np
import pytest

from core.animation.compose import lettering
from core.pictures import words
from core.shared import texts

UNKNOWN = "\U0010fffd"
"""A character that no font has."""


def drawn(letter):
    picture = np.zeros((64, 64, 3), np.uint8)
    words.write(picture, letter, 10, 48, 40, (255, 255, 255))
    return picture


@pytest.mark.parametrize("letter", "äßéçœłěğőЖαあ中한")
def test_a_letter_of_any_language_is_drawn_and_not_the_sign_for_an_unknown_one(letter):
    assert drawn(letter).any()
    assert not np.array_equal(drawn(letter), drawn(UNKNOWN))
    assert not np.array_equal(drawn(letter), drawn("?"))


@pytest.mark.parametrize("language", sorted(path.stem for path in texts.FOLDER.glob("*.ini")))
def test_every_title_of_a_placeholder_fits_into_the_picture(language, monkeypatch):
    monkeypatch.setattr(texts, "_language", language)
    titles = [each for key, each in texts.beginning_with("Placeholder.").items() if not key.endswith(".More")]
    assert {title for title in titles if words.width(title, 31) > 0.95 * 512} == set()


def test_a_sentence_is_broken_between_words():
    lines = words.lines("A sentence that is too long for one line", 20, 150)
    assert len(lines) > 1 and " ".join(lines) == "A sentence that is too long for one line"
    assert all(words.width(line, 20) <= 150 for line in lines)


def test_a_placeholder_is_opaque():
    assert (lettering.placeholder((256, 256), "One moment", "The avatar is being prepared.")[..., 3] == 255).all()

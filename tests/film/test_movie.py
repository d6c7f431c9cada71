"""A film is there when it is whole; until then the older one of its name is."""

import os

import numpy as np
import pytest

from core.film.clip import Clip
from core.film.movie import Movie
from core.shared.errors import UserError

from .clips import DRIVE

BLACK = (0, 0, 0)
PICTURE = np.full((64, 64, 4), 255, np.uint8)


@pytest.fixture
def out(tmp_path):
    out = tmp_path / "Mein Film ä.mp4"
    out.write_bytes(b"the older one")
    return out


def test_a_whole_film_takes_the_place_of_the_older_one(out):
    with Clip(DRIVE) as clip, Movie(out, (64, 64), clip, BLACK) as movie:
        movie.add_picture(PICTURE, 0)
    assert out.read_bytes()[4:8] == b"ftyp" and list(out.parent.iterdir()) == [out]


def test_a_film_that_fails_in_the_middle_leaves_the_older_one(out):
    with Clip(DRIVE) as clip, pytest.raises(ZeroDivisionError), Movie(out, (64, 64), clip, BLACK) as movie:
        movie.add_picture(PICTURE, 0)
        raise ZeroDivisionError
    assert out.read_bytes() == b"the older one" and list(out.parent.iterdir()) == [out]


def test_a_disk_that_is_full_at_the_end_is_said_and_leaves_the_older_one(out, monkeypatch):
    def full(_):
        raise OSError(28, "No space left on device")
    monkeypatch.setattr(os, "fsync", full)
    with Clip(DRIVE) as clip, pytest.raises(UserError, match="could not be written completely"), \
            Movie(out, (64, 64), clip, BLACK) as movie:
        movie.add_picture(PICTURE, 0)
    assert out.read_bytes() == b"the older one" and list(out.parent.iterdir()) == [out]


def test_a_folder_that_cannot_be_written_is_said(tmp_path):
    with Clip(DRIVE) as clip, pytest.raises(UserError, match="cannot be written.*Choose another folder"):
        Movie(tmp_path / "gone" / "film.mp4", (64, 64), clip, BLACK)

"""Small pictures for lists: made once, made again when the picture changes."""

from __future__ import annotations

import os
import stat

import cv2
import numpy as np
import pytest

from core.gallery import thumbnails
from core.pictures import reading
from core.pictures.reading import PictureError
from core.shared import avatars

from .conftest import as_png


def pixels(content):
    return cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_COLOR)


def test_every_avatar_has_one():
    for entry in avatars.available():
        assert pixels(thumbnails.thumbnail(entry.id)).shape == (thumbnails.SIDE, thumbnails.SIDE, 3)


def test_five_hundred_pictures_are_read_once(nora, own_folder, monkeypatch):
    own_folder.mkdir(parents=True)
    small = as_png(cv2.resize(nora, (96, 96)))
    for number in range(500):
        (own_folder / f"Bild {number} ä.png").write_bytes(small)
    ids = [entry.id for entry in avatars.available() if entry.id.startswith("user:")]
    first = [thumbnails.of_file(avatars.AvatarEntry(id, "", own_folder / id[5:]).path) for id in ids]
    monkeypatch.setattr(reading, "read", lambda _: pytest.fail("read again"))
    assert [thumbnails.of_file(own_folder / id[5:]) for id in ids] == first and len(ids) == 500


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps caches in the user's own folder")
def test_nobody_else_can_see_them(own_folder):
    thumbnails.thumbnail("nora")
    assert [stat.S_IMODE(path.stat().st_mode) for path in thumbnails.folder().iterdir()] == [0o600]


def test_a_changed_picture_gets_another(nora, own_folder):
    own_folder.mkdir(parents=True)
    path = own_folder / "me.png"
    path.write_bytes(as_png(nora))
    before = thumbnails.thumbnail("user:me.png")
    path.write_bytes(as_png(255 - nora))
    os.utime(path, ns=(1, 1))
    assert thumbnails.thumbnail("user:me.png") != before


def test_what_is_not_there_or_no_picture_is_said(own_folder):
    own_folder.mkdir(parents=True)
    (own_folder / "x.png").write_bytes(b"x")
    for id in ("nobody", "user:x.png", "file"):
        with pytest.raises(PictureError):
            thumbnails.thumbnail(id)


def test_without_a_place_to_keep_them_they_are_made_each_time(own_folder):
    thumbnails.folder().parent.mkdir(parents=True)
    thumbnails.folder().write_text("in the way")
    assert pixels(thumbnails.thumbnail("nora")).any()


def test_old_ones_go(own_folder, monkeypatch):
    monkeypatch.setattr(thumbnails, "LIMIT", 2)
    for entry in avatars.available()[:3]:
        thumbnails.thumbnail(entry.id)
    assert len(list(thumbnails.folder().iterdir())) == 2

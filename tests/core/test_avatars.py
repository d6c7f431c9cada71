"""The list of avatars: what ships, and what the user puts into a folder."""

import shutil

import pytest

from core import avatars, places


@pytest.fixture
def own_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setenv("APPDATA", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    folder = places.user_avatars()
    folder.mkdir(parents=True)
    return folder


def test_at_least_three_avatars_ship(own_folder):
    assert len(avatars.available()) >= 3


def test_pictures_in_the_users_folder_are_offered_whatever_their_names(own_folder):
    for name in ("Grüße an alle.PNG", "日本.jpg", ".hidden.png", "notes.txt"):
        shutil.copy(avatars.available()[0].path, own_folder / name)
    own = [entry for entry in avatars.available() if entry.id.startswith("user:")]
    assert [entry.title for entry in own] == ["Grüße an alle", "日本"]
    assert avatars.picture_path("user:日本.jpg", "") == own_folder / "日本.jpg"


def test_a_missing_folder_is_no_error(own_folder):
    own_folder.rmdir()
    assert avatars.available()


def test_an_unknown_avatar_and_an_empty_file_lead_nowhere(own_folder):
    assert avatars.picture_path("nobody", "") is None
    assert avatars.picture_path("file", "") is None
    assert str(avatars.picture_path("file", "some.png")) == "some.png"


def test_the_name_of_an_avatar_cannot_lead_out_of_its_folder(own_folder):
    assert avatars.picture_path("user:../../secret.png", "") is None
    assert avatars.picture_path("../core/secret", "") is None

"""The list of avatars: what ships, and what the user puts into a folder."""

import json
import shutil

import pytest

from core.shared import avatars, places


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


def write(path, **fields):
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(dict({"format": "obs-avatar", "version": 1}, **fields)), encoding="utf-8")


def test_a_folder_with_a_manifest_is_an_avatar_and_any_other_folder_is_not(own_folder):
    write(own_folder / "pack" / "avatar.json", title="日本 «x»", picture="face.png")
    (own_folder / "holiday").mkdir()
    entry, = [entry for entry in avatars.available() if entry.id.startswith("user:")]
    assert (entry.id, entry.title, entry.path) == ("user:pack", "日本 «x»", own_folder / "pack" / "face.png")


def test_what_is_written_beside_a_picture_belongs_to_it(own_folder):
    for name in ("me.png", "me happy.png", "other.png"):
        shutil.copy(avatars.available()[0].path, own_folder / name)
    write(own_folder / "me.png.json", title="Myself", expressions={"happy": {"picture": "me happy.png"}})
    assert [entry.title for entry in avatars.available() if entry.id.startswith("user:")] == ["Myself", "other"]
    assert avatars.expressions_of("user:me.png", "") == ["happy"]
    assert avatars.expressions_of("file", str(own_folder / "me.png")) == ["happy"]


def test_a_damaged_manifest_leaves_the_picture_usable_and_is_said(own_folder):
    shutil.copy(avatars.available()[0].path, own_folder / "me.png")
    (own_folder / "me.png.json").write_text("{")
    entry = avatars.find("user:me.png")
    assert entry.path == own_folder / "me.png" and "me.png.json" in entry.error


def test_five_hundred_avatars_are_all_listed(own_folder):
    for number in range(250):
        (own_folder / f"{number}.jpg").touch()
        write(own_folder / f"pack {number}" / "avatar.json", title=f"P{number}", picture="p.png")
    assert len([entry for entry in avatars.available() if entry.id.startswith("user:")]) == 500


def test_a_folder_with_more_than_anybody_looks_through_is_cut_off(own_folder, monkeypatch):
    monkeypatch.setattr(avatars.limits, "LISTED_AVATARS", 5)
    for number in range(9):
        (own_folder / f"{number}.jpg").touch()
    assert len([entry for entry in avatars.available() if entry.id.startswith("user:")]) == 5

"""`avatars`: what a user can do with pictures in a terminal."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from core.shared import avatars


@pytest.fixture(autouse=True)
def own_home(tmp_path, monkeypatch):
    for name in ("XDG_DATA_HOME", "XDG_CACHE_HOME", "APPDATA", "LOCALAPPDATA", "HOME"):
        monkeypatch.setenv(name, str(tmp_path / "home"))


@pytest.fixture
def photo(tmp_path):
    picture = cv2.imread(str(avatars.picture_path("nora", "")))
    path = tmp_path / "Foto von mir.png"
    path.write_bytes(cv2.imencode(".png", cv2.resize(picture, (512, 512), interpolation=cv2.INTER_AREA))[1].tobytes())
    return path


def test_a_picture_is_added_listed_passed_on_and_removed(cli, photo, tmp_path):
    added = cli("avatars", "add", photo)
    assert added.code == 0 and "“Foto von mir” is now an avatar" in added.out and "consent" in added.out
    assert "user:foto-von-mir" in cli("avatars", "list").out
    pack = tmp_path / "pack.zip"
    assert cli("avatars", "export", "user:foto-von-mir", "-o", pack).code == 0
    assert cli("avatars", "remove", "user:foto-von-mir").code == 0
    assert "user:foto-von-mir" not in cli("avatars", "list").out
    brought = cli("avatars", "import", pack)
    assert brought.code == 0 and "user:foto-von-mir" in brought.out and "consent" in brought.out


def test_a_check_says_how_well_it_will_do_and_draws_nine_poses(cli, photo, tmp_path):
    sheet = tmp_path / "sheet.png"
    result = cli("avatars", "check", photo, "-o", sheet)
    assert result.code == 0 and "will do well" in result.out
    drawn = cv2.imread(str(sheet)).astype(int)
    side = drawn.shape[0] // 3
    cells = [drawn[y:y + side, x:x + side] for y in range(0, 3 * side, side) for x in range(0, 3 * side, side)]
    for number, cell in enumerate(cells):
        assert all(np.abs(cell - other).mean() > 0.5 for other in cells[number + 1:])
    assert "user:" not in cli("avatars", "list").out


@pytest.mark.parametrize("arguments", [
    ("add", "gone.png"), ("check", "gone.png"), ("check", "nobody"), ("remove", "nora"), ("remove", "user:nobody"),
    ("export", "nobody", "-o", "x.zip"), ("export", "nora", "-o", "x.rar"), ("import", "gone.zip"),
    ("check", "nora", "-o", "x.txt")])
def test_what_cannot_be_done_is_said(cli, arguments):
    result = cli("avatars", *arguments)
    assert result.code != 0 and result.err.startswith("obs_avatar: ") and "Traceback" not in result.err


def test_without_a_face_it_says_how_to_place_landmarks(cli, tmp_path):
    path = tmp_path / "wall.png"
    path.write_bytes(cv2.imencode(".png", np.full((300, 300, 3), 120, np.uint8))[1].tobytes())
    for arguments in ("add", path), ("check", path):
        result = cli("avatars", *arguments)
        assert result.code != 0 and "by hand" in result.err
    assert cli("avatars", "add", path, "--by-hand").code == 0

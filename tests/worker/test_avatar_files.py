"""The files of the avatar on air may change under it: what is new is shown, what is broken or gone is said."""

import json
import shutil

import cv2
import numpy as np
import pytest

from core.shared import avatars
from core.worker import avatar_files

from ..support.scene import CLIP as SHORT

CLIP = {"driver": "file", "driver_file": str(SHORT)}


@pytest.fixture
def picture(tmp_path):
    path = tmp_path / "ich & du.png"
    shutil.copy(avatars.find("nora").path, path)
    return path


@pytest.fixture
def on_air(worker, picture):
    worker.show(avatar="file", avatar_file=str(picture), badge=False, size="256", **CLIP)
    worker.wait_for(lambda: worker.status["state"] == "live")
    return worker


def blueness(worker):
    return float(worker.picture[..., 0].mean()) - float(worker.picture[..., 2].mean())


def test_a_picture_that_was_edited_is_shown(on_air, picture):
    before = blueness(on_air)
    edited = cv2.imread(str(picture))
    edited[..., 0] = np.minimum(edited[..., 0].astype(int) + 90, 255)
    cv2.imwrite(str(picture), edited)
    on_air.wait_for(lambda: blueness(on_air) > before + 40)
    assert on_air.status["state"] == "live"


def test_a_picture_that_was_deleted_stays_on_air_is_said_and_comes_back(on_air, picture):
    content = picture.read_bytes()
    picture.unlink()
    on_air.wait_for(lambda: "no longer on the disk" in on_air.status["message"])
    assert on_air.status["state"] == "live"
    picture.write_bytes(content)
    on_air.wait_for(lambda: "no longer" not in on_air.status["message"])
    assert on_air.status["state"] == "live"


def test_a_picture_that_was_damaged_stays_on_air_as_it_was(on_air, picture):
    picture.write_bytes(picture.read_bytes()[:5000])
    on_air.wait_for(lambda: "cannot be used" in on_air.status["message"])
    frames = on_air.frames
    on_air.wait_for(lambda: on_air.frames > frames)
    assert on_air.status["state"] == "live"


def test_a_picture_that_was_missing_is_shown_when_it_comes(worker, picture, tmp_path):
    late = tmp_path / "late.png"
    worker.show(avatar="file", avatar_file=str(late), badge=False, size="256", **CLIP)
    worker.wait_for(lambda: "cannot be found" in worker.status["message"])
    shutil.copy(picture, late)
    worker.wait_for(lambda: worker.status["state"] == "live")


def test_what_is_written_beside_the_picture_counts_too(on_air, picture):
    (picture.parent / (picture.name + ".json")).write_text("{")
    on_air.wait_for(lambda: "is not valid JSON" in on_air.status["message"])
    (picture.parent / (picture.name + ".json")).write_text(json.dumps({"format": "obs-avatar", "version": 1}))
    on_air.wait_for(lambda: "JSON" not in on_air.status["message"])


def test_what_failed_for_an_unforeseen_reason_is_tried_again_once(picture, monkeypatch):
    monkeypatch.setattr(avatar_files, "AGAIN_SECONDS", 0)
    watch = avatar_files.AvatarFiles("file", str(picture))
    assert not watch.changed()
    watch.try_again()
    assert watch.changed() and not watch.changed()

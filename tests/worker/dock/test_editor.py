"""Landmarks placed by hand on the editor's page: kept when they make a face, refused in a sentence when they do not."""

import json

import cv2
import numpy as np
import pytest

from core.shared import avatars


@pytest.fixture
def faceless():
    """The bytes of a picture in which nobody finds a face."""
    return cv2.imencode(".png", np.random.default_rng(3).integers(0, 255, (320, 320, 3), np.uint8))[1].tobytes()


def add(dock, content, how=""):
    return dock.post("avatars?name=blot.png" + how, content, "application/octet-stream")


def test_a_picture_without_a_face_is_refused_first_and_taken_when_the_user_wants_to_place_landmarks(dock, faceless):
    assert add(dock, faceless).status == 409
    added = add(dock, faceless, "&by_hand=1")
    assert added.status == 201
    path = "landmarks/" + json.loads(added.body)["id"]
    found = json.loads(dock.get(path).body)
    assert len(found["points"]) == 12 and found["source"] == "guess"
    moved = {name: [x, y + 0.02] for name, (x, y) in found["points"].items()}
    preview = dock.post(path + "/preview", json.dumps(moved))
    assert preview.status == 200 and preview.headers["Content-Type"] == "image/jpeg"
    assert dock.post(path, json.dumps(moved)).status == 200
    kept = avatars.find(json.loads(added.body)["id"]).about.landmarks
    assert all(kept[name] == pytest.approx(moved[name]) for name in moved)
    assert json.loads(dock.get(path).body)["source"] == "hand"


@pytest.mark.parametrize("points", [b"{}", b"[]", b"nonsense", b'{"chin": [0.5, 0.9]}', b"[" * 3000])
def test_points_that_make_no_face_are_refused_and_nothing_changes(dock, faceless, points):
    avatar = json.loads(add(dock, faceless, "&by_hand=1").body)["id"]
    before = avatars.find(avatar).about
    assert dock.post("landmarks/" + avatar, points).status in (400, 422)
    assert avatars.find(avatar).about == before


def test_an_avatar_that_ships_cannot_be_changed(dock):
    points = json.loads(dock.get("landmarks/nora").body)["points"]
    answer = dock.post("landmarks/nora", json.dumps(points))
    assert answer.status == 422 and answer.body.decode().endswith(".")


def test_the_editors_page_and_its_parts_are_served(dock):
    for part in ("editor.html", "editor.css", "editor.js"):
        assert dock.get(part).status == 200
    assert dock.get("pictures/nora").headers["Content-Type"] == "image/jpeg"

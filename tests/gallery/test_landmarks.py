"""Landmarks by hand: what no detector finds can be made to move."""

from __future__ import annotations

import json
import re

import cv2
import numpy as np
import pytest

from core.gallery import adding, landmarks, preparing
from core.pictures.reading import PictureError
from core.shared import avatars, manifest, places, texts
from models import engines
from models.contract import MotionOptions
from models.face import poses
from models.face.measures import eye_openness
from models.face.topology import EYES, INNER_LIP_LOWER, INNER_LIP_UPPER
from models.see import by_hand

from .conftest import PUPPET, as_png, puppet

SIDE = 512


@pytest.fixture
def dog(own_folder):
    own_folder.mkdir(parents=True)
    (own_folder / "dög.png").write_bytes(as_png(puppet()))
    landmarks.save("user:dög.png", PUPPET)
    return avatars.find("user:dög.png")


@pytest.fixture
def moved(dog):
    engine = engines.load("landmark")
    avatar = preparing.prepare(engine, dog, SIDE).avatar
    rest = engine.painter.animate(avatar, poses.neutral(), poses.neutral(), MotionOptions(mouth="drawn")).picture.copy()

    def draw(pose):
        drawn = engine.painter.animate(avatar, poses.all_nine()[pose], poses.neutral(), MotionOptions(mouth="drawn")).picture
        return drawn[..., :3].astype(int)
    return rest[..., :3].astype(int), draw


def around(picture, point, size=0.06):
    x, y = (round(value * SIDE) for value in point)
    half = round(size * SIDE)
    return picture[max(y - half, 0):y + half, max(x - half, 0):x + half]


def test_every_point_lies_where_it_was_placed():
    seen = by_hand.observation(PUPPET, (600, 600))
    assert set(by_hand.PLACED) == set(manifest.LANDMARKS)
    for name, index in by_hand.PLACED.items():
        assert np.allclose(seen.keypoints[index, :2] / 600, PUPPET[name], atol=0.004), name
    for name, (x, y) in by_hand.read_off(seen).items():
        assert np.allclose((x, y), PUPPET[name], atol=0.004)


def test_large_drawn_eyes_are_as_open_as_they_were_placed():
    seen = by_hand.observation(PUPPET, (600, 600)).keypoints
    assert all(0.5 < eye_openness(seen, eye) < 0.9 for eye in EYES)
    assert np.allclose(seen[INNER_LIP_UPPER], seen[INNER_LIP_LOWER])


def test_a_tilted_face_is_tilted():
    turn, _ = cv2.Rodrigues(np.array([0, 0, np.radians(20)]))
    tilted = {name: tuple((np.subtract(point, 0.5) @ turn[:2, :2].T + 0.5).tolist()) for name, point in PUPPET.items()}
    assert np.degrees(np.arctan2(*by_hand.observation(tilted, (600, 600)).pose[1::-1, 0])) == pytest.approx(20, abs=1)


def test_a_dog_shuts_its_eyes_opens_its_mouth_and_turns_its_head(moved):
    rest, draw = moved
    white = lambda picture: (around(picture, (0.375, 0.42)).min(axis=2) > 200).mean()  # noqa: E731
    assert white(rest) > 0.2 and white(draw("Blink")) < 0.3 * white(rest)
    mouth = (0.5, 0.72)
    assert np.abs(around(draw("Jaw"), mouth) - around(rest, mouth)).mean() > 15
    snout = lambda picture: np.nonzero((picture.max(axis=2) < 60) & (np.indices(picture.shape[:2])[0] > 0.5 * SIDE))[1]  # noqa: E731
    assert snout(draw("Left")).mean() + 15 < snout(rest).mean() < snout(draw("Right")).mean() - 15


def test_where_nobody_placed_anything_a_face_that_was_found_is_suggested(nora, own_folder):
    added = adding.add(as_png(nora), "me.png")
    suggestion = landmarks.suggest(added.id)
    assert suggestion.source == "found" and suggestion.points["left_eye_left"][0] < suggestion.points["right_eye_left"][0]
    landmarks.save(added.id, suggestion.points)
    assert landmarks.suggest(added.id).source == "hand"
    landmarks.forget(added.id)
    assert landmarks.suggest(added.id).source == "found"


def test_without_a_face_there_is_something_to_drag(own_folder):
    own_folder.mkdir(parents=True)
    (own_folder / "stone.png").write_bytes(as_png(np.full((300, 300, 3), 120, np.uint8)))
    suggestion = landmarks.suggest("user:stone.png")
    assert suggestion.source == "guess"
    assert manifest.checked_landmarks(json.loads(json.dumps(suggestion.points)))
    assert landmarks.save("user:stone.png", suggestion.points) == []


@pytest.mark.parametrize("points", [None, [], {}, {"chin": [0, 0]}, dict.fromkeys(PUPPET, [0.5, 0.5]),
                                    dict.fromkeys(PUPPET, [9, 9]), dict(PUPPET, chin="x"), "x"])
def test_points_that_make_no_face_are_refused_and_not_kept(dog, points):
    before = dog.manifest_path.read_bytes()
    for act in (landmarks.save, landmarks.preview):
        with pytest.raises(PictureError):
            act(dog.id, points)
    assert dog.manifest_path.read_bytes() == before


def test_any_points_within_reach_give_a_picture_or_a_sentence(dog):
    random = np.random.default_rng(3)
    for _ in range(6):
        points = {name: random.uniform(0, 1, 2).tolist() for name in PUPPET}
        try:
            assert landmarks.preview(dog.id, points).startswith(b"\xff\xd8")
        except PictureError as error:
            assert str(error)


def test_what_ships_keeps_its_landmarks():
    with pytest.raises(PictureError):
        landmarks.save("nora", PUPPET)


def test_the_editor_gets_picture_and_preview(dog):
    shown = cv2.imdecode(np.frombuffer(landmarks.shown(dog.id), np.uint8), cv2.IMREAD_COLOR)
    assert np.abs(shown.astype(int) - puppet()).mean() < 4
    assert landmarks.preview(dog.id, PUPPET).startswith(b"\xff\xd8")


def test_the_editor_knows_every_point_and_every_text():
    folder = places.ROOT / "core" / "worker" / "dock" / "editor"
    script = (folder / "editor.js").read_text(encoding="utf-8")
    page = (folder / "editor.html").read_text(encoding="utf-8")
    names = re.search(r"const NAMES = \[(.*?)\]", script, re.DOTALL).group(1)
    assert set(re.findall(r'"(\w+)"', names)) == set(manifest.LANDMARKS)
    known = texts._texts(texts.FALLBACK)
    for key in [*re.findall(r'data-text="([\w.]+)"', page), *re.findall(r'texts\["([\w.]+)"\]', script),
                *("Dock.Editor." + name for name in manifest.LANDMARKS),
                *("Dock.Editor.Source." + source for source in ("hand", "found", "guess"))]:
        assert key in known
    assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)", script + page), "it may ask its own server only"
    assert " style=" not in page and "<script>" not in page, "the dock's security policy forbids both"

"""The avatars that ship, as the engine sees them, and the script of the studio's driving clip."""

from __future__ import annotations

import importlib.util
import json
from itertools import groupby

import cv2
import numpy as np
import pytest
from PIL import Image

from core.shared import avatars, places
from models.see.tracker import Tracker

SHIPPED = [entry for entry in avatars.available() if not entry.id.startswith("user:")]
STUDIO = places.SHIPPED_AVATARS / "studio"


@pytest.fixture(scope="module")
def script():
    spec = importlib.util.spec_from_file_location("drive_track", STUDIO / "drive_track.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_ten_avatars_ship_and_those_of_older_scenes_are_among_them():
    ids = {entry.id for entry in SHIPPED}
    assert len(ids) == 10 and {"nora", "marcus", "clay", "android"} <= ids


@pytest.mark.parametrize("entry", SHIPPED, ids=lambda entry: entry.id)
def test_an_avatar_is_a_square_picture_of_1024_pixels_and_nothing_else(entry):
    with Image.open(entry.path) as picture:
        assert (picture.size, picture.mode, picture.info) == ((1024, 1024), "RGB", {})
    assert entry.path.stat().st_size < 1.2e6


@pytest.mark.parametrize("entry", SHIPPED, ids=lambda entry: entry.id)
def test_an_avatar_looks_straight_ahead_with_open_eyes_and_a_closed_mouth(entry):
    tracker = Tracker(expression=True)
    seen = tracker.observe(cv2.imread(str(entry.path)))
    x, y, z = seen.pose @ [0, 0, -1]
    up = seen.pose @ [0, -1, 0]
    assert abs(np.degrees(np.arctan2(x, -z))) < 3 and abs(np.degrees(np.arctan2(up[0], -up[1]))) < 3
    assert abs(np.degrees(np.arcsin(y))) < 15  # a face of another make has other proportions
    assert seen.expression["jawOpen"] < 0.05
    assert max(seen.expression["eyeBlinkLeft"], seen.expression["eyeBlinkRight"]) < 0.15


@pytest.mark.parametrize("entry", SHIPPED, ids=lambda entry: entry.id)
def test_an_avatar_has_room_to_move(entry):
    points = Tracker().observe(cv2.imread(str(entry.path))).keypoints[:, :2] / 1024
    assert 0.3 < np.ptp(points[:, 1]) < 0.45
    assert (points.min(axis=0) > 0.15).all() and (points.max(axis=0) < 0.85).all()


def test_the_script_of_the_driving_clip_begins_with_a_second_and_a_half_of_rest(script):
    for frame in range(round(1.5 * script.RATE)):
        assert not any(value for name, value in script.track(frame).items() if name != "frame")


def test_the_script_of_the_driving_clip_blinks_as_long_as_people_do(script):
    shut = [script.track(frame)["blink"] > 0 for frame in range(script.FRAMES)]
    lengths = [sum(1 for _ in run) / script.RATE for closed, run in groupby(shut) if closed]
    assert len(lengths) == len(script.BLINKS)
    assert all(0.15 <= length <= 0.25 for length in lengths)


def test_the_script_of_the_driving_clip_never_jumps(script):
    states = [script.track(frame) for frame in range(script.FRAMES)]
    for name, limit in ("yaw", 6), ("pitch", 4), ("roll", 4), ("jaw", 0.35), ("smile", 0.35), ("brow", 0.35), ("pucker", 0.4):
        steps = np.abs(np.diff([state[name] for state in states]))
        assert 0 < steps.max() < limit, name


def test_the_clip_that_ships_shows_a_face_in_every_part_and_has_a_script_of_every_frame():
    folder = places.SHIPPED_AVATARS / "driving"
    script, tracker = json.loads((folder / "drive.json").read_text()), Tracker()
    video = cv2.VideoCapture(str(folder / "drive.mp4"))
    seen = [tracker.observe(video.read()[1]) is not None for _ in range(len(script))]
    assert all(seen) and not video.read()[0]
    assert len(script) == 250 and video.get(cv2.CAP_PROP_FPS) == 25

"""What the built-in engine sees of a face: on the project's own driving clip, whose script says what happens in it.

tests/data/short_drive/drive.mp4 is rendered, 256 x 256; drive.json is its script, one entry a frame (0..1, angles in degrees).
tests/data/mediapipe_drive.npz is what MediaPipe 0.10.21 sees in some of the frames, one by one (IMAGE mode).
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

from models.see.blendshapes import NAMES
from models.see.tracker import Tracker
from models.shipped import bundle

from .faces import DRIVE, driving_frames

DATA = Path(__file__).parents[2] / "data"
ROOT = Path(__file__).parents[3]
WALL = (110, 120, 100)


@pytest.fixture(scope="module")
def frames():
    return driving_frames()


@pytest.fixture(scope="module")
def script():
    """Name to array (frames,)."""
    entries = json.loads((DRIVE / "drive.json").read_text())
    return {name: np.array([entry[name] for entry in entries]) for name in entries[0]}


@pytest.fixture(scope="module")
def seen(frames):
    """The observations of the whole clip, followed from frame to frame."""
    tracker = Tracker(expression=True)
    return [tracker.observe(frame) for frame in frames]


@pytest.fixture
def tracker():
    return Tracker()


def coefficient(seen, name):
    return np.array([observation.expression[name] for observation in seen])


def facing(observation):
    """Where the nose points: x right, y down, z away."""
    return observation.pose @ [0, 0, -1]


def placed(face, size, left, top):
    """The picture `face` in front of a plain wall; `size` is (width, height)."""
    wall = np.full((size[1], size[0], 3), WALL, np.uint8)
    wall[top:top + face.shape[0], left:left + face.shape[1]] = face
    return wall


def test_every_frame_of_the_driving_clip_has_a_face(frames, script, seen):
    assert len(frames) == len(script["frame"]) == 120
    assert all(observation is not None for observation in seen)
    for frame, observation in zip(frames, seen):
        assert observation.keypoints.shape == (478, 3) and observation.keypoints.dtype == np.float32
        assert observation.frame_size == (256, 256) and observation.driver_picture is frame
        assert observation.pose.dtype == np.float32
        assert np.allclose(observation.pose @ observation.pose.T, np.eye(3), atol=1e-5)


def test_the_jaw_opens_where_the_script_opens_it(script, seen):
    jaw = coefficient(seen, "jawOpen")
    assert np.corrcoef(jaw, script["jaw"])[0, 1] > 0.95
    assert jaw[script["jaw"] > 0.95].min() > 0.6
    assert jaw[script["jaw"] == 0].max() < 0.2


@pytest.mark.parametrize("eye", ["eyeBlinkLeft", "eyeBlinkRight"])
def test_the_eyes_close_where_the_script_closes_them(script, seen, eye):
    lid = coefficient(seen, eye)
    assert np.corrcoef(lid, script["blink"])[0, 1] > 0.95
    assert lid[script["blink"] > 0.95].min() > 0.5
    assert lid[script["blink"] == 0].max() < 0.3


def test_the_mouth_smiles_where_the_script_smiles(script, seen):
    assert np.corrcoef(coefficient(seen, "mouthSmileLeft"), script["smile"])[0, 1] > 0.9


def test_the_head_turns_as_far_as_the_script_turns_it(script, seen):
    sideways = np.degrees([np.arctan2(x, -z) for x, _, z in map(facing, seen)])
    assert np.abs(sideways - script["yaw"]).max() < 5


def test_the_head_nods_the_way_the_script_nods_it(script, seen):
    down = np.degrees([np.arcsin(y) for _, y, _ in map(facing, seen)])
    assert down[script["pitch"].argmax()] - down[script["pitch"].argmin()] > 10


def test_a_face_is_seen_as_mediapipe_sees_it(frames):
    reference = np.load(DATA / "mediapipe_drive.npz")
    tracker = Tracker(expression=True)
    flip = np.diag([1, -1, -1])  # MediaPipe's axes: y up, z towards the viewer
    for frame, landmarks, blendshapes, rotation in zip(reference["frames"], reference["landmarks"],
                                                       reference["blendshapes"], reference["rotations"]):
        tracker.forget()
        observation = tracker.observe(frames[frame])
        assert np.linalg.norm((observation.keypoints - landmarks)[:, :2], axis=1).mean() < 0.5
        assert np.abs(observation.keypoints - landmarks)[:, 2].mean() < 0.5
        assert np.abs([observation.expression[name] for name in NAMES] - blendshapes).mean() < 0.02
        difference, _ = cv2.Rodrigues(observation.pose @ (flip @ rotation @ flip).T)
        assert np.degrees(np.linalg.norm(difference)) < 1.5


def test_expression_is_not_computed_unless_asked_for(frames, tracker):
    assert tracker.observe(frames[0]).expression == {}


def test_nobody_is_seen_where_nobody_is(tracker):
    wall = np.full((480, 640, 3), WALL, np.uint8)
    assert [tracker.observe(wall) for _ in range(30)] == [None] * 30
    assert tracker.faces_in(wall) == 0


def test_somebody_who_comes_back_is_found_at_once(frames, tracker):
    assert tracker.observe(frames[0]) is not None
    assert tracker.observe(np.zeros_like(frames[0])) is None
    assert tracker.observe(frames[1]) is not None


def test_a_face_that_jumps_across_the_picture_is_found_in_the_same_frame(frames, tracker):
    for left in 0, 384:
        keypoints = tracker.observe(placed(frames[0], (640, 480), left, 100)).keypoints
        assert left < keypoints[:, 0].min() and keypoints[:, 0].max() < left + 256


def test_a_face_is_followed_the_same_way_after_forget_as_from_the_start(frames, tracker):
    fresh = Tracker().observe(frames[50]).keypoints
    tracker.observe(frames[0])
    tracker.forget()
    assert np.array_equal(tracker.observe(frames[50]).keypoints, fresh)


@pytest.mark.parametrize("height", [1080, 400, 200])
def test_a_face_in_a_1080p_frame_is_found_near_and_far(frames, tracker, height):
    face = cv2.resize(frames[0], (height, height), interpolation=cv2.INTER_AREA)
    frame = placed(face, (1920, 1080), 1200 - height // 2, 0)
    keypoints = tracker.observe(frame).keypoints
    own = Tracker().observe(frames[0]).keypoints * (height / 256) + np.array([1200 - height // 2, 0, 0])
    assert np.linalg.norm((keypoints - own)[:, :2], axis=1).mean() < 0.02 * height
    assert tracker.faces_in(frame) == 1


def test_a_face_that_fills_the_frame_is_found(frames, tracker):
    points = tracker.observe(frames[0]).keypoints[:, :2]
    (left, top), (right, bottom) = points.min(axis=0).astype(int), points.max(axis=0).astype(int)
    close = frames[0][top:bottom, left:right]
    tracker.forget()
    assert tracker.observe(close) is not None
    assert tracker.faces_in(close) == 1


def test_of_two_faces_the_larger_one_is_followed_and_both_are_counted(frames, tracker):
    frame = placed(cv2.resize(frames[0], (400, 400)), (900, 500), 480, 50)
    frame[100:356, 60:316] = frames[0]
    assert tracker.observe(frame).keypoints[:, 0].min() > 480
    assert tracker.faces_in(frame) == 2


def test_a_turned_picture_shows_a_turned_head(frames, tracker):
    observation = tracker.observe(cv2.rotate(frames[0], cv2.ROTATE_90_CLOCKWISE))
    up = observation.pose @ [0, -1, 0]
    assert up[0] > 0.95


@pytest.mark.parametrize("size", [(1, 1), (1, 5000), (5000, 1), (3, 7), (101, 33), (40000, 2), (2, 40000)])
def test_a_picture_of_any_size_is_looked_at_without_complaint(tracker, size):
    picture = np.random.default_rng(0).integers(0, 255, (size[1], size[0], 3), np.uint8)
    assert tracker.observe(picture) is None
    assert tracker.faces_in(picture) == 0


def test_a_gigantic_picture_is_seen_in_its_own_pixels(frames, tracker):
    own = tracker.observe(frames[0]).keypoints
    tracker.forget()
    observation = tracker.observe(cv2.resize(frames[0], (9000, 9000)))
    assert observation.frame_size == (9000, 9000)
    assert np.linalg.norm(observation.keypoints / (9000 / 256) - own, axis=1).mean() < 3


def test_a_mirrored_view_of_a_frame_is_taken_as_it_is(frames, tracker):
    mirrored = tracker.observe(frames[0][:, ::-1]).keypoints
    tracker.forget()
    assert np.array_equal(mirrored, tracker.observe(frames[0][:, ::-1].copy()).keypoints)


def test_a_damaged_model_bundle_is_named_and_the_cure_too(tmp_path, monkeypatch):
    damaged = tmp_path / "face_landmarker.task"
    damaged.write_bytes(bundle.FACE_LANDMARKER.read_bytes()[:-1])
    monkeypatch.setattr(bundle, "FACE_LANDMARKER", damaged)
    with pytest.raises(bundle.DamagedModel, match=r"face_landmarker\.task.*damaged.*Download the project again"):
        Tracker()


def test_a_missing_model_is_named_and_the_cure_too(tmp_path, monkeypatch):
    monkeypatch.setattr(bundle, "SELFIE_SEGMENTATION", tmp_path / "selfie_segmentation.tflite")
    with pytest.raises(bundle.DamagedModel, match=r"selfie_segmentation\.tflite.*Download the project again"):
        bundle.selfie_segmentation()


def test_the_segmentation_model_tells_a_person_from_the_wall(frames):
    model = bundle.selfie_segmentation()
    picture = cv2.cvtColor(frames[0], cv2.COLOR_BGR2RGB).astype(np.float32) / 255
    model.set_tensor(model.get_input_details()[0]["index"], picture[None])
    model.invoke()
    person = model.get_tensor(model.get_output_details()[0]["index"])[0, :, :, 0]
    assert person[128, 128] > 0.9 and person[:16, :16].max() < 0.1


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is needed to see what native code does")
def test_watching_a_face_opens_no_network_connection(tmp_path):
    trace = tmp_path / "trace"
    watch = ("import cv2, sys; from models.see.tracker import Tracker\n"
             "more, frame = cv2.VideoCapture(sys.argv[1]).read()\n"
             "assert Tracker(expression=True).observe(frame) is not None")
    subprocess.run(["strace", "-f", "-e", "trace=%network", "-o", trace, sys.executable, "-c", watch,
                    str(DRIVE / "drive.mp4")], cwd=ROOT, check=True)
    assert "socket(" not in trace.read_text()

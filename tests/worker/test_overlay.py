"""The help picture: who wants to see what the worker sees gets it on request, and nobody else ever does."""

import dataclasses

import cv2
import numpy as np
import pytest

from core.link import protocol
from core.worker.obs_pictures import ObsPictures
from core.worker.overlay import GOOD, NOT_GOOD, DriverView, drawn
from models.see.tracker import Tracker

from ..support.scene import CLIP, DRIVEN
from ..support.waiting import PATIENCE

REST, TURNED = 0, 73


@pytest.fixture(scope="module")
def frames():
    video = cv2.VideoCapture(str(CLIP))
    return [video.read()[1] for _ in range(TURNED + 1)]


def looked(frame):
    return DriverView(frame, Tracker().observe(frame))


def shows(picture, colour):
    return (np.abs(picture.astype(int) - colour).max(axis=2) < 25).sum()


def test_a_face_from_the_front_is_drawn_and_called_good(frames):
    before = frames[REST].copy()
    picture, sentence = drawn(looked(frames[REST]))
    assert picture.shape == (256, 256, 3) and picture.dtype == np.uint8
    assert "good moment to calibrate" in sentence
    assert shows(picture, GOOD) > 100 > shows(picture, NOT_GOOD)
    assert np.array_equal(frames[REST], before), "the frame is the engine's, too"


def test_of_a_turned_head_it_is_said_how_far(frames):
    picture, sentence = drawn(looked(frames[TURNED]))
    assert "turned by 2" in sentence and "straight" in sentence
    assert shows(picture, NOT_GOOD) > 100


def test_landmarks_lie_on_the_face_also_in_a_reduced_picture(frames):
    large = cv2.copyMakeBorder(cv2.resize(frames[REST], (720, 720)), 0, 0, 560, 0, cv2.BORDER_CONSTANT)
    seen = looked(large)
    with_face, _ = drawn(seen)
    without, _ = drawn(DriverView(large, None))
    assert max(with_face.shape) == 320
    rows, columns = np.nonzero(np.abs(with_face.astype(int) - without).max(axis=2) > 40)
    points = seen.observation.keypoints[:, :2] * 320 / 1280
    assert points[:, 0].min() - 25 < columns.min() and columns.max() < points[:, 0].max() + 25
    assert points[:, 1].min() - 25 < rows.min() and rows.max() < points[:, 1].max() + 25


def test_where_nobody_is_the_frame_alone_is_shown(frames):
    wall = np.full((480, 640, 3), 90, np.uint8)
    picture, sentence = drawn(DriverView(wall, None))
    assert sentence == "No face is visible here." and (picture == 90).all()


def test_a_small_face_is_told_to_come_nearer(frames):
    wall = np.full((480, 640, 3), 110, np.uint8)
    wall[100:228, 200:328] = cv2.resize(frames[REST], (128, 128), interpolation=cv2.INTER_AREA)
    assert "closer" in drawn(looked(wall)).sentence


def test_mirrored_it_is_the_mirror_image(frames):
    seen = looked(frames[TURNED])
    assert np.array_equal(drawn(seen, mirror=True).picture, drawn(seen).picture[:, ::-1])


def test_points_of_the_neural_engine_and_of_nonsense_are_drawn_without_complaint(frames):
    seen = looked(frames[REST])
    for points in (seen.observation.keypoints[:30], np.full((478, 3), np.nan, np.float32),
                   np.full((478, 3), 1e9, np.float32)):
        other = dataclasses.replace(seen.observation, keypoints=points)
        assert drawn(DriverView(frames[REST], other)).picture.shape == frames[REST].shape


def test_the_loop_keeps_what_is_seen_only_while_the_driver_is_open():
    """In the worker's own loop, without a process: its parts are threads anyway."""
    import threading
    import time

    from core.worker.live import Live

    class Messages:
        def __init__(self):
            self.waiting = []

        def messages(self):
            waiting, self.waiting = self.waiting, []
            return waiting

    class Sink:
        def publish(self, pixels, width, height):
            pass

        def send(self, kind, **fields):
            self.state = fields.get("state")

    messages, sink = Messages(), Sink()
    live = Live(messages, sink, ObsPictures())
    assert live.driver_view is None
    threading.Thread(target=live.run, daemon=True).start()

    def wait_for(condition):
        end = time.monotonic() + PATIENCE
        while not condition():
            assert time.monotonic() < end
            time.sleep(0.02)

    messages.waiting = [{"type": "settings", "values": DRIVEN}, {"type": "shown", "value": True}]
    wait_for(lambda: live.driver_view is not None and sink.state == protocol.LIVE)
    picture, observation = live.driver_view
    assert picture.shape == (256, 256, 3) and observation.keypoints.shape == (478, 3)
    messages.waiting = [{"type": "settings", "values": dict(DRIVEN, hidden=True)}]
    wait_for(lambda: live.driver_view is None)
    time.sleep(0.3)
    assert live.driver_view is None and live._observer.driver_view is None

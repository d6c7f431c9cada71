"""Two faces in the picture: the one that was driving keeps driving, whatever the other one does.

The driver is the clip's; the other one is the picture of an avatar, larger than the driver, so that it would be chosen.
"""

from __future__ import annotations

import numpy as np
import pytest

from models.see.bystanders import DETECT_ALONE, HOLD
from models.see.tracker import Tracker

from .faces import picture

WIDTH, HEIGHT = 900, 400
LEFT, RIGHT = 20, 480
"""Where the driver stands, and the other one."""
OTHER = 380
"""Size of the other one's picture, in pixels; the driver's has 256."""


@pytest.fixture(scope="module")
def other():
    return picture("nora", OTHER)


@pytest.fixture
def tracker():
    return Tracker()


def wall():
    return np.full((HEIGHT, WIDTH, 3), (110, 120, 100), np.uint8)


def put(scene, face, left, top=10):
    low, high = max(left, 0), min(left + face.shape[1], WIDTH)
    if low < high:
        scene[top:top + face.shape[0], low:high] = face[:, low - left:high - left]
    return scene


def both(frame, other, driver_at=LEFT, other_at=RIGHT):
    return put(put(wall(), frame, driver_at, 70), other, other_at)


def middle(observation):
    return None if observation is None else float(observation.keypoints[:, 0].mean())


def is_driver(observation, driver_at=LEFT):
    return observation is not None and abs(middle(observation) - driver_at - 128) < 60


def alone(tracker, frames, count=DETECT_ALONE + 1):
    for frame in frames[:count]:
        assert is_driver(tracker.observe(put(wall(), frame, LEFT, 70)))


def test_a_larger_face_that_appears_does_not_take_over(tracker, frames, other):
    alone(tracker, frames)
    assert all(is_driver(tracker.observe(both(frame, other))) for frame in frames[:60])


def test_a_driver_who_is_hidden_for_a_moment_is_waited_for(tracker, frames, other):
    alone(tracker, frames)
    for frame in frames[:2 * DETECT_ALONE]:
        tracker.observe(both(frame, other))
    hidden = [tracker.observe(put(wall(), other, RIGHT)) for _ in range(HOLD // 2)]
    assert hidden == [None] * len(hidden)
    back = tracker.observe(both(frames[0], other))
    assert is_driver(back) and back.driver == 0


def test_the_other_one_may_walk_about_meanwhile(tracker, frames, other):
    alone(tracker, frames)
    for frame in frames[:2 * DETECT_ALONE]:
        tracker.observe(both(frame, other))
    assert all(tracker.observe(put(wall(), other, RIGHT - 8 * step)) is None for step in range(HOLD // 2))


def test_a_driver_who_stays_away_is_followed_by_the_other_one_which_is_said(tracker, frames, other):
    alone(tracker, frames)
    for frame in frames[:2 * DETECT_ALONE]:
        tracker.observe(both(frame, other))
    after = [tracker.observe(put(wall(), other, RIGHT)) for _ in range(HOLD + 3)]
    assert after[-1] is not None and middle(after[-1]) > RIGHT and after[-1].driver == 1
    assert tracker.observe(both(frames[0], other)).driver == 1


def test_somebody_who_comes_back_alone_is_not_taken_for_another(tracker, frames):
    alone(tracker, frames)
    for _ in range(HOLD + 10):
        assert tracker.observe(wall()) is None
    assert tracker.observe(put(wall(), frames[0], LEFT, 70)).driver == 0


def test_a_driver_passed_by_another_one_drives_again_afterwards(tracker, frames, other):
    """The other one walks by in front, from the right to the left, and hides the driver altogether."""
    at = 450
    seen = []
    for step in range(90):
        scene = both(frames[step % 24], other, at, 900 - 16 * step)
        seen.append(tracker.observe(scene))
    assert all(is_driver(one, at) for one in seen[:5] + seen[-5:])
    assert all(one is None or one.driver == 0 for one in seen)


def test_in_a_new_scene_nobody_is_waited_for(tracker, frames, other):
    alone(tracker, frames)
    for frame in frames[:2 * DETECT_ALONE]:
        tracker.observe(both(frame, other))
    tracker.forget()
    assert middle(tracker.observe(put(wall(), other, RIGHT))) > RIGHT

"""While nobody drives it the avatar waits like a living being, and nothing jumps when the face goes or comes."""

from dataclasses import replace

import av
import numpy as np
import pytest

from core.animation.animator import Animator
from core.animation.driving import DrivingFrame
from core.animation.follow.following import BLEND_SECONDS, TO_REST_SECONDS
from core.animation.follow.idle import BLINK_SECONDS, blink, idle
from core.shared import settings
from models.face.topology import LOWER_MARGINS, UPPER_MARGINS
from models.see.tracker import Tracker

from ..support.scene import CLIP

FPS = 25
NEUTRAL, JAW_OPEN = 4, 25
"""Frames of the driving clip, by its script."""
WALL = np.full((256, 256, 3), 90, np.uint8)


@pytest.fixture(scope="module")
def frames():
    with av.open(str(CLIP)) as container:
        return [frame.to_ndarray(format="bgr24") for frame in container.decode(video=0)]


@pytest.fixture(scope="module")
def neutral(frames):
    return Tracker().observe(frames[NEUTRAL])


@pytest.fixture
def animator():
    return Animator.of(settings.Settings.of({"size": "256", "away_after": 1, "badge": False}))


def test_waiting_begins_at_the_neutral_pose(neutral):
    assert np.abs(idle(neutral, 0.0).keypoints - neutral.keypoints).max() < 1e-3


def test_it_moves_all_the_time_but_never_far_and_never_suddenly(neutral):
    size = np.ptp(neutral.keypoints[:, :2], axis=0).max()
    lids = np.concatenate([UPPER_MARGINS, LOWER_MARGINS])
    track = np.delete(np.array([idle(neutral, n / FPS).keypoints for n in range(60 * FPS)]), lids, axis=1) / size
    assert np.abs(track - track[0]).max() < 0.06
    assert np.abs(np.diff(track, axis=0)).max() < 0.004
    assert np.abs(np.diff(track, axis=0)).max(axis=(1, 2)).min() > 0


def test_it_blinks_every_few_seconds_and_shuts_the_eyes(neutral):
    shut = np.array([blink(n / 100) for n in range(60 * 100)])
    starts = np.flatnonzero((shut[1:] > 0) & (shut[:-1] == 0)) / 100
    assert 12 <= len(starts) <= 16
    assert np.diff(starts).min() > 1 and np.diff(starts).max() < 8
    assert shut.max() > 0.99 and (shut > 0).mean() < 2 * BLINK_SECONDS / 4
    closed = idle(neutral, np.argmax(shut) / 100).keypoints
    assert np.linalg.norm(closed[UPPER_MARGINS] - closed[LOWER_MARGINS], axis=1).max() < 0.5


def mouths_differ(one, other):
    """In grey levels; the rest of the head sways while it waits."""
    return np.abs(one[130:180, 90:166].astype(int) - other[130:180, 90:166]).mean()


def test_the_painter_reads_what_a_driver_saw_itself(animator, neutral, monkeypatch):
    asked = []
    read = animator.engine.painter.read
    monkeypatch.setattr(animator.engine.painter, "read", lambda face: (asked.append(face), read(face))[1])
    animator.step(DrivingFrame(0.0, face=neutral))
    assert animator.face
    animator.step(DrivingFrame(0.1))
    assert not animator.face
    animator.step(DrivingFrame(0.2, observation=neutral))
    assert animator.face
    assert asked == [neutral, None], "an observation that was read before is not read again"


def test_a_short_absence_leaves_the_expression_and_a_long_one_ends_it(animator, frames):
    animator.step(DrivingFrame(0.0, frames[NEUTRAL]))
    open_mouth = animator.step(DrivingFrame(0.04, frames[JAW_OPEN])).copy()
    held = animator.step(DrivingFrame(0.9, WALL)).copy()
    assert np.abs(held.astype(int) - open_mouth).mean() < 0.1
    resting = animator.rest().copy()
    waiting = animator.step(DrivingFrame(1.1 + TO_REST_SECONDS, WALL)).copy()
    assert mouths_differ(waiting, resting) < 0.5 * mouths_differ(open_mouth, resting)


def test_a_face_that_comes_back_takes_over_without_a_jump(animator, frames):
    animator.step(DrivingFrame(0.0, frames[NEUTRAL]))
    for n in range(3 * FPS):
        before = animator.step(DrivingFrame(0.1 + n / FPS, WALL)).copy()
    coming_back = [DrivingFrame(4 + n / FPS, frames[JAW_OPEN]) for n in range(int(2 * BLEND_SECONDS * FPS))]
    pictures = [before] + [animator.step(frame).copy() for frame in coming_back]
    steps = [np.abs(one.astype(int) - two).mean() for one, two in zip(pictures, pictures[1:])]
    whole = np.abs(pictures[0].astype(int) - pictures[-1]).mean()
    assert whole > 1
    assert max(steps) < 0.5 * whole


def test_without_the_idle_animation_the_avatar_stands_still(animator, frames):
    animator.settings = replace(animator.settings, idle=False)
    animator.step(DrivingFrame(0.0, frames[NEUTRAL]))
    one, other = animator.step(DrivingFrame(10.0, WALL)).copy(), animator.step(DrivingFrame(12.0, WALL)).copy()
    assert np.array_equal(one, other)


def test_an_avatar_that_never_saw_a_face_breathes_too(animator):
    one, other = animator.wait(0.0).copy(), animator.wait(3.0).copy()
    assert np.abs(one.astype(int) - other).max() > 5


def test_a_hand_before_the_face_for_a_moment_costs_no_jump(animator, frames):
    animator.step(DrivingFrame(0.0, frames[NEUTRAL]))
    for n in range(8):
        before = animator.step(DrivingFrame(0.04 + n / FPS, WALL)).copy()
    coming_back = [DrivingFrame(0.4 + n / FPS, frames[JAW_OPEN]) for n in range(int(2 * BLEND_SECONDS * FPS))]
    pictures = [before] + [animator.step(frame).copy() for frame in coming_back]
    steps = [np.abs(one.astype(int) - two).mean() for one, two in zip(pictures, pictures[1:])]
    assert max(steps) < 0.6 * np.abs(pictures[0].astype(int) - pictures[-1]).mean()
    assert steps[-1] < 0.1


def test_one_frame_without_a_face_is_no_interruption(animator, frames):
    animator.step(DrivingFrame(0.0, frames[NEUTRAL]))
    animator.step(DrivingFrame(0.04, WALL))
    after = animator.step(DrivingFrame(0.08, frames[JAW_OPEN])).copy()
    animator.driver_changed()
    animator.step(DrivingFrame(0.0, frames[NEUTRAL]))
    animator.step(DrivingFrame(0.04, WALL))
    assert np.abs(after.astype(int) - animator.step(DrivingFrame(0.08, frames[JAW_OPEN]))).mean() < 0.1
    assert np.abs(after.astype(int) - animator.rest()).mean() > 1


def test_another_person_takes_the_avatar_over_from_where_it_is(animator, frames, neutral):
    """Their own place and face are neutral from then on; the avatar neither jumps nor makes a face."""
    for number in range(20, JAW_OPEN + 1):
        last = animator.step(DrivingFrame(number / FPS, observation=Tracker().observe(frames[number]))).astype(int)
    shift = np.array([300, 40, 0], np.float32)
    stranger = replace(neutral, keypoints=neutral.keypoints * 1.3 + shift, driver=1)
    steps = []
    for number in range(12):
        picture = animator.step(DrivingFrame(JAW_OPEN / FPS + (number + 1) / FPS, observation=stranger)).astype(int)
        steps.append(np.abs(picture - last).mean())
        last = picture
    assert max(steps) < 6 and steps[-1] < 0.3
    assert np.abs(last - animator.rest().astype(int)).mean() < 1

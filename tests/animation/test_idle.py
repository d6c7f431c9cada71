"""While nobody drives it the avatar waits like a living being, and nothing jumps when the face goes or comes."""

from dataclasses import replace

import av
import numpy as np
import pytest

from core.animation.animator import BLEND_SECONDS, TO_REST_SECONDS, Animator
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
    made = Animator(settings.Settings.of({"size": "256", "away_after": 1, "badge": False}))
    made.load()
    return made


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


def test_a_short_absence_leaves_the_expression_and_a_long_one_ends_it(animator, frames):
    animator.step(frames[NEUTRAL], 0.0)
    open_mouth = animator.step(frames[JAW_OPEN], 0.04).copy()
    held = animator.step(WALL, 0.9).copy()
    assert np.abs(held.astype(int) - open_mouth).mean() < 0.1
    resting = animator.rest().copy()
    waiting = animator.step(WALL, 1.1 + TO_REST_SECONDS).copy()
    assert mouths_differ(waiting, resting) < 0.5 * mouths_differ(open_mouth, resting)


def test_a_face_that_comes_back_takes_over_without_a_jump(animator, frames):
    animator.step(frames[NEUTRAL], 0.0)
    for n in range(3 * FPS):
        before = animator.step(WALL, 0.1 + n / FPS).copy()
    pictures = [before] + [animator.step(frames[JAW_OPEN], 4 + n / FPS).copy() for n in range(int(2 * BLEND_SECONDS * FPS))]
    steps = [np.abs(one.astype(int) - two).mean() for one, two in zip(pictures, pictures[1:])]
    whole = np.abs(pictures[0].astype(int) - pictures[-1]).mean()
    assert whole > 1
    assert max(steps) < 0.5 * whole


def test_without_the_idle_animation_the_avatar_stands_still(animator, frames):
    animator.settings = replace(animator.settings, idle=False)
    animator.step(frames[NEUTRAL], 0.0)
    one, other = animator.step(WALL, 10.0).copy(), animator.step(WALL, 12.0).copy()
    assert np.array_equal(one, other)


def test_an_avatar_that_never_saw_a_face_breathes_too(animator):
    one, other = animator.wait(0.0).copy(), animator.wait(3.0).copy()
    assert np.abs(one.astype(int) - other).max() > 5


def test_a_hand_before_the_face_for_a_moment_costs_no_jump(animator, frames):
    animator.step(frames[NEUTRAL], 0.0)
    for n in range(8):
        before = animator.step(WALL, 0.04 + n / FPS).copy()
    pictures = [before] + [animator.step(frames[JAW_OPEN], 0.4 + n / FPS).copy() for n in range(int(2 * BLEND_SECONDS * FPS))]
    steps = [np.abs(one.astype(int) - two).mean() for one, two in zip(pictures, pictures[1:])]
    assert max(steps) < 0.6 * np.abs(pictures[0].astype(int) - pictures[-1]).mean()
    assert steps[-1] < 0.1


def test_one_frame_without_a_face_is_no_interruption(animator, frames):
    animator.step(frames[NEUTRAL], 0.0)
    animator.step(WALL, 0.04)
    after = animator.step(frames[JAW_OPEN], 0.08).copy()
    animator.driver_changed()
    animator.step(frames[NEUTRAL], 0.0)
    animator.step(WALL, 0.04)
    assert np.abs(after.astype(int) - animator.step(frames[JAW_OPEN], 0.08)).mean() < 0.1
    assert np.abs(after.astype(int) - animator.rest()).mean() > 1


def test_another_person_takes_the_avatar_over_from_where_it_is(animator, frames, neutral):
    """Their own place and face are neutral from then on; the avatar neither jumps nor makes a face."""
    for number in range(20, JAW_OPEN + 1):
        last = animator.replay(Tracker().observe(frames[number]), number / FPS).astype(int)
    shift = np.array([300, 40, 0], np.float32)
    stranger = replace(neutral, keypoints=neutral.keypoints * 1.3 + shift, driver=1)
    steps = []
    for number in range(12):
        picture = animator.replay(stranger, JAW_OPEN / FPS + (number + 1) / FPS).astype(int)
        steps.append(np.abs(picture - last).mean())
        last = picture
    assert max(steps) < 6 and steps[-1] < 0.3
    assert np.abs(last - animator.rest().astype(int)).mean() < 1

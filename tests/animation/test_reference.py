"""Calibration that finds itself: the avatar is neutral when the user is, however they started."""

import av
import cv2
import numpy as np
import pytest

from core.animation.follow.reference import ReferenceKeeper, degrees_from_front, shape_of
from core.pictures import reading
from core.shared import avatars
from models.see.tracker import Tracker

from ..support.scene import CLIP

FPS = 24
JAW_OPEN, NEUTRAL, TURNED = 25, 4, 73
"""Frames of the driving clip, by its script."""


@pytest.fixture(scope="module")
def nora():
    return Tracker().observe(reading.read(avatars.picture_path("nora", "")).pixels)


@pytest.fixture(scope="module")
def clip():
    tracker = Tracker()
    with av.open(str(CLIP)) as container:
        return [tracker.observe(frame.to_ndarray(format="bgr24")) for frame in container.decode(video=0)]


def run(keeper, observations, start=0.0):
    return [keeper(seen, start + n / FPS) for n, seen in enumerate(observations)]


def distance(one, other):
    return float(np.abs(shape_of(one) - shape_of(other)).max())


def test_the_first_face_moves_the_avatar_at_once(nora, clip):
    assert ReferenceKeeper(nora)(clip[0], 0.0) is clip[0]


def test_who_starts_with_an_open_mouth_is_calibrated_when_it_closes(nora, clip):
    references = run(ReferenceKeeper(nora), [clip[JAW_OPEN]] * 3 + [clip[NEUTRAL]] * 5 * FPS)
    assert references[0] is clip[JAW_OPEN]
    assert distance(references[-1], clip[NEUTRAL]) < 0.01 < distance(clip[JAW_OPEN], clip[NEUTRAL])


def test_a_new_reference_comes_without_a_jump(nora, clip):
    references = run(ReferenceKeeper(nora), [clip[JAW_OPEN]] * 3 + [clip[NEUTRAL]] * 5 * FPS)
    whole = distance(clip[JAW_OPEN], clip[NEUTRAL])
    assert max(distance(one, two) for one, two in zip(references, references[1:])) < 0.15 * whole


def test_a_turned_head_is_never_taken_for_neutral(nora, clip):
    assert degrees_from_front(clip[TURNED]) > 18
    references = run(ReferenceKeeper(nora), [clip[NEUTRAL]] * 2 * FPS + [clip[TURNED]] * 4 * FPS)
    assert distance(references[-1], clip[NEUTRAL]) < 0.01


def test_speaking_does_not_move_the_reference(nora, clip):
    keeper = ReferenceKeeper(nora)
    before = run(keeper, [clip[NEUTRAL]] * 2 * FPS)[-1]
    after = run(keeper, clip, start=2.0)[-1]
    assert distance(before, after) < 0.02


def test_calibrate_takes_the_next_face_whatever_it_looks_like(nora, clip):
    keeper = ReferenceKeeper(nora)
    run(keeper, [clip[NEUTRAL]] * 2 * FPS)
    keeper.calibrate()
    assert keeper(clip[JAW_OPEN], 3.0) is clip[JAW_OPEN]


def test_a_user_who_sits_differently_is_followed_slowly(nora, clip):
    from dataclasses import replace
    keeper, shift = ReferenceKeeper(nora), np.float32((20, 0, 0))
    start = run(keeper, [clip[NEUTRAL]] * 2 * FPS)[-1]
    moved = replace(clip[NEUTRAL], keypoints=clip[NEUTRAL].keypoints + shift)
    soon = run(keeper, [moved] * 2 * FPS, start=2.0)[-1]
    late = run(keeper, [moved] * 180 * FPS, start=4.0)[-1]

    def way(reference):
        return float((reference.keypoints - start.keypoints)[:, 0].mean())
    assert way(soon) < 2
    assert 14 < way(late) <= 20


@pytest.mark.parametrize("place", [(0, 0), (1480, 0), (0, 680), (740, 340)])
def test_a_user_at_the_edge_of_the_picture_is_calibrated_as_one_in_the_middle(nora, place):
    """The face looks at the viewer of its own picture; where in the camera's picture that lies makes no difference."""
    scene = np.full((1080, 1920, 3), 110, np.uint8)
    with av.open(str(CLIP)) as container:
        frame = next(container.decode(video=0)).to_ndarray(format="bgr24")
    left, top = place
    scene[top:top + 400, left:left + 400] = cv2.resize(frame, (400, 400))
    seen = Tracker().observe(scene)
    assert degrees_from_front(seen) < 9
    keeper = ReferenceKeeper(nora)
    run(keeper, [seen] * 2 * FPS)
    assert keeper._distance < 1, "it has found its reference"

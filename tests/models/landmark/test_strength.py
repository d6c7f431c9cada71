"""Strengths of motion: a part that is turned off stays as in the picture; twice the strength is more, but tears nothing."""

from __future__ import annotations

import dataclasses

import cv2
import numpy as np
import pytest

from models.contract import MotionOptions
from models.face.measures import eye_frame, mouth_openness
from models.face.topology import BROWS, EYES
from models.strengths import Strengths

from ..see.faces import AVATARS, BLINK, JAW, NOD, REST, TURN_ONE_WAY, TURN_OTHER_WAY, openness, seen
from ..see.faces import BROWS as BROWS_UP
from .placing import place_of


@pytest.fixture
def moved(painter, clip):
    """The avatar as a frame of the clip, or an observation, moves it with these strengths, BGR."""
    def draw(avatar, frame, **strengths):
        driving = clip[frame] if isinstance(frame, int) else frame
        options = MotionOptions(strengths=Strengths(**strengths))
        return painter.animate(avatar, driving, clip[REST], options).picture[..., :3].copy()
    return draw


@pytest.fixture
def placed(painter, clip):
    """Where the avatar's points go, without the network's opinion of the drawing."""
    def place(avatar, frame, **strengths):
        driving = clip[frame] if isinstance(frame, int) else frame
        return place_of(avatar, driving, clip[REST], MotionOptions(strengths=Strengths(**strengths)))
    return place


def looking_aside(observation):
    """The same face with its eyes turned."""
    points = observation.keypoints.copy()
    for eye in EYES:
        points[eye.iris:eye.iris + 5, 0] += 0.1 * eye_frame(points, eye)[3]
    return dataclasses.replace(observation, keypoints=points)


def nearer(observation, size=1.3, shift=(0.0, 0.0)):
    points = observation.keypoints.copy()
    middle = points.mean(axis=0)
    return dataclasses.replace(observation, keypoints=((points - middle) * size + middle + (*shift, 0)).astype(np.float32))


def test_a_mouth_of_no_strength_stays_shut(moved, avatar):
    assert mouth_openness(seen(moved(avatar, JAW)).keypoints) > 0.3
    shut = seen(moved(avatar, JAW, mouth=0)).keypoints
    assert mouth_openness(shut) < mouth_openness(seen(avatar.still[..., :3]).keypoints) + 0.05


def test_eyes_of_no_strength_stay_open(moved, avatar):
    own = openness(seen(avatar.still[..., :3]))
    assert openness(seen(moved(avatar, BLINK))) < 0.5 * own
    assert openness(seen(moved(avatar, BLINK, eyes=0))) > 0.9 * own


def test_brows_of_no_strength_stay_where_they_are(placed, avatar):
    own, height = avatar.face.points[BROWS, 1], avatar.face.height
    raised = placed(avatar, BROWS_UP, head=0)
    assert (own - raised.points[BROWS, 1]).mean() > 0.01 * height
    kept = placed(avatar, BROWS_UP, head=0, brows=0)
    assert abs((own - kept.points[BROWS, 1]).mean()) < 0.002 * height


def test_a_gaze_of_no_strength_is_the_pictures(placed, clip, avatar):
    aside = looking_aside(clip[REST])
    assert np.abs(placed(avatar, aside).gaze - avatar.face.gaze).max() > 0.08
    assert np.abs(placed(avatar, aside, gaze=0).gaze - avatar.face.gaze).max() < 1e-6


def test_a_gaze_of_double_strength_makes_no_squint_of_an_eye_that_errs(placed, clip, nora):
    points = clip[REST].keypoints.copy()
    points[EYES[0].iris:EYES[0].iris + 5, 0] += 0.1 * eye_frame(points, EYES[0])[3]
    one_eye = dataclasses.replace(clip[REST], keypoints=points)

    def apart(**strengths):
        turns = placed(nora, one_eye, **strengths).gaze - nora.face.gaze
        return abs(turns[0, 0] - turns[1, 0])

    assert apart(gaze=2) == pytest.approx(apart(), rel=0.02)


@pytest.mark.parametrize("frame", [TURN_ONE_WAY, TURN_OTHER_WAY, NOD])
def test_a_head_of_no_strength_stands_still_while_the_face_lives(placed, clip, avatar, frame):
    still = placed(avatar, frame, head=0).rigid
    assert np.allclose(still.rotation, np.eye(3), atol=1e-6)
    assert np.allclose(still.target, avatar.face.pivot, atol=1e-6) and still.scale == pytest.approx(1)
    assert mouth_openness(placed(avatar, JAW, head=0).points) > 0.3


def test_a_head_that_may_not_move_or_grow_turns_all_the_same(placed, clip, avatar):
    away = nearer(clip[TURN_ONE_WAY], 1.3, (30, 10))
    free, bound = placed(avatar, away).rigid, placed(avatar, away, move=False, zoom=False).rigid
    assert free.scale > 1.1 and np.linalg.norm(free.target - avatar.face.pivot) > 10
    assert bound.scale == pytest.approx(1) and np.allclose(bound.target, avatar.face.pivot)
    assert np.allclose(bound.rotation, free.rotation)


def test_half_the_strength_is_less_and_twice_is_more(placed, clip, avatar):
    def turned(strength):
        return np.linalg.norm(cv2.Rodrigues(placed(avatar, 66, head=strength).rigid.rotation)[0])

    def opened(strength):
        return mouth_openness(placed(avatar, 22, mouth=strength).points)

    def looked(strength):
        return np.abs(placed(avatar, looking_aside(clip[REST]), gaze=strength).gaze - avatar.face.gaze).max()

    def raised(strength):
        return (avatar.face.points[BROWS, 1] - placed(avatar, BROWS_UP, head=0, brows=strength).points[BROWS, 1]).mean()

    for amount in (turned, opened, looked, raised):
        assert 0.2 * amount(1) < amount(0.5) < 0.8 * amount(1)
        assert amount(2) > 1.15 * amount(1)


@pytest.mark.parametrize("name", AVATARS)
def test_the_strongest_motion_tears_no_face(moved, placed, clip, avatars, name):
    """A face is still seen, the head is turned no further than a picture allows, and no point leaves the others."""
    avatar = avatars[name]
    strongest = {"head": 2, "mouth": 2, "brows": 2, "eyes": 2, "gaze": 2}
    for frame in range(0, len(clip), 6):
        assert seen(moved(avatar, frame, **strongest)) is not None
        there = placed(avatar, frame, **strongest)
        assert np.linalg.norm(cv2.Rodrigues(there.rigid.rotation)[0]) <= np.radians(32.1)
        ways = np.linalg.norm(there.points - there.rigid.apply(avatar.face.points), axis=1)
        assert ways.max() < 0.4 * avatar.face.height


def test_the_parts_together_are_the_whole_motion(placed, clip, avatar):
    for frame in (BLINK, JAW, BROWS_UP, TURN_ONE_WAY):
        taken_apart = placed(avatar, frame, gaze=1 + 1e-12)
        assert np.abs(taken_apart.points - placed(avatar, frame).points).max() < 1e-6


def test_absolute_motion_knows_no_strength(painter, clip, nora):
    none = MotionOptions(relative=False, strengths=Strengths(0, 0, 0, 0, 0))
    assert np.array_equal(place_of(nora, clip[JAW], None, none).points,
                          place_of(nora, clip[JAW], None, MotionOptions(relative=False)).points)

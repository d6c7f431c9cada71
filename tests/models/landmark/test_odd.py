"""Odd pictures, and observations that no face could give: never an exception, never a second of waiting."""

from __future__ import annotations

import dataclasses

import cv2
import numpy as np
import pytest

from models.contract import FaceNotFound
from models.face.measures import mouth_openness
from models.face.pose import misfit
from models.face.topology import FOREHEAD_TOP, NOSE_TIP
from models.see.seer import NO_FACE, Seer
from models.see.tracker import Tracker

from ..see.faces import ABSOLUTE, JAW, RELATIVE, REST, difference, picture, seen
from .placing import place_of


@pytest.mark.parametrize("shape", [(256, 400), (400, 256), (301, 257)])
def test_pictures_of_any_shape_move(painter, clip, shape):
    height, width = shape
    face = picture("nora")
    wall = cv2.copyMakeBorder(face, 0, height - 256, (width - 256) // 2, (width - 256 + 1) // 2, cv2.BORDER_REPLICATE)
    avatar = painter.prepare(wall)
    out = painter.animate(avatar, clip[JAW], clip[REST], RELATIVE).picture
    assert out.shape == (height, width, 4)
    assert mouth_openness(seen(out[..., :3]).keypoints) > 0.3
    assert difference(painter.animate(avatar, clip[REST], clip[REST], RELATIVE).picture, wall).max() <= 2


def test_a_head_that_the_picture_cuts_off_goes_down_a_little_only(painter, clip, nora):
    """What is above the picture's edge is not known: a head that came down whole would need a top made up."""
    down = dataclasses.replace(clip[REST], keypoints=clip[REST].keypoints + np.float32([0, 50, 0]))

    def way(avatar):
        placed = place_of(avatar, down, clip[REST], RELATIVE)
        return (placed.points[NOSE_TIP, 1] - avatar.face.points[NOSE_TIP, 1]) / avatar.face.height

    forehead = int(nora.face.points[FOREHEAD_TOP, 1])
    cut = painter.prepare(np.ascontiguousarray(picture("nora")[forehead - 12:]))
    assert 0.05 < way(cut) < 0.25 < way(nora)


def test_a_small_and_a_large_picture_follow_each_other(painter, clip, nora, large):
    for avatar, size in ((large, 512), (nora, 256), (large, 512)):
        assert painter.animate(avatar, clip[JAW], clip[REST], RELATIVE).picture.shape == (size, size, 4)


@pytest.mark.parametrize("content", [np.full((256, 256, 3), 90, np.uint8), np.zeros((64, 96, 3), np.uint8)])
def test_a_picture_without_a_face_is_refused_with_a_sentence(painter, content):
    with pytest.raises(FaceNotFound, match=r"^[A-Z].*\.$"):
        painter.prepare(content)


def strange(points):
    noise = np.random.default_rng(0).normal(0, 40, points.shape)
    return {
        "not a number": np.full_like(points, np.nan),
        "one of them infinite": np.where(np.arange(len(points))[:, None] == 5, np.inf, points),
        "all in one place": np.broadcast_to(points[4], points.shape),
        "all at the origin": points * 0,
        "on a line": points * [1, 0, 1],
        "far outside": points + [3000, -5000, 0],
        "huge": points * 30,
        "beyond all pictures": points * 1e7,
        "tiny": points * 1e-5,
        "scattered": points + noise,
        "mirrored": points * [-1, 1, 1],
        "upside down": points * [1, -1, 1],
        "too few": points[:10],
    }


STRANGE = tuple(strange(np.ones((478, 3))))


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("options", [RELATIVE, ABSOLUTE], ids=("relative", "absolute"))
@pytest.mark.parametrize("name", STRANGE)
def test_a_strange_observation_still_gives_a_picture(painter, clip, nora, name, options):
    odd = dataclasses.replace(clip[JAW], keypoints=strange(clip[JAW].keypoints)[name].astype(np.float32))
    for driving, reference in ((odd, clip[REST]), (clip[JAW], odd), (odd, odd)):
        out = painter.animate(nora, driving, reference, options).picture
        assert out.shape == nora.still.shape and (out[..., 3] == 255).all()
    assert difference(painter.animate(nora, clip[REST], clip[REST], RELATIVE).picture, nora.still).max() <= 2


def test_scattered_landmarks_are_refused_at_once(painter, clip, nora):
    """A picture torn to pieces would be ugly, and take a second to draw."""
    scattered = dataclasses.replace(clip[JAW], keypoints=strange(clip[JAW].keypoints)["scattered"].astype(np.float32))
    assert np.array_equal(painter.animate(nora, scattered, clip[REST], RELATIVE).picture, nora.still)
    assert np.array_equal(painter.animate(nora, scattered, None, ABSOLUTE).picture, nora.still)


def test_no_frame_of_a_face_is_refused(clip):
    assert max(misfit(observation.keypoints) for observation in clip) < 0.6 * NO_FACE


def test_landmarks_on_something_else_are_no_observation(clip, frames, monkeypatch):
    seer = Seer()
    assert len(seer.observe(frames[REST])) == 1
    scattered = dataclasses.replace(clip[REST], keypoints=strange(clip[REST].keypoints)["scattered"].astype(np.float32))
    with monkeypatch.context() as patched:
        patched.setattr(Tracker, "observe", lambda *_: scattered)
        assert seer.observe(frames[REST]) == []
    assert np.array_equal(seer.observe(frames[REST])[0].keypoints, clip[REST].keypoints)  # searched anew

"""Where the inside of the mouth comes from, and that it does not flicker."""

from __future__ import annotations

import dataclasses

import cv2
import numpy as np
import pytest

from models.contract import MotionOptions
from models.face.measures import mouth_openness, mouth_width
from models.face.topology import INNER_LIP_LOWER, INNER_LIP_UPPER
from models.landmark.draw.mouth_drawn import paint
from models.landmark.draw.mouth_source import AUTO, CAMERA, DRAWN, ENLARGED, GIVE_UP, DriverMouth, usable
from models.landmark.painter import LandmarkPainter
from models.see.tracker import Tracker

from ..see.faces import JAW, RELATIVE, REST, ROOT, difference, driving_frames, seen


@pytest.fixture(scope="module")
def clip():
    """The driving clip up to its open mouth; in that a tongue is lit, as in a person's."""
    tracker = Tracker()
    observed = [tracker.observe(frame) for frame in driving_frames()[:JAW + 1]]
    return [*observed[:JAW], with_inside(observed[JAW], (70, 60, 140))]


def with_inside(driving, colour):
    """The same driver with the inside of the mouth in that colour, BGR."""
    picture = driving.driver_picture.copy()
    lips = np.concatenate([INNER_LIP_UPPER, INNER_LIP_LOWER[::-1]])
    cv2.fillPoly(picture, [np.rint(driving.keypoints[lips, :2]).astype(np.int32)], colour)
    return dataclasses.replace(driving, driver_picture=picture)


@pytest.fixture
def painter():
    return LandmarkPainter()


@pytest.fixture(scope="module")
def nora():
    picture = cv2.imread(str(ROOT / "avatars" / "nora.png"))
    return LandmarkPainter().prepare(cv2.resize(picture, (256, 256), interpolation=cv2.INTER_AREA))


def shown(painter, avatar, clip, driving, mouth):
    return painter.animate(avatar, driving, clip[REST], MotionOptions(mouth=mouth)).picture.copy()


def of_colour(clip, colour):
    return dataclasses.replace(clip[JAW], driver_picture=np.full_like(clip[JAW].driver_picture, colour))


def width(driving, enlarged):
    return enlarged * mouth_width(driving.keypoints)


@pytest.mark.parametrize("picture", [None, "noise"])
def test_a_drawn_mouth_shows_nothing_of_the_camera(painter, clip, nora, picture):
    drawn = shown(painter, nora, clip, clip[JAW], DRAWN)
    if picture == "noise":
        picture = np.random.default_rng(0).integers(0, 255, clip[JAW].driver_picture.shape, np.uint8)
    other = shown(painter, nora, clip, dataclasses.replace(clip[JAW], driver_picture=picture), DRAWN)
    assert np.array_equal(drawn, other)
    assert not np.array_equal(drawn, shown(painter, nora, clip, clip[JAW], CAMERA))


def test_the_camera_s_mouth_is_taken_where_it_is_good(painter, clip, nora):
    assert np.array_equal(shown(painter, nora, clip, clip[JAW], AUTO), shown(painter, nora, clip, clip[JAW], CAMERA))


def test_in_the_dark_a_mouth_is_drawn(painter, clip, nora):
    dark = of_colour(clip, 20)
    assert np.array_equal(shown(painter, nora, clip, dark, AUTO), shown(painter, nora, clip, dark, DRAWN))


def test_a_mouth_in_which_nothing_is_seen_is_drawn(clip):
    assert DriverMouth().camera_share(with_inside(clip[JAW], (3, 2, 3)), width(clip[JAW], 1.0), AUTO) == 0.0
    assert DriverMouth().camera_share(with_inside(clip[JAW], (3, 2, 3)), width(clip[JAW], 1.0), CAMERA) == 1.0


def test_a_mouth_that_turns_black_is_given_up_within_three_frames_and_for_a_while(clip):
    mouth, good, black = DriverMouth(), clip[JAW], with_inside(clip[JAW], (3, 2, 3))
    assert mouth.camera_share(good, width(good, 1.0), AUTO) == 1.0
    assert [mouth.camera_share(black, width(good, 1.0), AUTO) for _ in range(3)][-1] == 0.0
    assert not any(mouth.camera_share(good, width(good, 1.0), AUTO) for _ in range(10))


def test_a_mouth_that_would_have_to_be_enlarged_is_drawn(clip):
    assert DriverMouth().camera_share(clip[JAW], width(clip[JAW], ENLARGED[1] + 0.1), AUTO) == 0.0
    assert DriverMouth().camera_share(clip[JAW], width(clip[JAW], ENLARGED[1] + 0.1), CAMERA) == 1.0
    assert DriverMouth().camera_share(clip[JAW], width(clip[JAW], ENLARGED[0] - 0.1), AUTO) == 1.0


def test_behind_a_moustache_a_mouth_is_drawn(clip):
    points = clip[JAW].keypoints.astype(int)
    bearded = clip[JAW].driver_picture.copy()
    bearded[points[164, 1] - 4:points[0, 1], points[216, 0]:points[436, 0]] = (15, 20, 25)
    assert DriverMouth().camera_share(dataclasses.replace(clip[JAW], driver_picture=bearded), 30, AUTO) == 0.0


def test_the_source_does_not_change_to_and_fro_at_the_limit(clip):
    mouth, random, between = DriverMouth(), np.random.default_rng(0), sum(ENLARGED) / 2
    shares = [mouth.camera_share(clip[JAW], width(clip[JAW], between + random.normal(0, 0.4)), AUTO) for _ in range(300)]
    assert len({share for share in shares if share in (0.0, 1.0)}) == 1


def test_the_source_changes_gradually(clip):
    mouth = DriverMouth()
    shares = [mouth.camera_share(clip[JAW], width(clip[JAW], 1.0 if i < 5 else 4.0), AUTO) for i in range(80)]
    assert shares[0] == 1.0 and shares[-1] == 0.0
    assert np.diff(shares).min() >= -GIVE_UP - 1e-9 and np.diff(shares).max() <= 0.0
    back = [mouth.camera_share(clip[JAW], width(clip[JAW], 1.0), AUTO) for _ in range(120)]
    assert back[-1] == 1.0


def test_a_flickering_light_does_not_flicker_in_the_mouth_s_colours(painter, clip):
    """What is measured of the driver's skin follows a light that changes from frame to frame only slowly."""
    mouth, seen = DriverMouth(), []
    for i in range(60):
        mouth.camera_share(of_colour(clip, 120 if i % 2 else 160), 30, AUTO)
        seen.append(mouth.skin[0])
    assert np.abs(np.diff(seen[1:])).max() < 1.0


def test_paint_fits_the_skin():
    lips = np.column_stack([np.linspace(5, 55, 11), np.full(11, 5.0)]), np.column_stack([np.linspace(5, 55, 11),
                                                                                         np.full(11, 35.0)])
    for skin in ((60.0, 0.0, 0.0), (30.0, 14.0, 18.0), (90.0, 4.0, 6.0)):
        inside = paint(np.array(skin), lips, np.array([30.0, 5.0]), 1.0, (60, 40))
        assert inside.shape == (40, 60, 3) and inside.min() >= 0 and inside.max() <= 255
        teeth, back = inside[7, 30], inside[15, 12]
        assert teeth.mean() > 2.5 * back.mean()
        assert (np.ptp(inside, axis=2).max() < 2) == (skin[1] == 0)


def test_the_driver_s_own_mouth_is_shown(painter, clip, nora):
    red = clip[JAW].driver_picture.copy()
    left, top, right, bottom = clip[JAW].keypoints[[78, 13, 308, 14], [0, 1, 0, 1]].astype(int)
    red[top - 2:bottom + 3, left - 2:right + 3] = (40, 40, 220)
    out = painter.animate(nora, dataclasses.replace(clip[JAW], driver_picture=red), clip[REST], RELATIVE).picture
    x, y = seen(out[..., :3]).keypoints[[13, 14], :2].mean(axis=0).round().astype(int)
    blue, green, redness = out[y, x, :3].astype(int)
    assert redness > blue + 40 and redness > green + 40


def test_without_a_usable_driving_picture_a_mouth_is_painted(painter, clip, nora):
    unseen = dataclasses.replace(clip[JAW], driver_picture=None)
    small = dataclasses.replace(clip[JAW], keypoints=clip[JAW].keypoints / 4)
    outside = dataclasses.replace(clip[JAW], keypoints=clip[JAW].keypoints + np.float32([150, 0, 0]))
    assert usable(clip[JAW]) and not any(usable(one) for one in (unseen, small, outside))
    painted = painter.animate(nora, unseen, clip[REST], RELATIVE).picture[..., :3].copy()
    assert mouth_openness(seen(painted).keypoints) > 0.3
    assert difference(painted, painter.animate(nora, clip[JAW], clip[REST], RELATIVE).picture).max() > 20

"""The measures measure: what is the same scores perfectly, what is worse scores worse, by the amount that was put in."""

import numpy as np
import pytest

from core.bench import (
    background,
    blink,
    channels,
    dropout,
    glasses,
    independent,
    looking,
    noise,
    occlusion,
    reconstruction,
    still_head,
)
from core.bench.looking import Look, Looker


@pytest.fixture(scope="module")
def eyes():
    return reconstruction.Eyes(None)


# ---- likeness

def test_a_copy_scores_nothing_and_a_moved_picture_scores_its_way(eyes, recording):
    frame = recording.frames[0]
    seen = eyes.see(frame)
    same = reconstruction.scores([seen], [eyes.see(frame.copy())])
    assert same == {"l1": 0, "akd": 0, "akd_once": 0, "akd_independent": None, "blendshape_error": 0,
                    "blendshape_error_once": 0, "missed": 0}
    moved = reconstruction.scores([eyes.see(np.roll(frame, 6, axis=1))], [seen])
    assert moved["akd"] == pytest.approx(6 * 256 / max(frame.shape[:2]), rel=0.1)
    assert moved["l1"] > 0.01


def test_a_picture_without_a_face_is_missed(eyes, recording):
    frame = recording.frames[0]
    scores = reconstruction.scores([eyes.see(np.zeros_like(frame)), eyes.see(frame)], [eyes.see(frame)] * 2)
    assert scores["missed"] == 0.5
    assert scores["akd"] == 0


def test_the_engine_reconstructs_better_than_a_still_picture_and_worse_than_the_truth(stage, recording, eyes):
    found = reconstruction.measure(stage.rig.engine, recording, eyes)
    akd = {of: found[of]["akd"] for of in ("engine", "still", "floor")}
    assert akd["floor"] < akd["engine"] < 0.8 * akd["still"]
    assert found["engine"]["blendshape_error"] < found["still"]["blendshape_error"]
    assert found["engine"]["missed"] == 0


def test_a_channel_is_like_itself():
    course = np.sin(np.arange(20.0))
    assert channels.likeness("yaw", 10 * course, 10 * course) == pytest.approx((1, 1))
    assert channels.likeness("jawOpen", course, 0.5 * course + 3) == pytest.approx((1, 0.5))
    assert channels.likeness("jawOpen", course, -course) == pytest.approx((-1, -1))
    assert channels.likeness("jawOpen", course, np.zeros(20)) == (0, 0)


def test_a_channel_that_the_driver_hardly_moves_is_left_out():
    course = np.sin(np.arange(20.0))
    assert channels.likeness("jawOpen", 0.05 * course, course) is None
    assert channels.likeness("yaw", course, course) is None
    assert channels.likeness("yaw", [], []) is None


def test_angles_are_those_that_were_turned():
    def about(axis, degrees):
        import cv2
        vector = np.zeros(3)
        vector[axis] = np.radians(degrees)
        return looking.angles(cv2.Rodrigues(vector)[0])
    assert about(0, 10) == pytest.approx({"yaw": 0, "pitch": 10, "roll": 0})
    assert about(1, 10) == pytest.approx({"yaw": 10, "pitch": 0, "roll": 0})
    assert about(2, 10) == pytest.approx({"yaw": 0, "pitch": 0, "roll": 10})


def test_another_pass_hardly_changes_a_settled_look(recording):
    frame = recording.frames[30]
    settled, more = Looker().look(frame), Looker(passes=looking.SETTLED + 1).look(frame)
    once, twice = Looker(passes=1).look(frame), Looker(passes=2).look(frame)

    def apart(one, other):
        return float(np.abs(one.points - other.points).mean())
    assert apart(settled, more) < apart(once, twice)


def test_dlib_sees_the_same_face(recording):
    pytest.importorskip("dlib", reason="see core/bench/requirements.txt")
    frame = recording.frames[0]
    points = independent.Landmarks68().points(frame)
    own = Looker().look(frame).points
    assert np.linalg.norm(points[30] - own[1, :2]) < 0.1 * looking.extent(own)  # the tip of the nose in both schemes
    assert independent.Landmarks68().points(np.zeros_like(frame)) is None


def test_without_dlib_it_is_said_how_to_get_it(monkeypatch):
    monkeypatch.setattr(independent.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(independent.Unavailable, match="pip install -r core/bench/requirements.txt"):
        independent.Landmarks68()


# ---- steadiness

def test_camera_noise_is_the_same_each_time_as_strong_as_said_and_not_twice_the_same():
    grey = np.full((200, 200, 3), 128, np.uint8)
    camera = noise.CameraNoise()
    first, second = camera(grey), camera(grey)
    assert (first == noise.CameraNoise()(grey)).all()
    assert (first != second).any()
    expected = (noise.READ_NOISE ** 2 + noise.SHOT_NOISE * 128) ** 0.5
    assert first.std() == pytest.approx(expected, rel=0.05)


def test_jitter_is_the_distance_from_the_mean_place():
    still = np.zeros((478, 3))
    assert still_head.jitter([still] * 5) == 0
    assert still_head.jitter([still + (3, 4, 9), still - (3, 4, 9)]) == pytest.approx(5)


def test_a_still_head_shakes_less_than_the_noise_and_the_background_not_at_all(stage, recording):
    found = still_head.measure(stage, recording.frames[0], frames=12)
    assert 0 < found["jitter"] < found["jitter_given"] < 2
    assert found["flicker_background"] < found["flicker_face"] < 3
    assert 0 < found["lid_flutter"] < 0.05


def test_swim_is_the_difference_of_the_background_that_the_head_does_not_reach():
    still = np.full((10, 10, 3), 100, np.uint8)
    away = np.zeros((10, 10), np.float32)
    away[:3], away[0] = 2, 9
    here = Look(np.zeros((478, 3)), {}, np.eye(3))
    swim = background.Swim(still, here, away)
    swim.add(still, here)
    picture = np.dstack([still, np.full((10, 10), 255, np.uint8)])
    picture[:3, :, :3] += 4
    picture[3:, :, :3] += 50
    swim.add(picture, here)
    assert swim.levels == pytest.approx(2)
    picture[1:] = 0  # now the head is there
    swim.add(picture, Look(np.full((478, 3), 2.0), {}, np.eye(3)))
    assert swim.levels == pytest.approx(8 / 3)
    assert background.Swim(still, here, np.zeros((10, 10))).levels is None


def test_the_background_is_where_the_person_is_not(stage):
    x, y = stage.look.points[1, :2].astype(int)
    assert stage.away[y, x] == 0
    assert (stage.away > 0).mean() > 0.1
    assert stage.away.max() == max(stage.away[0, 0], stage.away[0, -1])


def test_shapes_have_the_size_of_what_was_moved(stage):
    points = stage.look.points.astype(np.float64)
    rest = channels.shapes(points)
    span = np.linalg.norm(points[33] - points[263])
    down = points[152, :2] - points[10, :2]
    down /= np.linalg.norm(down)
    lifted = points.copy()
    lifted[[63, 105, 66, 107, 336, 296, 334, 293], :2] -= 0.1 * span * down
    changed = channels.shapes(lifted)
    assert changed.pop("browHeight") == pytest.approx(rest.pop("browHeight") + 0.1)
    assert changed == rest
    assert channels.shapes(3 * points) == pytest.approx(channels.shapes(points))


def test_the_effort_of_a_face():
    neutral = dict.fromkeys(channels.EXPRESSIONS, 0.0)
    assert channels.effort(neutral, np.eye(3)) == 0
    assert channels.effort({**neutral, "jawOpen": 1.0}, np.eye(3)) == 1


def test_the_answer_to_a_blink():
    given = np.array([1, 1, 1, 0.1, 0.1, 0.1, 1, 1, 1, 1, 1])
    assert blink.answer(given, given)["closing_delay"] == blink.answer(given, given)["opening_delay"] == 0
    late = blink.answer(given, np.roll(given, 2))
    assert (late["closing_delay"], late["opening_delay"], late["opening"]) == (2, 2, 0.1)
    half_shut = blink.answer(given, 0.6 + 0.4 * given)
    assert half_shut["closing_delay"] is None
    assert half_shut["opening"] == pytest.approx(0.64)


def test_the_engine_answers_a_real_blink(stage, found_moments):
    found = blink.measure(stage, found_moments)
    assert found["opening_given"] < 0.4
    assert found["opening"] < 0.5
    assert -0.5 < found["closing_delay"] < 2
    assert found["course"][0] == pytest.approx(1, abs=0.1)


def test_the_largest_step_is_the_jump():
    still = np.zeros((478, 3))
    assert dropout.largest_step([still, still + (3, 4, 0), still + (3, 5, 0)]) == 5


def test_a_lost_face_that_kept_still_does_not_jump(stage, found_moments):
    still = [found_moments.observations[0]] * 40
    found = dropout.measure(stage, still, 24.0)
    assert found["jump"] < 0.5
    assert dropout.measure(stage, still[:10], 24.0) is None


def test_steps_of_a_look():
    look = Look(np.arange(478 * 3, dtype=float).reshape(478, 3), {}, np.eye(3))
    assert look.extent == 477 * 3


def test_a_hand_comes_and_goes(stage, recording):
    ways = occlusion.course()
    assert (ways[0], max(ways), ways[-1]) == (0, 1, 0)
    frame, points = recording.frames[0], stage.rig.engine.observe(recording.frames[0]).keypoints
    hidden = occlusion.with_hand(frame, points, 1.0)
    x, y = points[0, :2].astype(int)
    assert (hidden[y - 3:y + 4, x - 3:x + 4] == hidden[y, x]).all()
    assert np.array_equal(hidden[:int(points[10, 1])], frame[:int(points[10, 1])])


def test_a_hand_before_the_mouth_tears_the_avatar_no_further_than_it_may(stage, recording):
    found = occlusion.measure(stage, recording.frames[0])
    assert 0 < found["hand_step"] <= found["hand_pull"] * 2
    assert found["hand_pull"] < 40
    assert 0 <= found["hand_lost"] <= 1


def test_glasses_hide_the_rims_of_the_eyes_and_not_the_lids(stage, recording):
    points = stage.rig.engine.observe(recording.frames[0]).keypoints
    worn = glasses.with_glasses(recording.frames[0], points)
    changed = (worn != recording.frames[0]).any(axis=2)
    assert changed.any()
    middle = points[[159, 145], :2].mean(axis=0).astype(int)
    assert not changed[middle[1] + 4:middle[1] + 6, middle[0]:middle[0] + 5].any()  # the glare is above


def test_what_is_seen_through_glasses_follows_what_is_seen_without(stage, recording):
    found = glasses.measure(stage.rig.engine, recording)
    assert found["missed"] == 0
    assert found["jitter_factor"] > 0
    assert all(one["correlation"] > 0.3 for one in found["likeness"].values())
    means = glasses.summary([found, None])
    assert means["jitter_factor"] == means["jitter_factor_worst"] == found["jitter_factor"]
    assert glasses.summary([None]) is None

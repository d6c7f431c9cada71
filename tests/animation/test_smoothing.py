"""Smoothing: a still face is calm, a moving one is not late."""

import numpy as np

from core.animation.follow.smoothing import Smoother
from models.contract import Observation
from models.face.topology import INNER_LIP_LOWER, OUTER_LIP_LOWER

FACE = np.random.default_rng(1).uniform(0, 100, (478, 3)).astype(np.float32)
FRAME_SECONDS = 1 / 30


def seen(points):
    return Observation(points.astype(np.float32), np.eye(3, dtype=np.float32), {}, (128, 128))


def run(sequence):
    smoother = Smoother()
    return [smoother(seen(points), n * FRAME_SECONDS).keypoints for n, points in enumerate(sequence)]


def test_the_noise_of_a_still_face_is_reduced():
    noise = np.random.default_rng(2).normal(0, 0.1, (60, 478, 3))
    out = np.array(run(FACE + noise))[20:]
    assert out.std(axis=0).mean() < 0.7 * noise.std(axis=0).mean()


def test_a_blink_of_100_ms_is_followed():
    blink = np.zeros_like(FACE)
    blink[:40, 1] = 5
    out = run([FACE] * 10 + [FACE + blink] * 3 + [FACE] * 5)
    assert (out[12] - FACE)[:40, 1].mean() > 0.75 * 5


def test_after_a_gap_the_face_is_taken_where_it_is():
    smoother = Smoother()
    smoother(seen(FACE), 0.0)
    assert np.allclose(smoother(seen(FACE + 40), 2.0).keypoints, FACE + 40)


def test_the_size_of_the_face_in_the_picture_makes_no_difference():
    noise = np.random.default_rng(3).normal(0, 0.3, (20, 478, 3))
    small, large = run(FACE + noise), run(4 * (FACE + noise))
    assert np.allclose(4 * np.array(small), np.array(large), rtol=1e-3, atol=1e-2)


def moved_mouth(ways):
    """Frames in which the whole mouth goes these ways, in pixels, while the rest of the face rests."""
    frames = np.repeat(FACE[None], len(ways), axis=0)
    frames[:, OUTER_LIP_LOWER, 1] += np.asarray(ways)[:, None]
    frames[:, INNER_LIP_LOWER, 1] += np.asarray(ways)[:, None]
    return frames


def steps_of(frames):
    return np.abs(np.diff([points[INNER_LIP_LOWER, 1].mean() for points in frames])).mean()


def test_a_covered_mouth_that_trembles_is_held_back():
    guesses = np.random.default_rng(5).normal(0, 3, 90)
    trembling = moved_mouth(guesses)
    held = run(trembling)[30:]
    assert steps_of(held) < 0.4 * steps_of(trembling[30:])


def test_a_mouth_that_speaks_is_not_held_back():
    """Four syllables a second, as fast as people speak."""
    speech = moved_mouth(4 * np.sin(2 * np.pi * 4 * np.arange(60) * FRAME_SECONDS))
    spoken = run(speech)[20:]
    assert steps_of(spoken) > 0.75 * steps_of(speech[20:])


def test_a_mouth_that_is_uncovered_is_followed_again_within_a_second():
    guesses = np.random.default_rng(6).normal(0, 3, 60)
    after = 4 * np.sin(2 * np.pi * 4 * np.arange(60) * FRAME_SECONDS)
    frames = moved_mouth(np.concatenate([guesses, after]))
    out = run(frames)
    assert steps_of(out[90:]) > 0.75 * steps_of(frames[90:])

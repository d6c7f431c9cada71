"""Smoothing: a still face is calm, a moving one is not late."""

import numpy as np

from core.worker.smoothing import Smoother
from models.engine import Observation

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

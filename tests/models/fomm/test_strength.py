"""Strengths of motion where points have no names: the head's for all of them, place and size for their whole."""

import numpy as np
import pytest

from models.fomm.strength import ROOM, scaled
from models.strengths import Strengths

RANDOM = np.random.default_rng(5)
INITIAL = RANDOM.uniform(100, 200, (30, 2))
MOVED = INITIAL + RANDOM.uniform(-8, 8, (30, 2)) + (8, 2)


def places(points):
    return points[:10]


def test_the_usual_strength_changes_nothing():
    assert np.array_equal(scaled(MOVED, INITIAL, Strengths()), MOVED)
    assert np.array_equal(scaled(MOVED, INITIAL, Strengths(mouth=0, gaze=2)), MOVED)


def test_no_strength_leaves_the_avatar_at_rest():
    assert np.allclose(scaled(MOVED, INITIAL, Strengths(head=0)), INITIAL)


def test_half_the_strength_goes_half_the_way_in_points_and_jacobians():
    assert np.allclose(scaled(MOVED, INITIAL, Strengths(head=0.5)), (MOVED + INITIAL) / 2)


def test_double_strength_stays_within_what_the_network_can_draw():
    ways = np.linalg.norm(places(scaled(MOVED, INITIAL, Strengths(head=2)) - INITIAL), axis=1)
    own = np.linalg.norm(places(MOVED - INITIAL), axis=1)
    assert ways.max() > 1.1 * own.max()
    assert ways.max() <= max(ROOM * np.ptp(places(INITIAL), axis=0).max(), own.max())


def test_a_head_that_may_not_move_stays_at_its_place():
    kept = scaled(INITIAL + (40, -10), INITIAL, Strengths(move=False))
    assert np.allclose(kept, INITIAL)


def test_a_head_that_may_not_grow_keeps_its_size():
    middle = places(INITIAL).mean(axis=0)
    larger = (INITIAL - middle) * 1.4 + middle
    assert np.allclose(scaled(larger, INITIAL, Strengths(zoom=False)), INITIAL)
    assert np.ptp(scaled(larger, INITIAL, Strengths(move=False)), axis=0).max() > 1.3 * np.ptp(INITIAL, axis=0).max()


@pytest.mark.parametrize("head", [0.0, 1.0, 2.0])
def test_a_driver_that_does_nothing_moves_nothing(head):
    assert np.allclose(scaled(INITIAL, INITIAL, Strengths(head=head, move=False, zoom=False)), INITIAL)

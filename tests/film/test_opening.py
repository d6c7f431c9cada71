"""Where a clip's motion starts."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from core.animation.driving import DrivingFrame
from core.film import opening
from core.film.clip import ClipFrame
from models.see.tracker import Tracker

from .clips import DRIVE, look

REST, JAW = 0, 25
"""Frames of the driving clip in which the face rests, and opens its mouth."""


class Film:
    """A clip of these observations."""

    rate, time_base = Fraction(24), Fraction(1, 24)

    def __init__(self, observations):
        self.observations = observations
        self.read_so_far = 0

    def read(self, on_sound):
        for index, observation in enumerate(self.observations):
            self.read_so_far += 1
            yield ClipFrame(index, DrivingFrame(index / 24, observation=observation))


def given(frame):
    """Sees what was seen already."""
    return frame.observation


@pytest.fixture(scope="module")
def faces():
    tracker = Tracker()
    return [tracker.observe(picture) for picture in look(DRIVE).pictures[:JAW + 5]]


def test_a_clip_that_begins_with_an_open_mouth_starts_from_a_shut_one(faces):
    assert opening.reference(Film([None, faces[JAW], faces[JAW + 1], faces[REST], faces[JAW]]), given) is faces[REST]


def test_a_clip_that_begins_calmly_starts_from_its_first_face(faces):
    assert opening.reference(Film(faces[REST + 3:REST + 9]), given) is None


def test_a_clip_without_a_face_has_no_reference():
    assert opening.reference(Film([None, None]), given) is None


def test_only_the_opening_is_looked_at(faces):
    film = Film([faces[JAW]] * 300 + [faces[REST]])
    assert opening.reference(film, given) is None and film.read_so_far == 240


def test_observations_of_another_engine_are_left_alone(faces):
    ten = [replace(face, keypoints=np.zeros((10, 3), np.float32)) for face in (faces[JAW], faces[REST])]
    assert opening.reference(Film(ten), given) is None

"""The engine, the driving clip and the avatars, prepared once per test file."""

from __future__ import annotations

import pytest

from models.landmark.painter import LandmarkPainter
from models.see.tracker import Tracker

from .see.faces import AVATARS, RELATIVE, REST, driving_frames, picture


@pytest.fixture(scope="module")
def painter():
    return LandmarkPainter()


@pytest.fixture(scope="module")
def frames():
    return driving_frames()


@pytest.fixture(scope="module")
def clip(frames):
    tracker = Tracker()
    return [tracker.observe(frame) for frame in frames]


@pytest.fixture(scope="module")
def avatars(painter):
    return {name: painter.prepare(picture(name)) for name in AVATARS}


@pytest.fixture(params=AVATARS)
def avatar(request, avatars):
    return avatars[request.param]


@pytest.fixture
def nora(avatars):
    return avatars["nora"]


@pytest.fixture(scope="module")
def large(painter):
    return painter.prepare(picture("nora", 512))


@pytest.fixture
def shown(painter, clip):
    """The avatar as a frame of the clip moves it, BGR."""
    return lambda avatar, frame: painter.animate(avatar, clip[frame], clip[REST], RELATIVE).picture[..., :3].copy()

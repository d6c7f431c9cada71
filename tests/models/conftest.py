"""The engine, the driving clip and the avatars, prepared once per test file."""

from __future__ import annotations

import pytest

from models.landmark.engine import LandmarkEngine
from models.see.tracker import Tracker

from .see.faces import AVATARS, RELATIVE, REST, driving_frames, picture


@pytest.fixture(scope="module")
def engine():
    return LandmarkEngine(cached=False)


@pytest.fixture(scope="module")
def frames():
    return driving_frames()


@pytest.fixture(scope="module")
def clip(frames):
    tracker = Tracker()
    return [tracker.observe(frame) for frame in frames]


@pytest.fixture(scope="module")
def avatars(engine):
    return {name: engine.prepare(picture(name)) for name in AVATARS}


@pytest.fixture(params=AVATARS)
def avatar(request, avatars):
    return avatars[request.param]


@pytest.fixture
def nora(avatars):
    return avatars["nora"]


@pytest.fixture(scope="module")
def large(engine):
    return engine.prepare(picture("nora", 512))


@pytest.fixture
def shown(engine, clip):
    """The avatar as a frame of the clip moves it, BGR."""
    return lambda avatar, frame: engine.animate(avatar, clip[frame], clip[REST], RELATIVE)[..., :3].copy()

"""One avatar and the clip that ships, loaded once for all tests."""

import pytest

from core.bench import clips, moments
from core.bench.stage import Stage
from core.shared import places

CLIP = places.ROOT / "tests" / "data" / "short_drive" / "drive.mp4"


@pytest.fixture(scope="session")
def recording():
    return clips.read(CLIP, 48)


@pytest.fixture(scope="session")
def stage():
    return Stage("nora", "landmark")


@pytest.fixture(scope="session")
def found_moments(stage, recording):
    return moments.find(stage.rig.engine, recording)

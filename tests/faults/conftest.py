"""How often each fault happens, what is counted, and the OBS in which it happens.

Environment: OBS_AVATAR_FAULTS is how often each fault happens (`test --faults --times N` sets it). Where it is not set only
the tests marked `always` run. OBS_AVATAR_REPORT is the file for the figures.
"""

from __future__ import annotations

import os
from dataclasses import asdict
from pathlib import Path

import pytest

from ..in_obs.conftest import display, make_module_obs, make_obs, pytest_runtest_makereport  # noqa: F401
from ..support.scene import AVATAR, DRIVEN, LIVE_SECONDS
from ..support.summary import FAULT, LEFT_OUT, note
from . import clip, figures
from .product import Product

collect_ignore_glob = ["test_*.py"] if LEFT_OUT else []
TIMES = int(os.environ.get("OBS_AVATAR_FAULTS", "0"))

def pytest_collection_modifyitems(config, items):
    here = Path(__file__).parent
    mine = [item for item in items if here in item.path.parents]
    left_out = mine if LEFT_OUT else [item for item in mine if not TIMES and not item.get_closest_marker("always")]
    items[:] = [item for item in items if item not in left_out]
    config.hook.pytest_deselected(items=left_out)


@pytest.fixture
def times():
    return max(TIMES, 1)


@pytest.fixture
def row(request):
    """The figures of this test; its docstring is the name of the fault."""
    what = request.node.callspec.id if hasattr(request.node, "callspec") else ""
    made = figures.Row(request.function.__doc__.strip().rstrip(".").format(what))
    yield made
    note(request.node, FAULT, asdict(made))


@pytest.fixture(scope="session")
def driving_clip(tmp_path_factory):
    return clip.write(tmp_path_factory.mktemp("clip") / "framed.mp4")


@pytest.fixture(scope="session")
def product(tmp_path_factory):
    return Product(tmp_path_factory.mktemp("product") / "obs avatar")


@pytest.fixture(scope="session")
def driven(driving_clip):
    return {**DRIVEN, "driver_file": str(driving_clip)}


@pytest.fixture(scope="module")
def obs(make_module_obs, product, driven):  # noqa: F811
    """An OBS for all faults of a module that OBS survives; in the end it has to be as whole as any other."""
    running = make_module_obs({AVATAR: driven}, script=product.script)
    running.wait_for_state(AVATAR, "live", LIVE_SECONDS)
    yield running
    running.end_cleanly()


@pytest.fixture(autouse=True)
def calm(product):
    product.calm()
    yield
    product.calm()

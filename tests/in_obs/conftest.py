"""A running OBS for the tests, and what is kept of it when one fails.

Environment: OBS_AVATAR_NO_OBS leaves these tests out (its value, unless "1", is the reason that the summary gives);
OBS_AVATAR_ARTEFACTS is the folder for pictures and logs of failed tests.
"""

import contextlib
import os
import re
import shutil
from pathlib import Path
from types import MappingProxyType

import pytest

from ..support import scene
from ..support.scene import AVATAR, DRIVEN
from ..support.summary import LEFT_OUT, MEASURED, note

collect_ignore_glob = ["test_*.py"] if LEFT_OUT else []

_NEEDED = {"obs": "obs-studio", "Xvfb": "xvfb"}
"""Program -> Debian package."""

_made, _disposed = [], []
"""The OBSes of the running test or module, for the evidence; an end that was not clean is reported after disposal."""


def pytest_collection_modifyitems(config, items):
    """Leaves out also what was named on the command line, which pytest collects whatever the glob says."""
    if LEFT_OUT:
        here = Path(__file__).parent
        left_out = [item for item in items if here in item.path.parents]
        items[:] = [item for item in items if item not in left_out]
        config.hook.pytest_deselected(items=left_out)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if report.failed and _made:
        base = os.environ.get("OBS_AVATAR_ARTEFACTS") or item.config._tmp_path_factory.getbasetemp() / "artefacts"
        for number, one in enumerate(_made):
            name = re.sub(r"\W+", "-", f"{item.nodeid} {report.when} {number}").strip("-")
            one.save_evidence(Path(base) / name)
            report.sections.append(("evidence", str(Path(base) / name)))
    if report.when == "teardown":
        while _disposed:
            _made.remove(_disposed.pop())
    return report


@pytest.fixture(scope="session")
def display():
    missing = [package for program, package in _NEEDED.items() if not shutil.which(program)]
    if missing:
        pytest.fail(f"tests/in_obs drive a real OBS Studio; missing here: {', '.join(missing)}. On Debian: "
                    f"apt-get install {' '.join(_NEEDED.values())} obs-plugins libgl1-mesa-dri strace. "
                    "To leave these tests out, and be told so, set OBS_AVATAR_NO_OBS=1.", pytrace=False)
    from ..support.display import Display
    made = Display()
    yield made.name
    made.stop()


@pytest.fixture
def measured(request):
    """measured(what, seconds): a time for the end of the run's output, where people look at it."""
    return lambda what, seconds: note(request.node, MEASURED, (what, seconds))


@contextlib.contextmanager
def _maker(tmp_path_factory, display):
    from ..support.obs_process import SCRIPT, Obs
    mine = []

    def make(sources, wrapper=(), environment=MappingProxyType({}), script=SCRIPT, **prepared):
        made = Obs(tmp_path_factory.mktemp("obs"), display, wrapper, environment, script)
        for known in (mine, _made):
            known.append(made)
        return made.prepare(sources, **prepared).start()

    try:
        yield make
    finally:
        for one in mine:
            one.dispose()
            _disposed.append(one)


@pytest.fixture
def make_obs(tmp_path_factory, display):
    """Starts an OBS for one test: make_obs({source name: settings}, ...and whatever Obs and Obs.prepare take)."""
    with _maker(tmp_path_factory, display) as make:
        yield make


@pytest.fixture(scope="module")
def make_module_obs(tmp_path_factory, display):
    """As make_obs, for an OBS that serves a whole module."""
    with _maker(tmp_path_factory, display) as make:
        yield make


@pytest.fixture(scope="package")
def _shared(tmp_path_factory, display):
    """The OBS of all modules that ask for `obs`: each start costs seconds. After all of them it has to end cleanly."""
    with _maker(tmp_path_factory, display) as make:
        running = make({AVATAR: DRIVEN})
        yield running
        running.end_cleanly()


@pytest.fixture(scope="module")
def obs(_shared):
    """An OBS with one live avatar in its scene and nothing else, the same for all tests of a module."""
    if not _shared.running:  # that is the affair of the test that ended it
        _shared.start()
    scene.put_right(_shared)
    yield _shared
    if _shared.running:
        scene.leave(_shared)  # while others run an OBS of their own

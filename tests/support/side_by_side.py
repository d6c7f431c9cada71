"""Which tests share a process where two processes share all tests (`obs_avatar.py test` starts two).

Those that drive a real OBS of their own, or look how steadily it runs, go one after the other; two such rows may run at the
same time, more would take one another's processors. The rest is dealt out by files, so that what a file prepares for its tests
is prepared once.
"""

from __future__ import annotations

import pytest

_ROWS = {"tests/in_obs/": "OBS", "tests/faults/": "OBS in trouble", "tests/soak/": "OBS in trouble"}


@pytest.hookimpl(optionalhook=True)  # without pytest-xdist nobody asks
def pytest_xdist_make_scheduler(config, log):
    from xdist.scheduler import LoadScopeScheduling

    class InRows(LoadScopeScheduling):
        def _split_scope(self, nodeid):
            return _row(nodeid) or nodeid.partition("::")[0]

    config.option.loadscopereorder = False  # it would begin with what has the most tests
    return InRows(config, log)


def pytest_collection_modifyitems(config, items):
    """The rows come first: they take the longest."""
    if hasattr(config, "workerinput"):
        items.sort(key=lambda item: _row(item.nodeid) is None)


def _row(nodeid):
    return next((row for folder, row in _ROWS.items() if nodeid.startswith(folder)), None)

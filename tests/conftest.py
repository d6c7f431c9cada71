"""For all tests: no limits of time, what is said at the end, and who runs beside whom.

A slow machine is slow; what takes how long is for `bench` to say.
"""

from hypothesis import settings

from .support.side_by_side import pytest_collection_modifyitems, pytest_xdist_make_scheduler  # noqa: F401
from .support.summary import pytest_runtest_logreport, pytest_terminal_summary  # noqa: F401

settings.register_profile("no limits of time", deadline=None)
settings.load_profile("no limits of time")

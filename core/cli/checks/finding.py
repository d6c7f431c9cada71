"""The result of one of the checks of `doctor`."""

from __future__ import annotations

from typing import NamedTuple

OK, WARNING, PROBLEM = "ok", "warning", "problem"


class Finding(NamedTuple):
    name: str
    state: str
    sentence: str
    cure: str = ""
    """What the user can do about it; empty only if the state is OK."""

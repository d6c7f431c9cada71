"""What one look of `doctor` says."""

from __future__ import annotations

from typing import NamedTuple

OK, WARNING, PROBLEM = "ok", "warning", "problem"


class Finding(NamedTuple):
    name: str
    state: str
    sentence: str
    cure: str = ""
    """Empty only where all is well."""

"""The same model, faster: exact restructurings, other runtimes, lower precision where the picture stays the same.

`load` gives the fastest that this machine was measured to have; the other files are its parts:
fold (less to compute), export and int8 (graphs for other runtimes), one file a runtime, trial (who wins here).
"""

from __future__ import annotations

from typing import Any


def __getattr__(name: str) -> Any:
    if name != "load":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from .loading import load
    return load

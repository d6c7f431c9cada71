"""The same model, faster: exact restructurings, other runtimes, lower precision where the picture stays the same.

`load` gives the fastest form on this machine, by measurement. The other modules are its parts: fold (less to compute), export
and int8 (graphs for other runtimes), one module for each runtime, trial (which of them wins).
"""

from __future__ import annotations

from typing import Any


def __getattr__(name: str) -> Any:
    if name != "load":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from .loading import load
    return load

"""Lists the engines by the ids that settings store. No part of an engine is imported before it is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from pathlib import Path
from typing import Callable

from core.shared import places
from core.shared.settings import BUILT_IN_ENGINE, NEURAL_ENGINE

from .cache import Cache
from .contract import Engine, Painter
from .see.seer import Seer
from .wishes import Wishes

PAINTERS: Mapping[str, str] = {
    BUILT_IN_ENGINE: "models.landmark.painter:opened",
    NEURAL_ENGINE: "models.neural:opened",
}
"""The function that opens each engine's painter, as "module:function"; it gets Wishes and may raise EngineUnavailable."""


def load(engine_id: str, device: str = "auto", live: bool = False, report: Callable[[object], None] = lambda _: None,
         cached: bool = True, cache_folder: Path | None = None) -> Engine:
    """Return the engine of that id. What takes long to load is loaded in a thread; see Seer.ready and Painter.prepare.

    device, live, report: see Wishes. cached: whether found faces and prepared avatars are kept on disk. cache_folder:
    the folder for them, or None for the platform's own. Raises EngineUnavailable, or KeyError if the id is unknown.
    """
    module, _, function = PAINTERS[engine_id].partition(":")
    cache = Cache(cache_folder or places.user_cache() / "landmark") if cached else None
    helper = ThreadPoolExecutor(1, "engine")
    try:
        seer = Seer(cache, helper)
        painter: Painter = getattr(import_module(module), function)(Wishes(device, live, report, cache, helper))
    finally:
        helper.shutdown(wait=False)
    return Engine(seer, painter)

"""Which engines there are, by the id that settings store."""

from __future__ import annotations

from typing import Callable

from .contract import Engine


def load(engine_id: str, report: Callable[[object], None] = lambda _: None, device: str = "auto", live: bool = False) -> Engine:
    """The engine of that id, ready to use. Imports it only now: what is not used costs nothing.

    report: is called with what happens while a neural engine is tried out, which takes minutes the first time.
    device: for a neural engine, "auto" or an id out of models.neural.devices(). live: every picture has to be there at once;
    an engine that is too slow for that carries the last one on until the next is there.
    Raises EngineUnavailable; KeyError where the id is unknown.
    """
    if engine_id == "landmark":
        from .landmark.engine import LandmarkEngine
        return LandmarkEngine()
    if engine_id == "fomm":
        from .neural import open_fomm
        return open_fomm(report, device, live)
    raise KeyError(engine_id)

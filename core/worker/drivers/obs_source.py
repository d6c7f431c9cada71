"""Another source of OBS; its pictures come from OBS itself, so a camera that OBS has open can be used."""

from __future__ import annotations

import threading
import time

import numpy as np

from ...shared.texts import text
from ..obs_pictures import ObsPictures
from .base import DriverError

PATIENCE_SECONDS = 3.0
"""A source that shows nothing for so long is gone, or hidden, or plays nothing."""


class ObsSource:
    """Reads from `feed`. name: that of the source, for the user; empty for the one that an Avatar filter is on."""

    def __init__(self, name: str, feed: ObsPictures) -> None:
        self.name = name or "OBS"
        self._silent = text("ObsSource.Silent", name=name) if name else text("ObsSource.FilterSilent")
        self._chosen = bool(name) or feed.fill
        self._feed = feed

    def open(self, stopping: threading.Event) -> None:
        if not self._chosen:
            raise DriverError(text("ObsSource.NotChosen"))

    def read(self, stopping: threading.Event) -> np.ndarray:
        give_up = time.monotonic() + PATIENCE_SECONDS
        while not stopping.is_set() and time.monotonic() < give_up:
            picture = self._feed.take(0.1)
            if picture is not None:
                return picture
        raise DriverError(self._silent)

    def close(self) -> None:
        """Nothing is open: OBS stops sending by itself."""

"""Reads another source of OBS, whose pictures OBS itself delivers, so that a camera that OBS has open can be used."""

from __future__ import annotations

import threading
import time

import numpy as np

from ...shared.texts import text
from ..obs_pictures import ObsPictures
from .base import DriverError

PATIENCE_SECONDS = 3.0
"""The time without a picture after which a source counts as gone, hidden, or not playing."""


class ObsSource:
    """A source of OBS, read from `feed`. `name` is the source's, for the user; it is empty for the source of an Avatar
    filter."""

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
        """Do nothing: OBS stops sending by itself."""

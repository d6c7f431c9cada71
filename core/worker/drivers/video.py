"""Reads a video file, which loops at its own speed, or the stream at an address."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import av
import numpy as np

from ...pictures.decoding import Converter
from ...shared.texts import text
from .base import DriverError

STREAM_TIMEOUT_SECONDS = 8.0
LATE_SECONDS = 0.1
"""The delay from which on a picture is skipped without converting it, so that a slow machine keeps up."""


class VideoFile:
    """The video file at `path`."""

    CANNOT_PLAY = "Video.CannotPlay"

    def __init__(self, path: str) -> None:
        self.name = Path(path).name or "video file"
        self._path = path
        self._container: Any = None
        self._converter = Converter()
        self._frames: Iterator[Any] | None = None
        self._started = 0.0
        """The time at which the picture with time 0 was due, in seconds of time.monotonic()."""

    def open(self, stopping: threading.Event) -> None:
        if not self._path:
            raise DriverError(text("Video.NotChosen"))
        if not Path(self._path).is_file():
            raise DriverError(text("Video.Missing", name=self.name))
        self._container = self._opened(self._path)
        self._rewind()

    def _opened(self, address: str, **options: Any) -> Any:
        try:
            container = av.open(address, **options)
        except (av.FFmpegError, OSError, ValueError) as error:
            raise DriverError(text(self.CANNOT_PLAY, name=self.name, error=error)) from error
        if not container.streams.video:
            container.close()
            raise DriverError(text("Video.OnlySound", name=self.name))
        # Decoding is a small part of the work of a frame: threads of its own would only add delay.
        container.streams.video[0].thread_type = "NONE"
        return container

    def _rewind(self) -> None:
        self._frames = self._container.decode(video=0)
        self._started = time.monotonic()

    def read(self, stopping: threading.Event) -> np.ndarray:
        rewound = False
        while not stopping.is_set():
            frame = self._next()
            if frame is None:
                if rewound:
                    raise DriverError(text("Video.Empty", name=self.name))
                rewound = True
                self._container.seek(0)
                self._rewind()
                continue
            late = time.monotonic() - (self._started + (frame.time or 0.0))
            if late < LATE_SECONDS:
                stopping.wait(max(0.0, -late))
                return self._converter.picture(frame)
        raise DriverError("stopped")

    def _next(self) -> Any:
        """Return the next frame, or None at the end or where a damaged file cannot be read any further."""
        try:
            return next(self._frames, None) if self._frames is not None else None
        except (av.FFmpegError, OSError):
            return None

    def close(self) -> None:
        self._frames = None
        if self._container is not None:
            self._container.close()
            self._container = None


class VideoStream(VideoFile):
    """The stream at `address`; its pictures are due as soon as they arrive."""

    CANNOT_PLAY = "Stream.CannotPlay"

    def __init__(self, address: str) -> None:
        super().__init__(address)
        self.name = address

    def open(self, stopping: threading.Event) -> None:
        if not self._path:
            raise DriverError(text("Stream.NotGiven"))
        self._container = self._opened(self._path, timeout=STREAM_TIMEOUT_SECONDS)
        self._rewind()

    def read(self, stopping: threading.Event) -> np.ndarray:
        frame = self._next()
        if frame is None:
            raise DriverError(text("Stream.Lost", name=self.name))
        return self._converter.picture(frame)

"""Reads a camera, which is chosen by its name: indices change when a device is plugged in, names do not."""

from __future__ import annotations

import sys
import threading
import time
from typing import Any

import cv2
import numpy as np
from cv2_enumerate_cameras import enumerate_cameras

from ...shared.texts import text
from .base import DriverError

BACKEND = {"win32": cv2.CAP_DSHOW, "darwin": cv2.CAP_AVFOUNDATION}.get(sys.platform, cv2.CAP_V4L2)
FRAMES_A_SECOND = 30
PATIENCE_SECONDS = 3.0
"""The time without a picture after which a camera counts as lost: unplugged, asleep, or taken by another program."""


def cameras() -> dict[str, Any]:
    """Return what cv2-enumerate-cameras knows of each camera, by name. The later ones of equal names get " (2)" and so on."""
    found: dict[str, Any] = {}
    for info in sorted(enumerate_cameras(BACKEND), key=lambda info: info.index):
        name, copy = info.name, 2
        while name in found:
            name, copy = f"{info.name} ({copy})", copy + 1
        found[name] = info
    return found


def camera_names() -> list[str]:
    return list(cameras())


def first_real(names: list[str]) -> str:
    """Return the first name that is not a virtual camera's (which may show this very avatar), or else the first one."""
    return next((name for name in names if "virtual" not in name.lower()), names[0])


def _permission_hint() -> str:
    """Return a text that says where this system lets programs use the camera; empty if it has no such permission."""
    return text("Camera.Hint." + (sys.platform if sys.platform in ("darwin", "win32") else "linux"))


class Camera:
    """The camera named `wanted`, or the first one if `wanted` is empty."""

    def __init__(self, wanted: str) -> None:
        self.wanted = wanted
        self.name = wanted or "camera"
        self._capture: Any = None

    def open(self, stopping: threading.Event) -> None:
        found = cameras()
        if not found:
            raise DriverError(text("Camera.None", hint=_permission_hint()))
        if self.wanted and self.wanted not in found:
            raise DriverError(text("Camera.Missing", name=self.wanted))
        self.name = self.wanted or first_real(list(found))
        info = found[self.name]
        self._capture = cv2.VideoCapture(info.index, info.backend)
        if not self._capture.isOpened():
            raise DriverError(text("Camera.Busy", name=self.name, hint=_permission_hint()))
        self._capture.set(cv2.CAP_PROP_FPS, FRAMES_A_SECOND)
        # The newest picture counts: what the system would queue is only delay.
        self._capture.set(cv2.CAP_PROP_BUFFERSIZE, 1)

    def read(self, stopping: threading.Event) -> np.ndarray:
        give_up = time.monotonic() + PATIENCE_SECONDS
        while not stopping.is_set():
            delivered, picture = self._capture.read()
            if delivered and picture is not None and picture.size:
                return picture
            if time.monotonic() > give_up:
                break
            stopping.wait(0.02)
        raise DriverError(text("Camera.Lost", name=self.name))

    def close(self) -> None:
        if self._capture is not None:
            self._capture.release()
            self._capture = None

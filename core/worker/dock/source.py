"""Connects the live loop and the dock page: what the page shows of this source, and what it asks for.

The live loop writes; the server's threads read. This module is light: the server itself is imported only when it is wanted.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections import deque
from collections.abc import Mapping
from typing import Any, Callable

from ...link import dock_changes, protocol
from ...shared.settings import Settings

MINUTE = 60.0


class DockSource:
    """This worker's source, as the dock page sees it.

    `send` sends a message to OBS. `look` returns what the driver sees as a JPEG, or None if there is nothing to see.
    """

    def __init__(self, send: Callable[..., None], look: Callable[[], bytes | None]) -> None:
        self.id = secrets.token_hex(8)
        self.name = ""
        self.look = look
        self._send = send
        self._calibrate = threading.Event()
        self._status: Mapping[str, Any] = {}
        self._values: Mapping[str, Any] = {}
        self.own_file = ""
        """The path of the picture that the user has chosen in the properties; empty if there is none."""
        self._minute: deque[tuple[float, float, float]] = deque(maxlen=int(MINUTE / protocol.HEARTBEAT_SECONDS) * 2)

    # ---- for the live loop --------------------------------------------------------------------------------------

    def tell(self, status: Mapping[str, Any], settings: Settings) -> None:
        """Store the status and the settings for the page, at every sign of life."""
        self._minute.append((time.monotonic(), status["fps"], status["delay_ms"]))
        self._status, self._values = dict(status), {key: getattr(settings, key) for key in dock_changes.KEYS}
        self.own_file = settings.avatar_file

    def calibration_wanted(self) -> bool:
        """Return whether the user has pressed the button since the last call."""
        wanted = self._calibrate.is_set()
        self._calibrate.clear()
        return wanted

    # ---- for the page -------------------------------------------------------------------------------------------

    def state(self) -> dict[str, Any]:
        now = time.monotonic()
        minute = [[round(when - now, 1), fps, delay] for when, fps, delay in list(self._minute) if now - when <= MINUTE]
        return {"id": self.id, "name": self.name, "status": self._status, "values": self._values, "minute": minute,
                "own_file": bool(self.own_file)}

    def calibrate(self) -> None:
        self._calibrate.set()

    def ask(self, values: Mapping[str, Any]) -> None:
        """Ask OBS to change these settings of the source. Raises ValueError if the page may not change one of them."""
        self._send("set", values=dock_changes.checked(values))

"""Reads the messages from OBS in a separate thread. When OBS is gone, it ends this process, whatever it is doing."""

from __future__ import annotations

import logging
import os
import threading
from typing import Any

from ..link import protocol
from ..link.ends import WorkerEnd
from .obs_pictures import ObsPictures

log = logging.getLogger(__name__)


class Control:
    """Receives messages from `link` as soon as it is made. Those about OBS's own pictures go straight to `obs_pictures`."""

    def __init__(self, link: WorkerEnd, obs_pictures: ObsPictures) -> None:
        self._link = link
        self._obs_pictures = obs_pictures
        self._lock = threading.Lock()
        self._waiting: list[dict[str, Any]] = []
        threading.Thread(target=self._listen, name="control", daemon=True).start()

    def messages(self) -> list[dict[str, Any]]:
        """Return all messages that have arrived since the last call, in order."""
        with self._lock:
            waiting, self._waiting = self._waiting, []
        return waiting

    def _listen(self) -> None:
        while True:
            try:
                arrived = self._link.hear()
            except protocol.ProtocolError as error:
                log.error("the worker does not understand a message from OBS (%s) and exits", error)
                os._exit(2)
            if arrived is None:
                log.info("OBS has closed the connection; the worker exits")
                # Not sys.exit: nothing, not even a hanging camera driver, may keep this process (and the camera) alive.
                os._exit(0)
            with self._lock:
                self._waiting += [message for message in arrived if not self._is_picture(message)]

    def _is_picture(self, message: dict[str, Any]) -> bool:
        """Return whether the message is about a picture from OBS, and if so, handle it here: it cannot wait for the loop's next
        round."""
        if message["type"] == "fed":
            self._obs_pictures.arrived(message["number"])
        elif message["type"] == "feed":
            self._obs_pictures.attach(message["exchange"], message["fill"])
        return message["type"] in ("fed", "feed")

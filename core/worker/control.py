"""Messages from OBS, read in a thread of their own. When OBS is gone, so is this process, whatever it is doing."""

from __future__ import annotations

import logging
import os
import threading
from typing import Any, Dict, List

from .. import protocol

log = logging.getLogger(__name__)


class Control:
    """Listens on the file descriptor `pipe` from the start on."""

    def __init__(self, pipe: int) -> None:
        self._pipe = pipe
        self._lock = threading.Lock()
        self._waiting: List[Dict[str, Any]] = []
        threading.Thread(target=self._listen, name="control", daemon=True).start()

    def messages(self) -> List[Dict[str, Any]]:
        """All that has come since the last call, in order."""
        with self._lock:
            waiting, self._waiting = self._waiting, []
        return waiting

    def _listen(self) -> None:
        lines = protocol.Lines()
        while True:
            piece = os.read(self._pipe, 65536)
            if not piece:
                log.info("OBS has let go; the worker ends")
                # Not sys.exit: nothing, no hanging camera driver either, may keep this process (and the camera) alive.
                os._exit(0)
            try:
                arrived = list(lines.feed(piece))
            except protocol.ProtocolError as error:
                log.error("A message from OBS cannot be understood (%s); the worker ends", error)
                os._exit(2)
            with self._lock:
                self._waiting += arrived

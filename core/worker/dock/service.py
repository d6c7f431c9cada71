"""Keeps the dock page served: this worker's own server and, if no other worker does it, the page at the user's one address.

The worker that holds the lock serves the page. When its process ends, for whatever reason, the system releases the lock and
another worker takes it.
"""

from __future__ import annotations

import functools
import logging
import os
import threading
import time

from ...shared import dock_address, locks, places
from . import routes
from .other_workers import Registration
from .server import Server
from .source import DockSource

LOOK_SECONDS = 0.5
PATIENCE_SECONDS = 3.0
"""The time after which a port that is still unavailable counts as another program's, and the page moves to a new one."""

log = logging.getLogger(__name__)


class Service:
    """The dock page's service, which runs in its own threads until `close`. Raises OSError if its files cannot be written or no
    port is available."""

    def __init__(self, source: DockSource) -> None:
        self._source = source
        self._address = dock_address.get()
        dock_address.write_opener(self._address)
        self._own = self._server(0)
        try:
            self._registration = Registration(source.id, self._own.port)
            self._lock = os.open(places.dock() / "serving.lock", os.O_RDWR | os.O_CREAT, 0o600)
        except OSError:
            self._own.close()
            raise
        self._holds_lock = False
        self._page: Server | None = None
        self._in_vain_since: float | None = None
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="dock", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Ask the service to stop, without waiting for it."""
        self._closing.set()

    def _server(self, port: int) -> Server:
        return Server(port, lambda: self._address.token, functools.partial(routes.answer, self._source), routes.longest_body)

    def _run(self) -> None:
        said = ""
        while True:
            try:
                self._look()
                said = ""
            except Exception as error:
                if said != str(error):  # once, not twice a second
                    log.exception("the dock page cannot be served; trying again")
                said = str(error)
            if self._closing.wait(LOOK_SECONDS):
                break
        self._close_page()
        self._own.close()
        self._registration.close()
        os.close(self._lock)

    def _look(self) -> None:
        address = dock_address.get()
        if address != self._address:  # another worker has moved the page, or the user has deleted the old address
            self._address = address
            self._close_page()
        self._holds_lock = self._holds_lock or locks.taken(self._lock)
        if self._page is not None or not self._holds_lock:
            return
        try:
            self._page = self._server(self._address.port)
        except OSError as error:
            self._wait_or_move(error)
            return
        self._in_vain_since = None
        dock_address.write_opener(self._address)
        log.info("the dock page is served")

    def _close_page(self) -> None:
        if self._page is not None:
            self._page.close()
            self._page = None

    def _wait_or_move(self, error: OSError) -> None:
        now = time.monotonic()
        self._in_vain_since = self._in_vain_since or now
        if now - self._in_vain_since > PATIENCE_SECONDS:
            log.warning("another program uses the dock page's port (%s); the page moves to a new one", error)
            self._address, self._in_vain_since = dock_address.renew(), None
            dock_address.write_opener(self._address)

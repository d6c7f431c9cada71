"""Opens and closes this worker's dock page as the setting says, without blocking the live loop."""

from __future__ import annotations

import logging
import threading
import time
from typing import TYPE_CHECKING

from ...shared.texts import text
from .source import DockSource

if TYPE_CHECKING:
    from .service import Service

SECONDS_BEFORE_OPENING = 0.5
"""The delay before the page is opened once the avatar is ready, so that the first picture comes first."""

log = logging.getLogger(__name__)


class Opening:
    """The dock page's server, opened and closed on demand."""

    def __init__(self, source: DockSource) -> None:
        self.error = ""
        """The reason why there is no page although it is wanted, as a sentence for the user; empty if nothing is wrong."""
        self._source = source
        self._service: Service | None = None
        self._opening: threading.Thread | None = None

    def serve(self, wanted: bool) -> None:
        """Open the page if it is `wanted`, or else close it; this does not wait."""
        if self._opening is not None and self._opening.is_alive():
            return
        if wanted and self._service is None and not self.error:
            self._opening = threading.Thread(target=self._open, name="dock-opening", daemon=True)
            self._opening.start()
        elif not wanted:
            self.error = ""
            if self._service is not None:
                self._service.close()
                self._service = None

    def _open(self) -> None:
        time.sleep(SECONDS_BEFORE_OPENING)
        try:
            from .service import Service  # here: a worker without a page needs no server
            self._service = Service(self._source)
        except OSError as error:
            log.exception("the dock page cannot be served")
            self.error = text("Dock.CannotServe", error=error.strerror or error)

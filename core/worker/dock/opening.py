"""Opens and closes the dock page of this worker as the setting says, without making the live loop wait."""

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
"""The avatar is ready then, and its first picture comes first."""

log = logging.getLogger(__name__)


class Opening:
    """The page's server, with what it serves."""

    def __init__(self, source: DockSource) -> None:
        self.error = ""
        """Why there is no page though it is wanted; a sentence for the user, mostly empty."""
        self._source = source
        self._service: Service | None = None
        self._opening: threading.Thread | None = None

    def serve(self, wanted: bool) -> None:
        """Opens or closes the page; does not wait."""
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

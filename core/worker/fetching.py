"""Downloads the neural engine's weights in a separate thread, because the user pressed the button for it."""

from __future__ import annotations

import logging
import threading

from models import neural
from models.weights import fetch

from ..shared.errors import UserError
from ..shared.texts import text

log = logging.getLogger(__name__)


class Fetching:
    """A download that starts at once and continues a broken transfer where it stopped.

    `sentence` tells the user about its progress or failure, `done` is whether it is over, and `succeeded` whether it went well.
    """

    def __init__(self) -> None:
        self.sentence = text("Fetch.Starting")
        self.done = False
        self.succeeded = False
        threading.Thread(target=self._run, name="fetching", daemon=True).start()

    def _run(self) -> None:
        try:
            fetch(neural.WEIGHTS[0], self._progress)
            self.succeeded = True
        except UserError as error:
            self.sentence = str(error)
        except Exception as error:
            log.exception("the weights could not be downloaded")
            self.sentence = text("Fetch.Failed", error=error)
        finally:
            self.done = True

    def _progress(self, here: int, total: int | None) -> None:
        megabytes = here // 1_000_000
        self.sentence = (text("Fetch.Part", percent=100 * here // total, megabytes=megabytes) if total else
                         text("Fetch.Size", megabytes=megabytes))

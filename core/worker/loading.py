"""Prepares an avatar in a separate thread, so that meanwhile the worker continues to show pictures and to answer."""

from __future__ import annotations

import logging
import threading
from typing import NamedTuple, Union

from models.contract import EngineUnavailable

from ..animation.animator import Animator
from ..shared import places
from ..shared.errors import UserError
from ..shared.settings import Settings
from ..shared.texts import text

log = logging.getLogger(__name__)


class Refused(NamedTuple):
    """The outcome if no avatar can be made from the picture."""

    sentence: str
    """The reason, as a sentence for the user."""
    unforeseen: bool = False
    """Whether the cause is unknown, so that another try may succeed."""


class NoEngine(NamedTuple):
    """The outcome if the engine does not run on this computer; another one may."""

    sentence: str
    """The reason, as a sentence for the user."""


Outcome = Union[Animator, Refused, NoEngine]


class Loading:
    """A preparation that starts at once; `outcome` is None until it is done.

    `again` says that the same avatar was there before and its files have changed.
    """

    def __init__(self, settings: Settings, again: bool = False) -> None:
        self.settings = settings
        self.again = again
        self.outcome: Outcome | None = None
        threading.Thread(target=self._load, name="loading", daemon=True).start()

    def _load(self) -> None:
        try:
            self.outcome = Animator.of(self.settings, live=True)
        except EngineUnavailable as error:
            self.outcome = NoEngine(str(error))
        except UserError as error:
            self.outcome = Refused(str(error))
        except Exception as error:
            log.exception("the avatar cannot be prepared")
            self.outcome = Refused(text("Status.Unforeseen", error=error, log=places.log_file()), unforeseen=True)

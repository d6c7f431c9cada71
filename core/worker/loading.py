"""Prepares an avatar in a thread of its own, so that the picture goes on and the worker answers meanwhile."""

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
    """The picture makes no avatar."""

    sentence: str
    """Why, for the user."""
    unforeseen: bool = False
    """Whether it may go well the next time."""


class NoEngine(NamedTuple):
    """The engine does not run here; another one may."""

    sentence: str
    """Why, for the user."""


Outcome = Union[Animator, Refused, NoEngine]


class Loading:
    """Starts at once; `outcome` is there when it is done. again: the same avatar was there before, its files have changed."""

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

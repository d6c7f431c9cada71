"""Prepares an avatar in a thread of its own, so that the picture goes on and the worker answers meanwhile."""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping
from typing import Any

from models.contract import EngineUnavailable

from ..animation.animator import Animator
from ..shared import places
from ..shared.errors import UserError
from ..shared.texts import text

SETTINGS_USED = ("avatar", "avatar_file", "engine", "device", "size")
"""The settings that, when they change, mean another avatar."""

log = logging.getLogger(__name__)


class Loading:
    """Starts at once. Look at `done`; then either `animator` or one of the sentences is there."""

    def __init__(self, values: Mapping[str, Any], again: bool = False) -> None:
        self.again = again
        """Whether the same avatar was there before: its files have changed."""
        self.animator: Animator | None = None
        self.error = ""
        """Why the picture cannot be an avatar."""
        self.unforeseen = False
        """Whether that may be otherwise the next time."""
        self.engine_error = ""
        """Why the engine does not run here; another one may."""
        self.values = dict(values)
        self._thread = threading.Thread(target=self._load, name="loading", daemon=True)
        self._thread.start()

    @property
    def done(self) -> bool:
        return not self._thread.is_alive()

    def _load(self) -> None:
        try:
            animator = Animator(self.values, live=True)
            animator.load()
            self.animator = animator
        except EngineUnavailable as error:
            self.engine_error = str(error)
        except UserError as error:
            self.error = str(error)
        except Exception as error:
            log.exception("the avatar cannot be prepared")
            self.unforeseen = True
            self.error = text("Status.Unforeseen", error=error, log=places.log_file())

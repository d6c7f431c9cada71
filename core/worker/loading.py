"""Prepares an avatar in a thread of its own, so that the picture goes on and the worker answers meanwhile."""

from __future__ import annotations

import logging
import threading

from models.contract import EngineUnavailable, FaceNotFound

from ..animation.animator import Animator
from ..pictures.reading import PictureError
from ..shared import places
from ..shared.settings import Settings
from ..shared.texts import text

log = logging.getLogger(__name__)


class Loading:
    """Starts at once. Look at `done`; then either `animator` or one of the sentences is there."""

    def __init__(self, settings: Settings, again: bool = False) -> None:
        self.again = again
        """Whether the same avatar was there before: its files have changed."""
        self.animator: Animator | None = None
        self.error = ""
        """Why the picture cannot be an avatar."""
        self.unforeseen = False
        """Whether that may be otherwise the next time."""
        self.engine_error = ""
        """Why the engine cannot be had; another one may do."""
        self.settings = settings
        self._thread = threading.Thread(target=self._load, name="loading", daemon=True)
        self._thread.start()

    @property
    def done(self) -> bool:
        return not self._thread.is_alive()

    def _load(self) -> None:
        try:
            animator = Animator(self.settings, live=True)
            animator.load()
            self.animator = animator
        except EngineUnavailable as error:
            self.engine_error = str(error)
        except PictureError as error:
            self.error = str(error)
        except FaceNotFound as error:
            self.error = text("Picture.FaceTooSmall" if error.too_small else "Picture.NoFace")
        except Exception as error:
            log.exception("the avatar cannot be prepared")
            self.unforeseen = True
            self.error = text("Status.Unforeseen", error=error, log=places.log_file())

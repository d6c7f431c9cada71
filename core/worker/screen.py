"""Sends finished pictures to OBS, where viewers see them."""

from __future__ import annotations

import numpy as np

from ..animation.compose import lettering
from ..link.ends import WorkerEnd
from ..shared.texts import text


class Screen:
    """Shows whole pictures through `link`; it is used by one thread."""

    def __init__(self, link: WorkerEnd) -> None:
        self._link = link

    def show(self, picture: np.ndarray) -> None:
        """Show a finished picture, BGRA (h, w, 4) with straight alpha. Raises OSError if OBS is gone."""
        height, width = picture.shape[:2]
        self._link.publish(np.ascontiguousarray(picture), width, height)

    def show_placeholder(self, size: tuple[int, int], key: str, more: str = "") -> None:
        """Show a placeholder of that (width, height), with the texts of `key` as its title and of `more` as its sentence.
        Raises OSError if OBS is gone."""
        self.show(lettering.placeholder(size, text(key), text(more) if more else ""))

"""Delivers frames of OBS's own sources to a worker, while such a source is the driver."""

from contextlib import suppress
from typing import Any, Callable, Dict, Optional

from ...shared.settings import OBS_SOURCE, Settings
from .obs_pictures import ObsPictures
from .watch import NoSuchSource, Watch


class Driving:
    """Delivers frames to one worker.

    `note` is called with the kind of each message that is to be sent; see `messages`. `fills` is `fill` of the message "feed".
    """

    def __init__(self, note: Callable[[str], None], fills: bool) -> None:
        self.messages = {"feed": self._feed, "fed": self._fed}
        """The functions that return the fields of the messages about frames, by kind, in the order in which they are sent."""
        self._note = note
        self._fills = fills
        self._pictures: Optional[ObsPictures] = None
        self._watch: Optional[Watch] = None

    @property
    def wanted(self) -> bool:
        """Whether the worker can use frames now."""
        return self._pictures is not None

    def deliver(self, address: int, row: int, width: int, height: int) -> None:
        """Pass on a frame, in OBS's graphics thread, as tap.Tap calls it."""
        pictures = self._pictures
        if pictures is not None and pictures.put(address, row, width, height):
            self._note("fed")

    def attend(self, settings: Settings, shown: bool) -> None:
        """Open or close the driving source as the settings and visibility require. Raises OSError if memory is short."""
        driven = settings.driver == OBS_SOURCE
        if driven and self._pictures is None:
            self._pictures = ObsPictures()
            self._note("feed")
        name = settings.driver_source if driven and shown else ""
        if self._watch is not None and (self._watch.name != name or not self._watch.alive):
            self._watch.close()
            self._watch = None
        if name and self._watch is None:
            with suppress(NoSuchSource):  # the worker reports that no frames come; the source may appear later
                self._watch = Watch(name, self.deliver)

    def close(self) -> None:
        """Close everything. Must not be called in OBS's graphics thread."""
        if self._watch is not None:
            self._watch.close()
        if self._pictures is not None:
            self._pictures.close()
        self._pictures = self._watch = None

    def _feed(self) -> Optional[Dict[str, Any]]:
        pictures = self._pictures
        return None if pictures is None else {"exchange": pictures.name, "fill": self._fills}

    def _fed(self) -> Optional[Dict[str, Any]]:
        pictures = self._pictures
        return None if pictures is None else {"number": pictures.number}

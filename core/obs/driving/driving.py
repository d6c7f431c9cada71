"""What brings the pictures of OBS's own sources to a worker: open while such a source is the driver."""

from contextlib import suppress
from typing import Any, Callable, Dict, Optional

from ...shared.settings import OBS_SOURCE, Settings
from .obs_pictures import ObsPictures
from .watch import NoSuchSource, Watch


class Driving:
    """note: called with the kind of a message that is to be sent; see `messages`. fills: as in the message "feed"."""

    def __init__(self, note: Callable[[str], None], fills: bool) -> None:
        self.messages = {"feed": self._feed, "fed": self._fed}
        """The functions that tell the fields of the messages about pictures, in the order in which they are to be sent."""
        self._note = note
        self._fills = fills
        self._pictures: Optional[ObsPictures] = None
        self._watch: Optional[Watch] = None

    @property
    def wanted(self) -> bool:
        """Whether pictures are of use to anybody now."""
        return self._pictures is not None

    def deliver(self, address: int, row: int, width: int, height: int) -> None:
        """A picture, in OBS's graphics thread; as tap.Tap calls it."""
        pictures = self._pictures
        if pictures is not None and pictures.put(address, row, width, height):
            self._note("fed")

    def attend(self, settings: Settings, shown: bool) -> None:
        """Opens and closes what the settings and showing want. Raises OSError where there is no memory for pictures."""
        driven = settings.driver == OBS_SOURCE
        if driven and self._pictures is None:
            self._pictures = ObsPictures()
            self._note("feed")
        name = settings.driver_source if driven and shown else ""
        if self._watch is not None and (self._watch.name != name or not self._watch.alive):
            self._watch.close()
            self._watch = None
        if name and self._watch is None:
            with suppress(NoSuchSource):  # the worker says that nothing comes; it may appear later
                self._watch = Watch(name, self.deliver)

    def close(self) -> None:
        """Not in OBS's graphics thread."""
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

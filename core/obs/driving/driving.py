"""What brings the pictures of OBS's own sources to a worker: open while such a source is the driver."""

from contextlib import suppress

from ...shared.settings import OBS_SOURCE
from .obs_pictures import ObsPictures
from .watch import NoSuchSource, Watch


class Driving:
    """note: called with the kind of a message that is to be sent; see `fields`. fills: as in the message "feed"."""

    def __init__(self, note, fills):
        self._note = note
        self._fills = fills
        self._feed = None
        self._watch = None

    @property
    def wanted(self):
        """Whether pictures are of use to anybody now."""
        return self._feed is not None

    def fields(self):
        """The fields of the messages that tell the worker of pictures, in the order in which they are to be sent."""
        if self._feed is None:
            return {}
        return {"feed": {"exchange": self._feed.name, "fill": self._fills}, "fed": {"number": self._feed.number}}

    def deliver(self, address, row, width, height):
        """A picture, in OBS's graphics thread; as tap.Tap calls it."""
        feed = self._feed
        if feed is not None and feed.put(address, row, width, height):
            self._note("fed")

    def attend(self, settings, shown):
        """Opens and closes what the settings and showing want. Raises OSError where there is no memory for pictures."""
        driven = settings.driver == OBS_SOURCE
        if driven and self._feed is None:
            self._feed = ObsPictures()
            self._note("feed")
        name = settings.driver_source if driven and shown else ""
        if self._watch is not None and (self._watch.name != name or not self._watch.alive):
            self._watch.close()
            self._watch = None
        if name and self._watch is None:
            with suppress(NoSuchSource):  # the worker says that nothing comes; it may appear later
                self._watch = Watch(name, self.deliver)

    def close(self):
        """Not in OBS's graphics thread."""
        if self._watch is not None:
            self._watch.close()
        if self._feed is not None:
            self._feed.close()
        self._feed = self._watch = None

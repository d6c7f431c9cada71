"""Delivers frames of OBS's own sources to a worker, while such a source is the driver."""

from contextlib import suppress

from .obs_pictures import ObsPictures
from .watch import NoSuchSource, Watch

OBS_SOURCE = "obs_source"
"""The value of the setting `driver` that stands for another source in OBS."""


class Driving:
    """The connection from OBS's sources to a worker.

    `note` is called with the kind of a message that has to be sent (see `fields`). `fills` is as in the message "feed".
    """

    def __init__(self, note, fills):
        self._note = note
        self._fills = fills
        self._feed = None
        self._watch = None

    @property
    def wanted(self):
        """Whether frames are of use to anybody now."""
        return self._feed is not None

    def fields(self):
        """Return the fields of the messages that tell the worker of frames, in the order in which to send them."""
        if self._feed is None:
            return {}
        return {"feed": {"exchange": self._feed.name, "fill": self._fills}, "fed": {"number": self._feed.number}}

    def deliver(self, address, row, width, height):
        """Pass on a frame, in OBS's graphics thread, as tap.Tap calls it."""
        feed = self._feed
        if feed is not None and feed.put(address, row, width, height):
            self._note("fed")

    def attend(self, values, shown):
        """Open or close the driving source as the settings and visibility require. Raises OSError without memory for frames."""
        driven = values["driver"] == OBS_SOURCE
        if driven and self._feed is None:
            self._feed = ObsPictures()
            self._note("feed")
        name = values["driver_source"] if driven and shown else ""
        if self._watch is not None and (self._watch.name != name or not self._watch.alive):
            self._watch.close()
            self._watch = None
        if name and self._watch is None:
            with suppress(NoSuchSource):  # the worker reports that no frames come; the source may appear later
                self._watch = Watch(name, self.deliver)

    def close(self):
        """Close everything. Must not be called in OBS's graphics thread."""
        if self._watch is not None:
            self._watch.close()
        if self._feed is not None:
            self._feed.close()
        self._feed = self._watch = None

"""Collects the messages to a worker: OBS's threads leave a note here and carry on; the source's own thread sends them."""

import threading
from typing import Any, Callable, Dict, Mapping, Optional, Set

Fields = Optional[Mapping[str, Any]]
"""The fields of a message; None if there is nothing left to say."""

TO_A_NEW_WORKER = ("settings", "shown", "called")
"""The kinds of messages that every new worker is sent first."""


class Outgoing:
    """The notes for a worker. `messages` maps each kind to a function that returns its fields when it is sent, in that order.

    A kind that is noted several times is sent once. `changed` is the condition on which the source's thread waits.
    """

    def __init__(self, messages: Mapping[str, Callable[[], Fields]]) -> None:
        self.changed = threading.Condition()
        self._messages: Dict[str, Callable[[], Fields]] = dict(messages)
        self._noted: Set[str] = set()

    def note(self, kind: str) -> None:
        """Note that a message of that kind is to be sent. It never waits long: nothing slow is done under the condition."""
        with self.changed:
            self._noted.add(kind)
            self.changed.notify()

    def begin(self) -> None:
        """Note all that a new worker has to know, and forget what was meant for the one before."""
        with self.changed:
            self._noted = set(TO_A_NEW_WORKER)

    @property
    def waits(self) -> bool:
        """Whether anything is noted."""
        return bool(self._noted)

    def take(self) -> Set[str]:
        """Return all kinds that are noted, and clear the notes."""
        with self.changed:
            noted, self._noted = self._noted, set()
            return noted

    def send(self, kinds: Set[str], send: Callable[..., bool]) -> bool:
        """Send these kinds with `send(kind, **fields)`, note again what could not be sent, and return whether all was sent."""
        whole = True
        for kind, tell in self._messages.items():
            fields = tell() if kind in kinds else None
            if fields is not None and not send(kind, **fields):
                self.note(kind)
                whole = False
        return whole

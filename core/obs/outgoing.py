"""What is still to be said to a worker. OBS's threads leave a note here and go on; the source's own thread sends it."""

import threading
from typing import Any, Callable, Dict, Mapping, Optional, Set

Fields = Optional[Mapping[str, Any]]
"""The fields of a message; None where there is nothing to say any more."""

TO_A_NEW_WORKER = ("settings", "shown", "called")
"""The kinds of messages that every new worker is sent first."""


class Outgoing:
    """messages: for each kind the function that tells its fields at the moment of sending; they are sent in that order.

    A kind that was noted several times goes out once. `changed` is the condition that the source's thread waits on.
    """

    def __init__(self, messages: Mapping[str, Callable[[], Fields]]) -> None:
        self.changed = threading.Condition()
        self._messages: Dict[str, Callable[[], Fields]] = dict(messages)
        self._noted: Set[str] = set()

    def note(self, kind: str) -> None:
        """That kind of message is to be sent. Never waits for long: nothing slow is done under the condition."""
        with self.changed:
            self._noted.add(kind)
            self.changed.notify()

    def begin(self) -> None:
        """A new worker knows nothing; what was meant for the one before is forgotten."""
        with self.changed:
            self._noted = set(TO_A_NEW_WORKER)

    @property
    def waits(self) -> bool:
        """Whether anything is noted."""
        return bool(self._noted)

    def take(self) -> Set[str]:
        """All kinds that are noted, which are not any more."""
        with self.changed:
            noted, self._noted = self._noted, set()
            return noted

    def send(self, kinds: Set[str], send: Callable[..., bool]) -> bool:
        """Send these kinds with `send(kind, **fields)`; what could not be sent is noted again. Return whether all went out."""
        whole = True
        for kind, tell in self._messages.items():
            fields = tell() if kind in kinds else None
            if fields is not None and not send(kind, **fields):
                self.note(kind)
                whole = False
        return whole

"""Starts a worker's process: the one command line that both ends know. Standard library only."""

from typing import List, NamedTuple, Sequence

from ..shared import places
from . import protocol


class Start(NamedTuple):
    """What a worker is told when it starts; everything else arrives as messages."""

    exchange: str
    """The name of the frame exchange for the worker's frames."""
    language: str
    """The language of the user's texts, such as "en-US"."""
    version: str = str(protocol.VERSION)
    """The protocol version on OBS's side."""


def command(python: str, start: Start) -> List[str]:
    """Return the command line of a worker that this Python runs.

    -I keeps out packages and variables of other Pythons; -u sends what libraries print to the log at once.
    """
    return [python, "-u", "-I", str(places.ROOT / "core" / "worker"), start.exchange, start.version, start.language]


def told(arguments: Sequence[str]) -> Start:
    """Return what `command` put into the worker's own arguments (sys.argv without its first element)."""
    exchange, version, language = arguments[:3]
    return Start(exchange, language, version)

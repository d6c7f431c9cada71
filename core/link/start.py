"""How a worker's process is started: the one command line that both ends know. Standard library only."""

from typing import List, NamedTuple, Sequence

from ..shared import places
from . import protocol


class Start(NamedTuple):
    """What a worker is told when it starts; all else comes as messages."""

    exchange: str
    """The name of the frame exchange that its pictures go into."""
    language: str
    """The language of the user's texts, such as "en-US"."""
    version: str = str(protocol.VERSION)
    """The protocol's version at OBS's end."""


def command(python: str, start: Start) -> List[str]:
    """The command line of a worker that this Python runs.

    -I keeps packages and variables of other Pythons out; -u is for what libraries print, which goes to the log at once.
    """
    return [python, "-u", "-I", str(places.ROOT / "core" / "worker"), start.exchange, start.version, start.language]


def told(arguments: Sequence[str]) -> Start:
    """What `command` says, from the worker's own arguments (sys.argv without the first)."""
    exchange, version, language = arguments[:3]
    return Start(exchange, language, version)

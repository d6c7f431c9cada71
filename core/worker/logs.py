"""Controls what this process writes to the log: enough to find an error, and nothing that belongs to the user.

Names of files outside the product's folders, addresses of streams and the user's own name are removed from every line.
"""

from __future__ import annotations

import logging
import re
import sys
import threading
from pathlib import Path
from typing import Any

from ..shared import places

log = logging.getLogger(__name__)

FORM = "%(asctime)s %(process)d %(levelname)s %(name)s: %(message)s"

_ADDRESS = re.compile(r"\b[a-z][a-z0-9+.-]+://[^\s'\"<>]+", re.IGNORECASE)
_QUOTED = re.compile(r"(['\"])(?:(?!\1).)*[\\/](?:(?!\1).)*\1")
_BARE = re.compile(r"(?<![\w<>.~/\\])(?:[A-Za-z]:[\\/]|\\\\|/)[^\s'\"<>|*?:,;]+")


def start() -> None:
    """Send log records, warnings and uncaught exceptions to standard error from now on, without private data."""
    handler = logging.StreamHandler()
    handler.setFormatter(Clean(FORM))
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    logging.captureWarnings(True)
    logging.raiseExceptions = False  # on a full disk, the line is lost and nothing else happens
    sys.excepthook = lambda *error: log.critical("uncaught exception", exc_info=error)
    threading.excepthook = lambda hook: log.critical(
        "uncaught exception in a thread", exc_info=(hook.exc_type, hook.exc_value, hook.exc_traceback))  # type: ignore[arg-type]


class Clean(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return cleaned(super().format(record))


def cleaned(text: str) -> str:
    """Return the text without private data; the product's and Python's own files keep their names."""
    for folder, name in _own():
        text = text.replace(folder, name)
    text = _ADDRESS.sub("<address>", text)
    text = _QUOTED.sub(_unless_own, text)
    return _BARE.sub("<file>", text)


def _own() -> list[tuple[str, str]]:
    """Return pairs of a folder and the name that replaces it, the longest folder first, since one may lie in another."""
    folders = {places.ROOT: "<product>", places.user_data(): "<data>", Path(sys.prefix): "<environment>",
               Path(sys.base_prefix): "<python>"}
    found = {form: name for folder, name in folders.items() for path in {folder, folder.resolve()}
             for form in {str(path), path.as_posix()} if path != Path(path.anchor)}
    return sorted(found.items(), key=lambda pair: -len(pair[0]))


def _unless_own(found: re.Match[str]) -> Any:
    inside = found.group(0)[1:-1]
    own = re.match(r"<(product|environment|python)>", inside)
    return found.group(0) if own else found.group(1) + "<file>" + found.group(1)

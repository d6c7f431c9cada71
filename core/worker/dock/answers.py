"""What a route is asked, and what it answers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from ...shared.texts import text
from .source import DockSource


class Request(NamedTuple):
    method: str
    path: str
    """Without the token before it and the query behind it; as it was sent, not yet decoded."""
    query: Mapping[str, str]
    kind: str
    """The body's media type."""
    body: bytes


class Question(NamedTuple):
    """What an answerer is told: it takes of it what it needs."""

    source: DockSource
    """The source of this worker."""
    request: Request
    parts: list[str]
    """What stands for the stars of the route's pattern, decoded."""


class Answer(NamedTuple):
    status: int
    kind: str
    body: bytes


def data(value: Any, status: int = 200) -> Answer:
    return Answer(status, "application/json", json.dumps(value, ensure_ascii=False).encode())


def sentence(status: int, key: str, **values: object) -> Answer:
    """An answer that says to the user what is the matter."""
    return Answer(status, "text/plain; charset=utf-8", text(key, **values).encode())


DONE = Answer(204, "text/plain; charset=utf-8", b"")

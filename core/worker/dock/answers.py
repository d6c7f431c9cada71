"""What a route is asked, and what it answers."""

from __future__ import annotations

import json
from typing import Any, Mapping, NamedTuple

from ...shared.texts import text


class Request(NamedTuple):
    method: str
    path: str
    """Without the token before it and the query behind it; as it was sent, not yet decoded."""
    query: Mapping[str, str]
    kind: str
    """The body's media type."""
    body: bytes


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

"""Defines the request that a route gets and the answer that it returns."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from ...shared.texts import text
from .source import DockSource


class Request(NamedTuple):
    method: str
    path: str
    """The path as it was sent, not yet decoded, without the token before it and the query after it."""
    query: Mapping[str, str]
    kind: str
    """The media type of the body."""
    body: bytes


class Question(NamedTuple):
    """What the function behind a route is given; it uses what it needs."""

    source: DockSource
    """This worker's source."""
    request: Request
    parts: list[str]
    """The decoded parts of the path that match the stars of the route's pattern, in order."""


class Answer(NamedTuple):
    status: int
    kind: str
    body: bytes


def data(value: Any, status: int = 200) -> Answer:
    return Answer(status, "application/json", json.dumps(value, ensure_ascii=False).encode())


def sentence(status: int, key: str, **values: object) -> Answer:
    """Return an answer whose body is the text of `key`, a sentence that tells the user what is wrong."""
    return Answer(status, "text/plain; charset=utf-8", text(key, **values).encode())


DONE = Answer(204, "text/plain; charset=utf-8", b"")

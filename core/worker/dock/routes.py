"""Defines the table of routes: everything that the dock page can ask for. A new route is one more line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Callable, NamedTuple
from urllib.parse import unquote

from ...gallery import adding, making, thumbnails
from ...shared import avatars, texts
from ...shared.errors import UserError
from . import editing, other_workers
from .answers import DONE, Answer, Question, Request, data, sentence
from .source import DockSource

HERE = Path(__file__).resolve().parent
PAGE_FILES = {
    "": ("page/index.html", "text/html; charset=utf-8"),
    "dock.css": ("page/dock.css", "text/css; charset=utf-8"),
    "dock.js": ("page/dock.js", "text/javascript; charset=utf-8"),
    "graph.js": ("page/graph.js", "text/javascript; charset=utf-8"),
    "seen.js": ("page/seen.js", "text/javascript; charset=utf-8"),
    "editor.html": ("editor/editor.html", "text/html; charset=utf-8"),
    "editor.css": ("editor/editor.css", "text/css; charset=utf-8"),
    "editor.js": ("editor/editor.js", "text/javascript; charset=utf-8"),
}
"""The file and the media type by address. Only these are served; no part of an address becomes a file name."""

LARGEST_QUESTION = 4096
"""The longest body of a request that carries no picture, in bytes."""
LARGEST_PICTURE = 32 << 20
"""The largest picture that may be uploaded, in bytes; it is more than any camera's JPEG."""

Answerer = Callable[[Question], Answer]


class Route(NamedTuple):
    method: str
    pattern: str
    """The path's parts, separated by slashes; * matches any one part and passes it to the answerer."""
    answer: Answerer
    """The function that answers a Question."""
    longest_body: int = 0
    kind: str = ""
    """The only media type that the body may have: one that no other page can send without a CORS preflight."""


# ---- what needs no source ----------------------------------------------------------------------------------------------

def _file(name: str) -> Answerer:
    file, kind = PAGE_FILES[name]
    content = (HERE / file).read_bytes()
    return lambda question: Answer(200, kind, content)


def _texts(_: Question) -> Answer:
    return data({"language": texts.language(), **texts.beginning_with("Dock."), "largest": LARGEST_PICTURE})


def _avatars(_: Question) -> Answer:
    return data([{"id": entry.id, "title": entry.title} for entry in avatars.available()])


def _thumbnail(question: Question) -> Answer:
    return _drawn(lambda: thumbnails.thumbnail(question.parts[0]))


def _drawn(draw: Callable[[], bytes]) -> Answer:
    try:
        return Answer(200, "image/jpeg", draw())
    except UserError as error:
        return Answer(404, "text/plain; charset=utf-8", str(error).encode())


def _add(question: Question) -> Answer:
    request = question.request
    try:
        added = adding.add(request.body, request.query.get("name", ""), by_hand="by_hand" in request.query)
    except making.NoFace as error:
        return Answer(409, "text/plain; charset=utf-8", str(error).encode())
    except UserError as error:
        return Answer(422, "text/plain; charset=utf-8", str(error).encode())
    return data({"id": added.id, "remarks": added.remarks}, 201)


def _sources(question: Question) -> Answer:
    own = [{"id": question.source.id, "name": question.source.name}]
    return data(sorted(own + other_workers.others(question.source.id), key=lambda source: (source["name"], source["id"])))


# ---- what a source answers ---------------------------------------------------------------------------------------------

def _state(question: Question) -> Answer:
    return data(question.source.state())


def _seen(question: Question) -> Answer:
    picture = question.source.look()
    return Answer(200, "image/jpeg", picture) if picture is not None else DONE


def _own_file(question: Question) -> Answer:
    return _drawn(lambda: thumbnails.of_file(Path(question.source.own_file)))


def _set(question: Question) -> Answer:
    try:
        question.source.ask(json.loads(question.request.body))
    except (ValueError, RecursionError):
        return sentence(400, "Dock.Refused.Malformed")
    return DONE


def _calibrate(question: Question) -> Answer:
    question.source.calibrate()
    return DONE


def _of_source(answer: Answerer) -> Answerer:
    """Return an answerer that leaves the answer to the worker of the source in the path, which may be another one."""
    def asked(question: Question) -> Answer:
        source, *parts = question.parts
        if source == question.source.id:
            return answer(question._replace(parts=parts))
        found = other_workers.forward(source, question.request)
        return found if found is not None else sentence(404, "Dock.Refused.NoSource")
    return asked


JSON = "application/json"
ROUTES: tuple[Route, ...] = (
    *(Route("GET", name, _file(name)) for name in PAGE_FILES),
    Route("GET", "texts", _texts),
    Route("GET", "avatars", _avatars),
    Route("POST", "avatars", _add, LARGEST_PICTURE, "application/octet-stream"),
    Route("GET", "thumbnails/*", _thumbnail),
    Route("GET", "pictures/*", editing.picture),
    Route("GET", "landmarks/*", editing.suggest),
    Route("POST", "landmarks/*", editing.save, LARGEST_QUESTION, JSON),
    Route("POST", "landmarks/*/preview", editing.preview, LARGEST_QUESTION, JSON),
    Route("GET", "sources", _sources),
    Route("GET", "sources/*/state", _of_source(_state)),
    Route("GET", "sources/*/seen", _of_source(_seen)),
    Route("GET", "sources/*/file", _of_source(_own_file)),
    Route("POST", "sources/*/set", _of_source(_set), LARGEST_QUESTION, JSON),
    Route("POST", "sources/*/calibrate", _of_source(_calibrate), LARGEST_QUESTION, JSON),
)


def longest_body(request: Request) -> int | None:
    """Return the longest body that the request's route accepts, in bytes, or None if there is no such route."""
    found = _found(request)
    return found[0].longest_body if found is not None else None


def answer(source: DockSource, request: Request) -> Answer:
    found = _found(request)
    if found is None:
        return sentence(404, "Dock.Refused.NotThere")
    route, parts = found
    if route.kind and request.kind != route.kind:
        return sentence(415, "Dock.Refused.Malformed")
    return route.answer(Question(source, request, parts))


def _found(request: Request) -> tuple[Route, list[str]] | None:
    """Return the request's route and the decoded parts that match its stars, or None if there is no such route."""
    given = request.path.split("/")
    for route in ROUTES:
        wanted = route.pattern.split("/")
        if route.method == request.method and len(wanted) == len(given) and all(
                want in ("*", part) for want, part in zip(wanted, given)):
            return route, [unquote(part) for want, part in zip(wanted, given) if want == "*"]
    return None

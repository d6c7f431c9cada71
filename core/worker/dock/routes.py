"""The table of routes: all that the dock page can ask for. A route more is a line more."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Callable, List, NamedTuple, Optional, Tuple
from urllib.parse import unquote

from ...gallery import adding, making, thumbnails
from ...pictures.reading import PictureError
from ...shared import avatars, texts
from . import editing, other_workers
from .answers import DONE, Answer, Request, data, sentence
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
"""Address: file and media type. Only these are served; no part of an address becomes a file name."""

LARGEST_QUESTION = 4096
LARGEST_PICTURE = 32 << 20
"""In bytes. More than any camera's JPEG."""


class Route(NamedTuple):
    method: str
    pattern: str
    """Parts between slashes; * is any one part, and handed to the answerer."""
    answer: Callable[..., Answer]
    """answer(desk, request, *parts)"""
    longest_body: int = 0
    kind: str = ""
    """The only media type that the body may have: one that no page can send elsewhere without asking first."""


# ---- what needs no source ----------------------------------------------------------------------------------------------

def _file(name: str) -> Callable[..., Answer]:
    file, kind = PAGE_FILES[name]
    content = (HERE / file).read_bytes()
    return lambda desk, request: Answer(200, kind, content)


def _texts(desk: DockSource, request: Request) -> Answer:
    return data({"language": texts.language(), **texts.beginning_with("Dock."), "largest": LARGEST_PICTURE})


def _avatars(desk: DockSource, request: Request) -> Answer:
    return data([{"id": entry.id, "title": entry.title} for entry in avatars.available()])


def _thumbnail(desk: DockSource, request: Request, avatar: str) -> Answer:
    return _drawn(lambda: thumbnails.thumbnail(avatar))


def _drawn(draw: Callable[[], bytes]) -> Answer:
    try:
        return Answer(200, "image/jpeg", draw())
    except PictureError as error:
        return Answer(404, "text/plain; charset=utf-8", str(error).encode())


def _add(desk: DockSource, request: Request) -> Answer:
    try:
        added = adding.add(request.body, request.query.get("name", ""), by_hand="by_hand" in request.query)
    except making.NoFace as error:
        return Answer(409, "text/plain; charset=utf-8", str(error).encode())
    except PictureError as error:
        return Answer(422, "text/plain; charset=utf-8", str(error).encode())
    return data({"id": added.id, "remarks": added.remarks}, 201)


def _sources(desk: DockSource, request: Request) -> Answer:
    own = [{"id": desk.id, "name": desk.name}]
    return data(sorted(own + other_workers.others(desk.id), key=lambda source: (source["name"], source["id"])))


# ---- what a source answers ---------------------------------------------------------------------------------------------

def _state(desk: DockSource, request: Request) -> Answer:
    return data(desk.state())


def _seen(desk: DockSource, request: Request) -> Answer:
    picture = desk.look()
    return Answer(200, "image/jpeg", picture) if picture is not None else DONE


def _own_file(desk: DockSource, request: Request) -> Answer:
    return _drawn(lambda: thumbnails.of_file(Path(desk.own_file)))


def _set(desk: DockSource, request: Request) -> Answer:
    try:
        desk.ask(json.loads(request.body))
    except (ValueError, RecursionError):
        return sentence(400, "Dock.Refused.Malformed")
    return DONE


def _calibrate(desk: DockSource, request: Request) -> Answer:
    desk.calibrate()
    return DONE


def _of_source(answer: Callable[..., Answer]) -> Callable[..., Answer]:
    """The source's own worker answers: this one, or another that is asked."""
    def asked(desk: DockSource, request: Request, source: str, *parts: str) -> Answer:
        if source == desk.id:
            return answer(desk, request, *parts)
        found = other_workers.forward(source, request)
        return found if found is not None else sentence(404, "Dock.Refused.NoSource")
    return asked


JSON = "application/json"
ROUTES: Tuple[Route, ...] = (
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


def longest_body(request: Request) -> Optional[int]:
    """None where there is no such route."""
    found = _found(request)
    return found[0].longest_body if found is not None else None


def answer(desk: DockSource, request: Request) -> Answer:
    found = _found(request)
    if found is None:
        return sentence(404, "Dock.Refused.NotThere")
    route, parts = found
    if route.kind and request.kind != route.kind:
        return sentence(415, "Dock.Refused.Malformed")
    return route.answer(desk, request, *parts)


def _found(request: Request) -> Optional[Tuple[Route, List[str]]]:
    """The route of a request, and what stands for its stars."""
    given = request.path.split("/")
    for route in ROUTES:
        wanted = route.pattern.split("/")
        if route.method == request.method and len(wanted) == len(given) and all(
                want in ("*", part) for want, part in zip(wanted, given)):
            return route, [unquote(part) for want, part in zip(wanted, given) if want == "*"]
    return None

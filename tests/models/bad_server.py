"""An HTTP server on loopback that misbehaves as told, and remembers what it was asked."""

from __future__ import annotations

import ssl
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Callable, NamedTuple


class Asked(NamedTuple):
    path: str
    range: str | None
    if_range: str | None


class BadServer:
    """Each path answers in turn as `answers[path]` says; the last answer stays. Unknown paths are 404."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.answers: dict[str, list[Answer]] = {}
        self.asked: list[Asked] = []
        self.over = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.handle_error = lambda request, address: None  # clients go away in the middle: that is the point
        if tls:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        self._scheme = "https" if tls else "http"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()

    def close(self) -> None:
        self.over.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def address(self, path: str = "") -> str:
        return f"{self._scheme}://127.0.0.1:{self._server.server_port}{path}"

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            over = server.over

            def do_GET(self) -> None:
                self.close_connection = True
                server.asked.append(Asked(self.path, self.headers["Range"], self.headers["If-Range"]))
                answers = server.answers.get(self.path, [status(404)])
                (answers.pop(0) if len(answers) > 1 else answers[0])(self)

            def log_message(self, *_: object) -> None:
                pass

        return Handler


Answer = Callable[[BaseHTTPRequestHandler], None]


def _head(handler: BaseHTTPRequestHandler, code: int, **headers: object) -> None:
    handler.send_response(code)
    for name, value in headers.items():
        if value is not None:
            handler.send_header(name.replace("_", "-"), str(value))
    handler.end_headers()


def serves(content: bytes, until: int | None = None, ranges: bool = True, claims: int | None = None,
           length: bool = True, etag: str | None = '"1"') -> Answer:
    """The file, correctly unless told otherwise.

    until: the line is cut before that byte. ranges: whether parts are given. claims: a length to tell in place of the
    true one. length: whether one is told at all.
    """
    def answer(handler: BaseHTTPRequestHandler) -> None:
        total = len(content) if claims is None else claims
        start, wanted = 0, handler.headers["Range"]
        if ranges and wanted and handler.headers["If-Range"] in (None, etag):
            start = int(wanted[len("bytes="):-1])
        if start and start >= len(content):
            _head(handler, 416, Content_Range=f"bytes */{total}")
            return
        if start:
            _head(handler, 206, Content_Range=f"bytes {start}-{total - 1}/{total}", Content_Length=total - start,
                  ETag=etag)
        else:
            _head(handler, 200, Content_Length=total if length else None, ETag=etag)
        handler.wfile.write(content[start:until])
    return answer


def in_chunks(content: bytes, until: int | None = None) -> Answer:
    """In the way of HTTP/1.1 that tells no length; until: cut before that byte."""
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.protocol_version = "HTTP/1.1"
        _head(handler, 200, Transfer_Encoding="chunked")
        for at in range(0, len(content[:until]), 10_000):
            data = content[:until][at:at + 10_000]
            handler.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))
        if until is None:
            handler.wfile.write(b"0\r\n\r\n")
    return answer


def status(code: int, **headers: object) -> Answer:
    return lambda handler: _head(handler, code, Content_Length=0, **headers)


def web_page(handler: BaseHTTPRequestHandler) -> None:
    """What a dead link often shows, with the status of success."""
    _head(handler, 200)
    handler.wfile.write(b"<!DOCTYPE html><html><body>Not found, but here is what else we offer</body></html>")


def silence(content: bytes, after: int) -> Answer:
    """Stops sending, and holds the line."""
    def answer(handler: BaseHTTPRequestHandler) -> None:
        _head(handler, 200, Content_Length=len(content))
        handler.wfile.write(content[:after])
        handler.over.wait(10)
    return answer


def trickle(content: bytes) -> Answer:
    """Always sends something, but next to nothing."""
    def answer(handler: BaseHTTPRequestHandler) -> None:
        _head(handler, 200, Content_Length=len(content))
        for byte in content[:200]:
            if handler.over.wait(0.02):
                return
            handler.wfile.write(bytes([byte]))
    return answer


def endless(handler: BaseHTTPRequestHandler) -> None:
    _head(handler, 200)
    while not handler.over.is_set():
        handler.wfile.write(b"\x80" * 65536)


def other_part(content: bytes) -> Answer:
    """Whatever part is asked for, sends the second half."""
    half, total = len(content) // 2, len(content)

    def answer(handler: BaseHTTPRequestHandler) -> None:
        _head(handler, 206, Content_Range=f"bytes {half}-{total - 1}/{total}", Content_Length=total - half)
        handler.wfile.write(content[half:])
    return answer

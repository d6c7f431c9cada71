"""Provides an HTTP server on 127.0.0.1, based on the standard library's.

That one was chosen because a request is checked (access.py) and its length is known before a byte of its body is read, and
because it costs the worker neither memory nor start-up time. What it lacks is added here: limits, timeouts and headers.
"""

from __future__ import annotations

import logging
import os
import socket
import socketserver
import threading
import time
from contextlib import suppress
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Callable
from urllib.parse import parse_qsl

from ...shared.dock_address import HOST
from . import access
from .answers import Answer, Request, sentence

CONNECTIONS = 32
"""The largest number of simultaneous connections; a page opens six."""
IDLE_SECONDS = 15
"""The longest silence on a connection, in seconds, after which it is closed."""
BODY_SECONDS = 60
"""The time limit for the arrival of a whole body, in seconds."""
LONGEST_QUERY = 4096
"""The longest query of an address, in characters."""
SMALL_BODY = 64 * 1024
"""The largest body, in bytes, that is read in parallel with others; larger ones are read one at a time, so that their memory
does not add up."""
THROWN_AWAY = 256 * 1024 * 1024
"""The largest oversized body, in bytes, that is read and discarded: a browser that cannot finish sending never reads the
answer."""


log = logging.getLogger(__name__)


class Server(ThreadingHTTPServer):
    """The server on `port`, or on any free port if it is 0. Raises OSError if the port is not available.

    `token` returns the token that is valid now, `answer` answers a request, and `longest_body` returns the longest body that is
    accepted for it, or None if there is no such route.
    """

    daemon_threads = True
    block_on_close = False
    request_queue_size = 32
    # Makes the port of a server that has just ended available at once; on Windows, it would let other programs share the port.
    allow_reuse_address = os.name != "nt"

    def __init__(self, port: int, token: Callable[[], str], answer: Callable[[Request], Answer],
                 longest_body: Callable[[Request], int | None]) -> None:
        self.token, self.answer, self.longest_body = token, answer, longest_body
        self.large_body = threading.Lock()
        self._room = threading.BoundedSemaphore(CONNECTIONS)
        self._open: set[socket.socket] = set()
        super().__init__((HOST, port), _Handler)
        threading.Thread(target=self.serve_forever, args=(0.2,), name="dock-server", daemon=True).start()

    def server_bind(self) -> None:
        if os.name == "nt":
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)  # type: ignore[attr-defined]  # Windows has it
        socketserver.TCPServer.server_bind(self)  # HTTPServer's own would look up the host name
        self.server_name, self.server_port = HOST, self.server_address[1]

    @property
    def port(self) -> int:
        return self.server_port

    def close(self) -> None:
        """Stop the server and end its open connections, so that nothing is answered any more."""
        self.shutdown()
        self.server_close()
        for connection in list(self._open):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def process_request(self, request: Any, client_address: Any) -> None:
        if self._room.acquire(blocking=False):
            self._open.add(request)
            super().process_request(request, client_address)
        else:
            self.shutdown_request(request)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._open.discard(request)
            self._room.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Ignore a broken connection: the other end deals with it. Nothing goes to the log, because addresses contain the
        token."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = IDLE_SECONDS
    error_message_format = "%(code)d %(message)s\n"
    error_content_type = "text/plain; charset=utf-8"
    server: Server
    _came_in = False
    """Whether the request was let in (see access.refusal)."""

    def do_GET(self) -> None:
        self._take()

    def do_POST(self) -> None:
        self._take()

    def _take(self) -> None:
        if self.request_version not in ("HTTP/1.0", "HTTP/1.1"):
            self._give(sentence(400, "Dock.Refused.Malformed"), last=True)
            return
        refused = access.refusal(self.command, self.path, self.headers, self.server.port, self.server.token())
        self._came_in = refused is None
        length = access.body_length(self.headers)
        if refused is not None:
            self._give(sentence(refused.status, refused.key), last=True)
        elif length is None or (length and self.command == "GET"):
            self._give(sentence(400, "Dock.Refused.Malformed"), last=True)
        else:
            self._read_and_answer(length)

    def _read_and_answer(self, length: int) -> None:
        path, _, query = self.path.partition("?")
        values = dict(parse_qsl(query[:LONGEST_QUERY]))
        request = Request(self.command, path.split("/", 2)[2], values, self.headers.get("Content-Type", ""), b"")
        longest = self.server.longest_body(request)
        if longest is None:
            self._give(self._answer(request), last=length > 0)
        elif length > longest:
            self._throw_away(length)
            of_picture = sentence(413, "Dock.Refused.Large", megabytes=longest >> 20)
            self._give(of_picture if longest >= 1 << 20 else sentence(413, "Dock.Refused.Malformed"), last=True)
        elif length <= SMALL_BODY:
            self._give(self._answer(request._replace(body=self._body(length))))
        elif not self.server.large_body.acquire(timeout=IDLE_SECONDS):
            self._give(sentence(503, "Dock.Refused.Busy"), last=True)
        else:
            try:
                self._give(self._answer(request._replace(body=self._body(length))))
            finally:
                self.server.large_body.release()

    def _answer(self, request: Request) -> Answer:
        try:
            return self.server.answer(request)
        except Exception:
            log.exception("a request of the dock page could not be answered")
            return sentence(500, "Dock.Refused.Unforeseen")

    def _body(self, length: int) -> bytes:
        """Return the body of `length` bytes. Raises OSError if it is incomplete or does not arrive in time."""
        if self._waits():
            self.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        body, until = bytearray(), time.monotonic() + BODY_SECONDS
        while len(body) < length:
            piece = self.rfile.read1(min(length - len(body), 1 << 16))
            if not piece or time.monotonic() > until:
                raise ConnectionError("the body broke off")
            body += piece
        return bytes(body)

    def _throw_away(self, length: int) -> None:
        until = time.monotonic() + IDLE_SECONDS
        while not self._waits() and 0 < length <= THROWN_AWAY and time.monotonic() < until:
            piece = self.rfile.read1(1 << 16)
            if not piece:
                return
            length -= len(piece)

    def _give(self, answer: Answer, last: bool = False) -> None:
        self.close_connection = self.close_connection or last
        self.send_response(answer.status)
        if answer.status != HTTPStatus.NO_CONTENT:
            self.send_header("Content-Type", answer.kind)
            self.send_header("Content-Length", str(len(answer.body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(answer.body)

    def end_headers(self) -> None:
        headers = {**access.HEADERS, **(access.INSIDE_HEADERS if self._came_in else {})}
        for name, value in headers.items():
            self.send_header(name, value)
        super().end_headers()

    def handle_expect_100(self) -> bool:
        """Return True without answering: whether the body is wanted is decided later."""
        return True

    def _waits(self) -> bool:
        """Return whether the other end sends the body only when asked to."""
        return self.headers.get("Expect", "").lower() == "100-continue"

    def version_string(self) -> str:
        return "OBS-Avatar"

    def log_message(self, *nothing: Any) -> None:
        """Log nothing, because addresses contain the token."""

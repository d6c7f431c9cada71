"""Finds and asks the workers of the other sources. Each has its own server on a port that the system chose, named by a private
file.

A worker holds a lock on that file for as long as it lives, so a file without a lock belongs to a worker that died.
"""

from __future__ import annotations

import http.client
import json
import os
from pathlib import Path
from typing import Any
from urllib.parse import quote

from ...shared import dock_address, locks, places
from .answers import Answer, Request

SECONDS = 3
"""The time limit for another worker's answer, in seconds."""
LARGEST_ANSWER = 8 << 20
"""The largest part of another worker's answer that is read, in bytes."""
_LOCK_AT = 1 << 20
"""The locked offset, which is beyond the file's end because Windows does not allow reading a locked range."""


class Registration:
    """Announces that the worker `id` listens on `port`, until `close` or the end of the process. Raises OSError."""

    def __init__(self, id: str, port: int) -> None:
        dock_address.make_private(_folder())
        self._path = _folder() / f"{id}-{port}"
        while True:
            self._file = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
            if _locked(self._file) and self._path.exists():
                return
            os.close(self._file)  # another worker removed it as a dead one's before it was locked

    def close(self) -> None:
        os.close(self._file)
        self._path.unlink(missing_ok=True)


def others(own: str) -> list[dict[str, str]]:
    """Return the id and name of every other source whose worker answers; `own` is the id of this one."""
    states = [_asked(port, "GET", f"sources/{id}/state") for id, port in _registered().items() if id != own]
    loaded: list[Any] = [json.loads(state.body) for state in states if state is not None and state.status == 200]
    return [{"id": state["id"], "name": state["name"]} for state in loaded]


def forward(id: str, request: Request) -> Answer | None:
    """Return what the worker of the source `id` answers, or None if there is no such worker."""
    port = _registered().get(id)
    return _asked(port, request.method, request.path, request.kind, request.body) if port is not None else None


def _asked(port: int, method: str, path: str, kind: str = "", body: bytes = b"") -> Answer | None:
    token = dock_address.get().token
    connection = http.client.HTTPConnection(dock_address.HOST, port, timeout=SECONDS)
    headers = {"Origin": f"http://{dock_address.HOST}:{port}", **({"Content-Type": kind} if kind else {})}
    try:
        connection.request(method, f"/{token}/{quote(path, safe='/%')}", body if method == "POST" else None, headers)
        answer = connection.getresponse()
        return Answer(answer.status, answer.headers.get("Content-Type", ""), answer.read(LARGEST_ANSWER))
    except (OSError, http.client.HTTPException):
        return None  # it has just ended
    finally:
        connection.close()


def _registered() -> dict[str, int]:
    """Return the ports of all live workers by the ids of their sources."""
    found = {}
    for path in list(_folder().iterdir()):
        id, _, port = path.name.partition("-")
        if _lives(path) and port.isdigit():
            found[id] = int(port)
    return found


def _lives(path: Path) -> bool:
    """Return whether the worker that a file names is alive; the file of a dead one is removed."""
    try:
        file = os.open(path, os.O_RDWR)
    except OSError:
        return False
    dead = _locked(file)
    os.close(file)
    if dead:
        path.unlink(missing_ok=True)
    return not dead


def _locked(file: int) -> bool:
    os.lseek(file, _LOCK_AT, os.SEEK_SET)
    return locks.taken(file)


def _folder() -> Path:
    return places.dock() / "workers"

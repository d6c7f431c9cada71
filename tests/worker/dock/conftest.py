"""A dock page in this process, with a source that is made up; and a user's folder of the test's own."""

import http.client
from typing import NamedTuple

import pytest

from core.shared import dock_address, settings
from core.worker.dock.service import Service
from core.worker.dock.source import DockSource

from ...support.waiting import PATIENCE, wait_for

STATUS = {"state": "live", "message": "", "fps": 25.0, "drawn": 0.0, "delay_ms": 30.0, "engine": "landmark", "face": True}


class Answer(NamedTuple):
    status: int
    headers: http.client.HTTPMessage
    body: bytes


def ask(port, method, path, body=None, **headers):
    """One request; headers with _ for -."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
        answer = connection.getresponse()
        return Answer(answer.status, answer.headers, answer.read())
    finally:
        connection.close()


class Dock:
    """A source with a page. `sent` is what went to OBS."""

    def __init__(self, name):
        self.sent, self.seen = [], None
        self.source = DockSource(lambda kind, **fields: self.sent.append((kind, fields)), lambda: self.seen)
        self.source.name = name
        self.source.tell(STATUS, settings.DEFAULTS)
        self.service = Service(self.source)

    @property
    def serves(self):
        return self.service._page is not None

    def get(self, path, **headers):
        """From the page's own address, whoever serves it."""
        address = dock_address.get()
        return ask(address.port, "GET", f"/{address.token}/{path}", **headers)

    def post(self, path, body, kind="application/json", **headers):
        address = dock_address.get()
        return ask(address.port, "POST", f"/{address.token}/{path}", body,
                   **{"Origin": address.origin, "Content_Type": kind, **headers})

    def close(self):
        self.service.close()
        self.service._thread.join()


def use_folder(folder, monkeypatch):
    """As a user whose home that is."""
    for variable in ("XDG_DATA_HOME", "APPDATA", "HOME"):
        monkeypatch.setenv(variable, str(folder))


@pytest.fixture
def users_folder(tmp_path, monkeypatch):
    use_folder(tmp_path, monkeypatch)
    return tmp_path


@pytest.fixture
def make_dock(users_folder):
    made = []

    def make(name="Avatar"):
        made.append(Dock(name))
        return made[-1]

    yield make
    for dock in made:
        dock.close()


@pytest.fixture
def dock(make_dock):
    made = make_dock()
    wait_for(lambda: made.serves, PATIENCE, "the page is served")
    return made

"""The dock page of a real worker process: there when it is asked for, gone when not, and taken over when its worker dies."""

import contextlib
import json
import os

import pytest

from core.shared import dock_address

from ...support.scene import DRIVEN
from ...support.waiting import PATIENCE, wait_for
from ..conftest import Worker
from .conftest import ask

LISTENS = "0A"


@pytest.fixture
def make_worker(users_folder):
    made = []

    def make(name, **values):
        worker = Worker()
        made.append(worker)
        worker.send("called", name=name)
        worker.show(**dict(DRIVEN, **values))
        worker.wait_for(lambda: worker.status["state"] == "live")
        return worker

    yield make
    for worker in made:
        worker.end()


def listening(worker):
    """The local addresses, as the kernel writes them, at which this process waits for connections."""
    inodes = set()
    for entry in os.scandir(f"/proc/{worker.process.pid}/fd"):
        with contextlib.suppress(FileNotFoundError):  # it may be closed while we look
            inodes.add(os.readlink(entry.path).partition("socket:")[2][1:-1])
    lines = [line.split() for table in ("tcp", "tcp6") for line in open(f"/proc/net/{table}").readlines()[1:]]
    return [fields[1] for fields in lines if fields[3] == LISTENS and fields[9] in inodes]


def sources():
    address = dock_address.get()
    try:
        return json.loads(ask(address.port, "GET", f"/{address.token}/sources").body)
    except OSError:
        return []


def names():
    return [source["name"] for source in sources()]


def test_nothing_listens_unless_the_page_is_asked_for(make_worker):
    worker = make_worker("Avatar", dock=False)
    assert listening(worker) == []
    worker.send("settings", values=dict(DRIVEN, dock=True))
    wait_for(lambda: names() == ["Avatar"], PATIENCE, "the page is served")
    assert len(listening(worker)) == 2
    assert {address.partition(":")[0] for address in listening(worker)} == {"0100007F"}, "127.0.0.1 and nothing else"
    worker.send("settings", values=dict(DRIVEN, dock=False))
    wait_for(lambda: listening(worker) == [], PATIENCE, "nothing listens any more")


def test_what_is_changed_on_the_page_is_asked_of_obs(make_worker):
    worker = make_worker("Avatar", dock=True)
    wait_for(lambda: names() == ["Avatar"], PATIENCE, "the page is served")
    address, source = dock_address.get(), sources()[0]["id"]
    ask(address.port, "POST", f"/{address.token}/sources/{source}/set", '{"avatar": "marcus"}', Origin=address.origin,
        Content_Type="application/json")
    worker.wait_for(lambda: {"type": "set", "values": {"avatar": "marcus"}} in worker.messages)


def test_what_the_camera_sees_is_shown_to_who_looks(make_worker):
    make_worker("Avatar", dock=True)
    wait_for(lambda: names() == ["Avatar"], PATIENCE, "the page is served")
    address = dock_address.get()
    answer = ask(address.port, "GET", f"/{address.token}/sources/{sources()[0]['id']}/seen")
    assert answer.status == 200 and answer.body.startswith(b"\xff\xd8")


def test_the_page_outlives_the_worker_that_serves_it(make_worker):
    first = make_worker("One", dock=True)
    wait_for(lambda: names() == ["One"], PATIENCE, "the page is served")
    make_worker("Two", dock=True)
    wait_for(lambda: names() == ["One", "Two"], PATIENCE, "both are on the page")
    first.process.kill()
    wait_for(lambda: names() == ["Two"], PATIENCE, "the other worker serves the page")

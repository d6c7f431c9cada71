"""One address for the user: it stays, it is private, and whichever worker is there serves it."""

import json
import os
import socket
import stat
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.shared import dock_address, places
from core.worker.dock import service

from ...support.waiting import PATIENCE, wait_for
from .conftest import ask


def test_the_address_stays_from_start_to_start(make_dock):
    first = make_dock()
    wait_for(lambda: first.serves, PATIENCE, "the page is served")
    address, opener = dock_address.get(), dock_address.opener().read_text()
    first.close()
    second = make_dock()
    wait_for(lambda: second.serves, PATIENCE, "the page is served again")
    assert dock_address.get() == address
    assert dock_address.opener().read_text() == opener


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such mode bits; the user's folder is closed there")
def test_nobody_else_can_read_the_address(dock):
    for path in [places.dock(), *places.dock().rglob("*")]:
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path


def test_the_opener_leads_to_the_page_and_its_place_does_not_tell_the_token(dock):
    address = dock_address.get()
    assert address.url in dock_address.opener().read_text()
    assert address.token not in str(dock_address.opener())


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=80) | st.recursive(st.none() | st.integers() | st.text(), lambda inner: st.lists(inner)
                                             | st.dictionaries(st.sampled_from(["port", "token"]), inner))
       .map(lambda value: json.dumps(value).encode()))
def test_whatever_lies_in_its_file_the_address_is_a_good_one(users_folder, content):
    dock_address.make_private(places.dock())
    (places.dock() / "address.json").write_bytes(content)
    address = dock_address.get()
    assert 0 < address.port < 65536 and len(address.token) >= 24
    assert dock_address.get() == address


def test_all_servers_listen_on_this_computer_only(dock):
    for server in (dock.service._own, dock.service._page):
        assert server.socket.getsockname()[0] == "127.0.0.1"


def test_when_the_worker_that_serves_the_page_ends_another_takes_over(make_dock):
    first = make_dock("One")
    wait_for(lambda: first.serves, PATIENCE, "the first serves")
    second = make_dock("Two")
    address = dock_address.get()
    assert names(second) == ["One", "Two"] and not second.serves
    first.close()
    wait_for(lambda: second.serves, PATIENCE, "the second serves")
    assert dock_address.get() == address
    assert names(second) == ["Two"]


def test_a_worker_that_waits_for_its_turn_leaves_the_address_as_it_is(make_dock, monkeypatch):
    monkeypatch.setattr(service, "PATIENCE_SECONDS", 0.2)
    first, second = make_dock("One"), make_dock("Two")
    wait_for(lambda: first.serves or second.serves, PATIENCE, "one of them serves")
    address = dock_address.get()
    time.sleep(3 * service.LOOK_SECONDS)
    assert first.serves != second.serves
    assert dock_address.get() == address


def test_every_source_is_reached_from_the_one_page(make_dock):
    first, second = make_dock("One"), make_dock("Two")
    wait_for(lambda: first.serves, PATIENCE, "the first serves")
    for dock in (first, second):
        state = json.loads(dock.get(f"sources/{dock.source.id}/state").body)
        assert state["name"] == dock.source.name and state["values"]["badge"] is True and state["minute"]
    assert first.post(f"sources/{second.source.id}/set", '{"badge": false}').status == 204
    assert second.sent == [("set", {"values": {"badge": False}})] and first.sent == []
    assert first.post(f"sources/{second.source.id}/calibrate", "{}").status == 204
    assert second.source.calibration_wanted() and not first.source.calibration_wanted()


def test_a_source_that_was_renamed_is_listed_under_its_new_name(make_dock):
    dock, other = make_dock("One"), make_dock("Two")
    wait_for(lambda: dock.serves, PATIENCE, "the page is served")
    other.source.name = "Zwei"
    assert names(dock) == ["One", "Zwei"]


def test_the_traces_of_a_worker_that_died_are_removed(dock):
    (places.dock() / "workers" / "dead-1234").write_text("")
    assert names(dock) == ["Avatar"]
    assert [path.name.partition("-")[0] for path in (places.dock() / "workers").iterdir()] == [dock.source.id]


def test_a_port_that_another_program_has_is_given_up_and_the_opener_leads_to_the_new_one(make_dock):
    before = dock_address.get()
    with socket.create_server(("127.0.0.1", before.port)):
        dock = make_dock()
        wait_for(lambda: dock.serves, PATIENCE, "the page is served")
    after = dock_address.get()
    assert after.port != before.port and after.token != before.token
    assert after.url in dock_address.opener().read_text()
    assert ask(after.port, "GET", f"/{before.token}/").status == 403


def test_an_address_that_was_deleted_is_replaced_and_the_old_one_is_not_answered_any_more(dock):
    before = dock_address.get()
    (places.dock() / "address.json").unlink()
    wait_for(lambda: dock.serves and dock.service._page.port == dock_address.get().port != before.port, PATIENCE,
             "it has moved")
    assert dock.get("").status == 200
    with pytest.raises(OSError):
        ask(before.port, "GET", f"/{before.token}/")


def test_a_page_that_is_closed_answers_nothing_any_more_also_to_who_is_connected(make_dock):
    dock = make_dock()
    wait_for(lambda: dock.serves, PATIENCE, "the page is served")
    address, own = dock_address.get(), dock.service._own.port
    with socket.create_connection(("127.0.0.1", address.port), PATIENCE) as connected:
        question = f"GET /{address.token}/texts HTTP/1.1\r\nHost: 127.0.0.1:{address.port}\r\n\r\n".encode()
        connected.sendall(question)
        assert connected.recv(100).startswith(b"HTTP/1.1 200")
        dock.close()
        for port in (address.port, own):
            with pytest.raises(OSError):
                ask(port, "GET", f"/{address.token}/")
        with pytest.raises(OSError):
            while True:
                connected.sendall(question)
                if not connected.recv(1 << 20):
                    raise ConnectionError("closed")


def names(dock):
    return [source["name"] for source in json.loads(dock.get("sources").body)]

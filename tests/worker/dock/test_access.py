"""Who comes in to the dock page: its own page with the right address, and nobody else, whatever they send."""

import json
import socket
import tracemalloc

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.shared import dock_address
from core.worker.dock import routes

from ...support.waiting import PATIENCE, wait_for
from .conftest import Dock, ask, use_folder

MEGABYTE = 1 << 20


@pytest.fixture(scope="module")
def dock(tmp_path_factory):
    """One page for all: nothing that is refused may change it."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        use_folder(tmp_path_factory.mktemp("home"), monkeypatch)
        made = Dock("Avatar")
        wait_for(lambda: made.serves, PATIENCE, "the page is served")
        yield made
        made.close()


@pytest.fixture(autouse=True)
def nothing_sent_yet(dock):
    dock.sent.clear()


def test_the_page_is_served_and_tells_browsers_to_be_strict(dock):
    answer = dock.get("")
    assert answer.status == 200 and b"dock.js" in answer.body
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy and "frame-ancestors 'none'" in policy
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"


def test_every_file_of_the_page_is_served(dock):
    for name in routes.PAGE_FILES:
        assert dock.get(name).status == 200
    page = dock.get("").body.decode()
    for attribute in ("src=", "href="):
        for part in page.split(attribute)[1:]:
            assert dock.get(part.split('"')[1]).status == 200


@pytest.mark.parametrize("change", [lambda token: "", lambda token: token[:-1], lambda token: token + "x",
                                    lambda token: token.swapcase(), lambda token: "x" * len(token), lambda token: "%C3%A9"])
def test_a_wrong_token_is_refused_in_a_sentence(dock, change):
    address = dock_address.get()
    for path in ("", "sources", "avatars"):
        answer = ask(address.port, "GET", f"/{change(address.token)}/{path}")
        assert answer.status == 403
        assert b"Copy it again" in answer.body


@pytest.mark.parametrize("host", ["evil.example", "localhost:{port}", "127.0.0.1", "127.0.0.1:1", "evil.example:{port}", ""])
def test_a_foreign_host_is_refused(dock, host):
    port = dock_address.get().port
    assert dock.get("sources", Host=host.format(port=port)).status == 403


def test_a_request_without_host_or_with_two_is_refused(dock):
    address = dock_address.get()
    for hosts in ("", f"Host: 127.0.0.1:{address.port}\r\nHost: evil.example\r\n"):
        answer = raw(address.port, f"GET /{address.token}/sources HTTP/1.1\r\n{hosts}\r\n".encode())
        assert answer.startswith(b"HTTP/1.1 403")


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:1", "http://localhost:{port}"])
def test_a_foreign_origin_is_refused_and_changes_nothing(dock, origin):
    origin = origin.format(port=dock_address.get().port)
    assert dock.get("sources", Origin=origin).status == 403
    assert dock.post(f"sources/{dock.source.id}/set", '{"badge": false}', Origin=origin).status == 403
    assert dock.post("avatars", b"x", "application/octet-stream", Origin=origin).status == 403
    assert dock.sent == []


def test_what_does_not_say_where_it_comes_from_changes_nothing(dock):
    address = dock_address.get()
    answer = ask(address.port, "POST", f"/{address.token}/sources/{dock.source.id}/set", '{"badge": false}',
                 Content_Type="application/json")
    assert answer.status == 403 and dock.sent == []


def test_another_site_can_lead_to_the_page_but_not_load_anything_of_it(dock):
    assert dock.get("", Sec_Fetch_Site="cross-site", Sec_Fetch_Mode="navigate").status == 200
    assert dock.get("thumbnails/nora", Sec_Fetch_Site="cross-site", Sec_Fetch_Mode="no-cors").status == 403
    assert dock.get("thumbnails/nora", Sec_Fetch_Site="same-origin", Sec_Fetch_Mode="no-cors").status == 200


def test_what_a_form_of_another_site_can_send_is_not_understood(dock):
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"):
        assert dock.post(f"sources/{dock.source.id}/set", '{"badge": false}', kind).status == 415
    assert dock.sent == []


def test_no_answer_lets_other_pages_read_it(dock):
    answers = [dock.get(path) for path in ("", "texts", "sources", "nothing")]
    answers.append(ask(dock_address.get().port, "OPTIONS", "/", Origin="https://evil.example"))
    for answer in answers:
        assert not [name for name in answer.headers if name.lower().startswith("access-control")]
    assert answers[-1].status == 501


def test_a_picture_of_50_mb_is_refused_in_a_sentence_and_not_kept_in_memory(dock):
    piece = b"\xff" * MEGABYTE
    tracemalloc.start()
    try:
        answer = dock.post("avatars?name=large.png", (piece for _ in range(50)), "application/octet-stream",
                           Content_Length=str(50 * MEGABYTE))
        assert tracemalloc.get_traced_memory()[1] < 4 * MEGABYTE
    finally:
        tracemalloc.stop()
    assert answer.status == 413 and b"larger than 32 MB" in answer.body
    assert dock.get("").status == 200


def test_a_question_that_is_too_long_is_refused(dock):
    assert dock.post(f"sources/{dock.source.id}/set", b" " * 5000 + b'{"badge": false}').status == 413
    assert dock.sent == []


@pytest.mark.parametrize("header", ["Transfer-Encoding: chunked", "Content-Length: -1", "Content-Length: 1, 1",
                                    "Content-Length: 5\r\nContent-Length: 6", "Content-Length: 1e3",
                                    "Content-Length: 99999999999999999999", "Content-Length: ²"])
def test_a_body_whose_length_is_not_plain_is_refused(dock, header):
    address = dock_address.get()
    answer = raw(address.port, (
        f"POST /{address.token}/sources/{dock.source.id}/calibrate HTTP/1.1\r\nHost: 127.0.0.1:{address.port}\r\n"
        f"Origin: {address.origin}\r\nContent-Type: application/json\r\n{header}\r\n\r\n").encode())
    assert answer.split()[1] in (b"400", b"413")
    assert not dock.source.calibration_wanted()


@pytest.mark.parametrize("path", ["..", "../../../etc/passwd", "%2e%2e/%2e%2e/etc/passwd", "page/", "page", "routes.py",
                                  "thumbnails/..%2f..%2faddress.json", "thumbnails/", "sources/../texts", "dock.css/",
                                  "thumbnails/%00", "sources/x/state", "workers"])
def test_no_address_leads_to_a_file_or_a_list_of_files(dock, path):
    answer = dock.get(path)
    assert answer.status == 404
    assert len(answer.body) < 200


def test_a_fault_of_our_own_is_a_sentence_and_a_line_in_the_log(dock, monkeypatch, caplog):
    monkeypatch.setattr(routes.avatars, "available", lambda: 1 / 0)
    answer = dock.get("avatars")
    assert answer.status == 500 and b"worker.log" in answer.body
    assert "ZeroDivisionError" in caplog.text and dock_address.get().token not in caplog.text


def test_a_browser_that_waits_to_be_asked_for_the_body_gets_an_answer(dock):
    address = dock_address.get()
    for length, status in ((50 * MEGABYTE, b"413"), (10, b"100")):
        answer = raw(address.port, (
            f"POST /{address.token}/avatars HTTP/1.1\r\nHost: 127.0.0.1:{address.port}\r\nOrigin: {address.origin}\r\n"
            f"Content-Type: application/octet-stream\r\nContent-Length: {length}\r\nExpect: 100-continue\r\n\r\n").encode())
        assert answer.split()[1] == status


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=300) | st.builds(
    lambda *parts: b"".join(parts), st.sampled_from([b"GET ", b"POST ", b"HEAD ", b"PUT "]), st.binary(max_size=40),
    st.sampled_from([b" HTTP/1.1\r\n", b" HTTP/1.0\r\n", b"\r\n", b" HTTP/9.9\r\n"]), st.binary(max_size=200),
    st.just(b"\r\n\r\n")))
def test_whatever_is_sent_is_refused_and_the_page_goes_on(dock, junk):
    answer = raw(dock_address.get().port, junk)
    assert answer == b"" or answer.split()[1] not in (b"200", b"201", b"204")
    assert dock.get("texts").status == 200


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.recursive(st.none() | st.booleans() | st.floats() | st.text(), lambda inner: st.lists(inner, max_size=3)
                    | st.dictionaries(st.sampled_from(["avatar", "badge", "driver", "avatar_file"]) | st.text(), inner),
                    max_leaves=6).map(json.dumps) | st.text(max_size=50))
def test_whatever_the_page_asks_for_only_allowed_settings_reach_obs(dock, asked):
    dock.sent.clear()
    answer = dock.post(f"sources/{dock.source.id}/set", asked.encode("utf-8", "surrogatepass"))
    assert answer.status in (204, 400)
    for kind, fields in dock.sent:
        assert kind == "set" and set(fields["values"]) <= {"avatar", "badge", "mirror", "hidden"}


def raw(port, sent):
    """The answer to these bytes; nothing more is sent."""
    with socket.create_connection(("127.0.0.1", port), 20) as connection:
        connection.sendall(sent)
        connection.shutdown(socket.SHUT_WR)
        answer = b""
        try:
            while piece := connection.recv(65536):
                answer += piece
        except ConnectionResetError:
            pass
        return answer

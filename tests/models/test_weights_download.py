"""Downloads over bad lines and from bad mirrors, which a real HTTP server on loopback plays."""

from __future__ import annotations

import builtins
import errno
import hashlib
import shutil
import socket
import ssl
import subprocess

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.weights import download as module
from models.weights.download import NoMirror, Patience, download
from models.weights.errors import WeightsError
from models.weights.registry import MIRRORS_VARIABLE, KnownFile

from . import bad_server as bad

CONTENT = b"\x80\x02" + bytes(range(256)) * 1200
"""Begins as a pickle does; 300 kB."""
OTHER = CONTENT[::-1]
HALF = len(CONTENT) // 2
HURRY = Patience(tries=3, pause=0.001, step=1000, connect=2, silence=0.3, window=0.3)
PROXY_VARIABLES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")


@pytest.fixture(autouse=True)
def plain_network(monkeypatch):
    for name in (*PROXY_VARIABLES, *(name.upper() for name in PROXY_VARIABLES), MIRRORS_VARIABLE):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="module")
def shared_server():
    server = bad.BadServer()
    yield server
    server.close()


@pytest.fixture
def server():
    server = bad.BadServer()
    yield server
    server.close()


@pytest.fixture
def part(tmp_path):
    return tmp_path / "toy.pth.tar.part"


def toy(*mirrors: str) -> KnownFile:
    return KnownFile("toy", "A toy", "toy.pth.tar", "https://example.org/toy", "", len(CONTENT),
                     hashlib.md5(CONTENT).hexdigest(), mirrors)


def bring(server, part, *answers, second=None, progress=lambda here, total: None, said=None):
    """Downloads from /one, which answers so, then from /two."""
    server.answers["/one"] = list(answers)
    mirrors = [server.address("/one")]
    if second:
        server.answers["/two"] = [second]
        mirrors.append(server.address("/two"))
    said = [] if said is None else said
    download(toy(*mirrors), part, progress, said.append, HURRY)


def is_whole(part) -> bool:
    return part.read_bytes() == CONTENT


def test_a_file_arrives_and_its_progress_is_told(server, part):
    told = []
    bring(server, part, bad.serves(CONTENT), progress=lambda here, total: told.append((here, total)))
    assert is_whole(part)
    assert told[-1] == (len(CONTENT), len(CONTENT))
    assert told == sorted(told)


def test_a_cut_download_goes_on_where_it_was_cut(server, part):
    bring(server, part, bad.serves(CONTENT, until=HALF), bad.serves(CONTENT))
    assert is_whole(part)
    assert [(asked.range, asked.if_range) for asked in server.asked] == [(None, None), (f"bytes={HALF}-", '"1"')]


def test_a_line_that_is_cut_ever_again_still_brings_the_file(server, part):
    cuts = [bad.serves(CONTENT, until=at) for at in range(20_000, len(CONTENT), 20_000)]
    assert len(cuts) > 3 * HURRY.tries
    bring(server, part, *cuts, bad.serves(CONTENT))
    assert is_whole(part)


def test_a_line_that_brings_nothing_is_given_up(server, part):
    with pytest.raises(NoMirror, match="broke off"):
        bring(server, part, bad.serves(CONTENT, until=0))
    assert len(server.asked) == HURRY.tries


def test_a_line_that_gets_no_further_than_before_is_given_up(server, part):
    near, far = (bad.serves(CONTENT, until=at, ranges=False) for at in (50_000, 200_000))
    with pytest.raises(NoMirror, match="broke off"):
        bring(server, part, *[far, near] * 10)
    assert len(server.asked) == HURRY.tries


def test_a_cut_without_a_length_is_noticed(server, part):
    bring(server, part, bad.serves(CONTENT, until=HALF, length=False), bad.serves(CONTENT))
    assert is_whole(part)
    assert server.asked[1].range == f"bytes={HALF}-"


def test_a_file_in_chunks_arrives_cut_or_not(server, part):
    bring(server, part, bad.in_chunks(CONTENT, until=HALF), bad.status(404), second=bad.in_chunks(CONTENT))
    assert is_whole(part)
    assert server.asked[1].range == f"bytes={HALF}-"


def test_the_next_mirror_goes_on_where_the_first_one_ended(server, part):
    honest = bad.serves(CONTENT, etag='"another"')
    bring(server, part, bad.serves(CONTENT, until=HALF), bad.status(404), second=honest)
    assert is_whole(part)
    assert server.asked[-1] == bad.Asked("/two", f"bytes={HALF}-", None)


def test_a_beginning_from_an_earlier_day_is_gone_on_with(server, part):
    part.write_bytes(CONTENT[:HALF])
    bring(server, part, bad.serves(CONTENT))
    assert is_whole(part)
    assert [asked.range for asked in server.asked] == [f"bytes={HALF}-"]


def test_a_beginning_that_is_the_whole_file_costs_no_request(server, part):
    part.write_bytes(CONTENT)
    bring(server, part, bad.serves(CONTENT))
    assert not server.asked


@pytest.mark.parametrize("beginning", [OTHER[:HALF], OTHER, OTHER * 2], ids=["shorter", "as long", "longer"])
def test_a_beginning_of_another_file_is_told_removed_and_replaced(server, part, beginning):
    part.write_bytes(beginning)
    said = []
    bring(server, part, bad.serves(CONTENT), said=said)
    assert is_whole(part)
    assert "does not match what had been downloaded before, which was removed" in said[0]


def test_a_server_that_gives_no_parts_is_asked_for_the_whole(server, part):
    bring(server, part, bad.serves(CONTENT, until=HALF), bad.serves(CONTENT, ranges=False))
    assert is_whole(part)


def test_a_file_that_changes_on_the_server_is_not_put_together_from_two(server, part):
    bring(server, part, bad.serves(OTHER, until=HALF, etag='"old"'), bad.serves(CONTENT, etag='"new"'))
    assert is_whole(part)
    assert len(server.asked) == 2


def test_another_part_than_the_one_asked_for_is_not_taken(server, part):
    part.write_bytes(CONTENT[:1000])
    bring(server, part, bad.other_part(CONTENT), second=bad.serves(CONTENT))
    assert is_whole(part)
    assert server.asked[-1].range == "bytes=1000-"


def test_a_server_that_promises_more_than_there_is_does_no_harm(server, part):
    said = []
    bring(server, part, bad.serves(CONTENT, claims=len(CONTENT) + 100), said=said)
    assert is_whole(part)
    assert not said


def test_a_server_that_promises_less_than_there_is_gives_a_wrong_file_and_the_next_mirror_is_asked(server, part):
    said = []
    bring(server, part, bad.serves(CONTENT, claims=len(CONTENT) - 100), second=bad.serves(CONTENT), said=said)
    assert is_whole(part)
    assert "sent a wrong file, which was removed" in said[0]


@pytest.mark.parametrize("claims", [9, 10 * len(CONTENT)])
def test_a_file_of_quite_another_size_is_not_even_downloaded(server, part, claims):
    with pytest.raises(NoMirror, match="the published one has"):
        bring(server, part, bad.serves(CONTENT, claims=claims))
    assert not part.exists()


def test_a_wrong_file_is_named_and_removed(server, part):
    with pytest.raises(NoMirror, match=hashlib.md5(OTHER).hexdigest()):
        bring(server, part, bad.serves(OTHER))
    assert not part.exists()


def test_a_file_that_never_ends_is_ended_and_removed(server, part):
    with pytest.raises(NoMirror, match="wrong file"):
        bring(server, part, bad.endless)
    assert not part.exists()


def test_a_web_page_is_named_as_such_and_spoils_no_good_beginning(server, part):
    part.write_bytes(CONTENT[:HALF])
    said = []
    bring(server, part, bad.web_page, second=bad.serves(CONTENT), said=said)
    assert is_whole(part)
    assert "sent a web page instead of the file" in said[0]
    assert server.asked[-1].range == f"bytes={HALF}-"


@pytest.mark.parametrize(("code", "requests"), [(404, 1), (403, 1), (503, HURRY.tries), (429, HURRY.tries)])
def test_a_mirror_without_the_file_is_left_at_once_and_one_in_trouble_after_some_tries(server, part, code, requests):
    bring(server, part, bad.status(code), second=bad.serves(CONTENT))
    assert is_whole(part)
    assert [asked.path for asked in server.asked].count("/one") == requests


@pytest.mark.parametrize(("stalls", "words"), [(bad.silence(CONTENT, after=500), "broke off"),
                                               (bad.trickle(CONTENT), "sends almost nothing")])
def test_a_mirror_that_stalls_is_left_for_the_next(server, part, stalls, words):
    said = []
    bring(server, part, stalls, second=bad.serves(CONTENT), said=said)
    assert is_whole(part)
    assert all(words in sentence for sentence in said)


def test_redirects_are_followed_but_not_in_a_circle(server, part):
    server.answers["/there"] = [bad.serves(CONTENT)]
    bring(server, part, bad.status(302, Location="/there"))
    assert is_whole(part)
    part.unlink()
    with pytest.raises(NoMirror, match="redirects in a circle"):
        bring(server, part, bad.status(302, Location="/one"))


def test_each_mirror_that_failed_is_told_with_its_reason(server, part):
    with socket.socket() as taken:  # bound, but nobody listens
        taken.bind(("127.0.0.1", 0))
        dead = f"127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(NoMirror) as failure:
            download(toy(f"http://{dead}/x", "gopher://example.org/x", "nonsense", server.address("/x")), part,
                     lambda here, total: None, lambda sentence: None, HURRY)
    reasons = failure.value.reasons
    assert reasons[0] == f"{dead} cannot be reached."
    assert reasons[1].startswith("example.org cannot be used (")
    assert reasons[2].startswith("nonsense cannot be used (")
    assert "HTTP status 404" in reasons[3]


def test_ctrl_c_keeps_what_has_come(server, part):
    def interrupt(here, total):
        if here > HALF:
            raise KeyboardInterrupt
    with pytest.raises(KeyboardInterrupt):
        bring(server, part, bad.serves(CONTENT), progress=interrupt)
    assert HALF < part.stat().st_size < len(CONTENT)
    bring(server, part, bad.serves(CONTENT))
    assert is_whole(part)


def test_a_disk_that_fills_up_is_named_and_what_has_come_is_kept(server, part, monkeypatch):
    class FullDisk:
        def __init__(self, *arguments):
            self._file = builtins.open(*arguments)

        def write(self, data):
            if self._file.tell() > HALF:
                raise OSError(errno.ENOSPC, "No space left on device")
            return self._file.write(data)

        def __enter__(self):
            return self

        def __exit__(self, *_):
            self._file.close()

    monkeypatch.setattr(module, "open", FullDisk, raising=False)
    with pytest.raises(WeightsError, match="No space left.*Free some space on the disk"):
        bring(server, part, bad.serves(CONTENT))
    monkeypatch.undo()
    assert part.stat().st_size > HALF
    bring(server, part, bad.serves(CONTENT))
    assert is_whole(part)


def test_the_proxy_that_the_environment_names_is_used(server, part, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", server.address())
    server.answers["http://weights.invalid/toy"] = [bad.serves(CONTENT)]
    download(toy("http://weights.invalid/toy"), part, lambda here, total: None, lambda sentence: None, HURRY)
    assert is_whole(part)


def test_a_certificate_that_is_not_trusted_is_said_and_can_be_named(part, tmp_path, monkeypatch):
    if not shutil.which("openssl"):
        pytest.skip("makes its certificate with openssl")
    certificate, key = tmp_path / "certificate.pem", tmp_path / "key.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=toy",
                    "-addext", "subjectAltName=IP:127.0.0.1", "-out", certificate, "-keyout", key],
                   check=True, capture_output=True)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate, key)
    server = bad.BadServer(tls)
    try:
        with pytest.raises(NoMirror, match="certificate that is not trusted.*REQUESTS_CA_BUNDLE"):
            bring(server, part, bad.serves(CONTENT))
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
        bring(server, part, bad.serves(CONTENT))
        assert is_whole(part)
    finally:
        server.close()


MISBEHAVIOUR = st.one_of(
    st.builds(lambda at, ranges, length: bad.serves(CONTENT, until=at, ranges=ranges, length=length),
              st.integers(0, len(CONTENT)), st.booleans(), st.booleans()),
    st.builds(lambda at: bad.serves(OTHER, until=at, etag='"other"'), st.integers(0, len(CONTENT))),
    st.sampled_from([bad.status(404), bad.status(500), bad.status(416), bad.web_page, bad.other_part(CONTENT)]))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(misbehaviour=st.lists(MISBEHAVIOUR, min_size=1, max_size=6), beginning=st.binary(max_size=50))
def test_after_whatever_went_wrong_an_honest_mirror_brings_the_right_file(shared_server, part, misbehaviour, beginning):
    part.write_bytes(beginning)
    bring(shared_server, part, *misbehaviour, second=bad.serves(CONTENT))
    assert is_whole(part)

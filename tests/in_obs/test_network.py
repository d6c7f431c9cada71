"""Nothing leaves the machine: neither the worker nor OBS because of us asks the network for anything.

strace writes down every network call of OBS and of all its children, from the first on. OBS itself asks its makers
for news of streaming services: it is sent through a proxy of this test, which notes whom it asked for and lets nothing
through. So an internet address in the trace that is not on this machine is our doing.
"""

import re
import shutil
import socket
import threading

import pytest

from ..support.scene import AVATAR, DRIVEN, LIVE_SECONDS
from ..support.waiting import PATIENCE, wait_for

_BIRTH = re.compile(r"^(\d+) .*\b(?:clone3?|v?fork)\b.* = (\d+)$")
_INTERNET = re.compile(r"^\d+ +(?:socket|connect|bind|sendto|sendmsg|sendmmsg)\(.*\b[AP]F_INET6?\b")
_ADDRESS = re.compile(r'inet_addr\("([^"]*)"\)|inet_pton\(AF_INET6, "([^"]*)"')
_ANYWHERE = {"0.0.0.0", "::"}
"""What a server listens on; nobody is asked for anything there."""


class NotingProxy:
    """An HTTP proxy that refuses everybody; `asked` holds the hosts."""

    def __init__(self):
        self._server = socket.create_server(("127.0.0.1", 0))
        self.asked = set()
        threading.Thread(target=self._serve, daemon=True).start()

    @property
    def address(self):
        return f"http://127.0.0.1:{self._server.getsockname()[1]}"

    def _serve(self):
        while True:
            try:
                connection, _ = self._server.accept()
            except OSError:
                return
            with connection:
                line = connection.makefile("rb").readline().decode(errors="replace")
                found = re.match(r"[A-Z]+ (?:\w+://)?([^:/ ]+)", line)  # CONNECT host:port HTTP/1.1
                self.asked.add(found[1] if found else line)

    def close(self):
        self._server.close()


@pytest.fixture(scope="module")
def traced(tmp_path_factory, make_module_obs):
    """A session of an avatar: the lines of the trace, the workers' process ids, the hosts the proxy was asked for."""
    if not shutil.which("strace"):
        pytest.fail("strace has to see what goes to the network. On Debian: apt-get install strace", pytrace=False)
    trace, proxy = tmp_path_factory.mktemp("trace") / "trace.txt", NotingProxy()
    # -D: strace runs beside OBS, which so keeps the process id that the harness started.
    obs = make_module_obs(
        {AVATAR: DRIVEN}, environment=dict.fromkeys(("http_proxy", "https_proxy", "all_proxy"), proxy.address),
        wrapper=["strace", "-D", "-f", "-q", "--seccomp-bpf", "-o", str(trace),
                 "-e", "trace=network,clone,clone3,fork,vfork"])
    obs.wait_for_state(AVATAR, "live", 2 * LIVE_SECONDS)
    workers = obs.workers()
    obs.set_settings(AVATAR, avatar="marcus")
    obs.reload_script()
    obs.wait_for_state(AVATAR, "live", 2 * LIVE_SECONDS)
    workers |= obs.workers()
    obs.close()
    ended = re.compile(rf"^{obs.pid} +\+\+\+ exited", re.MULTILINE)
    wait_for(lambda: ended.search(trace.read_text(errors="replace")), PATIENCE, "strace has seen the end of OBS")
    proxy.close()
    return trace.read_text(errors="replace").splitlines(), workers, proxy.asked


def family(lines, ancestors):
    """The process and thread ids that descend from these, and these."""
    children = {}
    for line in lines:
        found = _BIRTH.match(line)
        if found:
            children.setdefault(int(found[1]), set()).add(int(found[2]))
    known, level = set(ancestors), set(ancestors)
    while level:
        level = {child for one in level for child in children.get(one, ())} - known
        known |= level
    return known


def internet_calls(lines):
    """What opens an internet socket or sends through one; what is received is the answer to it."""
    return [line for line in lines if _INTERNET.search(line)]


def test_the_trace_sees_what_there_is(traced):
    lines, workers, _ = traced
    assert len(workers) == 2, "one before and one after the reload"
    assert len(family(lines, workers)) > len(workers), "the threads of the workers are not in the trace"
    assert any("bind(" in line for line in internet_calls(lines)), "obs-websocket's own server is not in the trace"


def test_a_worker_opens_no_internet_socket_at_all(traced):
    lines, workers, _ = traced
    ours = family(lines, workers)
    assert [line for line in internet_calls(lines) if int(line.split(None, 1)[0]) in ours] == []


def test_obs_with_an_avatar_reaches_nobody_outside_this_machine(traced):
    lines, _, _ = traced
    outside = []
    for line in internet_calls(lines):
        addresses = {v4 or v6 for v4, v6 in _ADDRESS.findall(line)}
        outside += [line for address in addresses - _ANYWHERE
                    if not re.match(r"(::ffff:)?127\.|::1$", address)]
    assert outside == []


def test_obs_asks_for_nobody_but_its_own_makers(traced):
    asked = traced[2]
    assert [host for host in asked if host != "obsproject.com" and not host.endswith(".obsproject.com")] == []

"""Somebody writes into what two processes share: bounded reads, a sentence, another worker; never a crash of OBS."""

import json
import os
import random
import stat
import subprocess
import sys

import pytest

from core.link import protocol, start

from ..support.scene import AVATAR, LIVE_SECONDS
from .product import Product
from .watching import BACK_SECONDS, look, wait_until_back, watched

LIES = {
    "a number that no frame has": {"type": "frame", "number": 1 << 70},
    "a number below zero": {"type": "frame", "number": -(1 << 70)},
    "a status without end": {"type": "status", "state": "live", "message": "x" * 60000, "fps": float("inf"),
                             "drawn": float("nan"), "delay_ms": -1e308, "engine": "\ud800", "face": True},
    "ten thousand cameras": {"type": "devices", "cameras": ["c"] * 10000, "monitors": [], "devices": {}},
}
REFUSED = {
    "a type that nobody knows": {"type": "format_disk"},
    "cameras that are no names": {"type": "devices", "cameras": [[1]], "monitors": [], "devices": {}},
    "a number that is none": {"type": "frame", "number": "0"},
}


def open_pipe(pid, number):
    """What any program of this user can do: the pipe of a process, opened for writing."""
    return open(f"/proc/{pid}/fd/{number}", "wb", buffering=0)


def outgoing(pid):
    """The worker's own copy of its standard output, which libraries cannot write to by accident."""
    pipes = {number: target for number in range(3, 30) if (target := link(pid, number)).startswith("pipe:")}
    return min(pipes)


def link(pid, number):
    try:
        return os.readlink(f"/proc/{pid}/fd/{number}")
    except OSError:
        return ""


@pytest.mark.always
@pytest.mark.parametrize("which", ["to the worker", "to OBS"])
def test_random_bytes_in_a_pipe(obs, row, times, which):
    """Random bytes in the pipe {}, by another process"""
    with watched(obs, row):
        for _ in range(times):
            pid = obs.status(AVATAR)["worker_pid"]
            with open_pipe(pid, 0 if which == "to the worker" else outgoing(pid)) as pipe:
                pipe.write(random.randbytes(3000) + b"\n" + random.randbytes(500) + b"\n")
            row.injected += 1
            obs.wait_for(lambda pid=pid: obs.status(AVATAR)["worker_pid"] not in (0, pid), BACK_SECONDS, "it was replaced")
            wait_until_back(obs, row)
            row.survived += 1


@pytest.mark.parametrize("lie", LIES)
def test_a_message_that_lies(obs, product, row, times, lie):
    """Message that lies, twenty times: {}"""
    with watched(obs, row):
        for _ in range(times):
            before, restarts = product.hits(), obs.status(AVATAR)["restarts"]
            product.once("say", line=json.dumps(LIES[lie]), times=20)
            obs.wait_for(lambda before=before: product.hits() > before, BACK_SECONDS, "it is said")
            row.injected += 1
            obs.request("GetInputPropertiesListPropertyItems", inputName=AVATAR, propertyName="camera")
            wait_until_back(obs, row)
            assert obs.status(AVATAR)["restarts"] == restarts, "a lie that harms nobody is no reason for a restart"
            row.survived += 1


@pytest.mark.parametrize("what", REFUSED)
def test_a_message_that_is_none(obs, row, times, what):
    """Message that is none, by another process: {}"""
    with watched(obs, row):
        for _ in range(times):
            pid = obs.status(AVATAR)["worker_pid"]
            with open_pipe(pid, outgoing(pid)) as pipe:
                pipe.write(json.dumps(REFUSED[what]).encode() + b"\n")
            row.injected += 1
            obs.wait_for(lambda pid=pid: obs.status(AVATAR)["worker_pid"] not in (0, pid), BACK_SECONDS, "it was replaced")
            wait_until_back(obs, row)
            row.survived += 1


def test_random_bytes_in_the_segment(obs, product, row, times):
    """Random bytes all over the shared memory for 2 s"""
    for _ in range(times):
        before = product.hits()
        product.once("scribble", times=200)
        obs.wait_for(lambda before=before: product.hits() > before, BACK_SECONDS, "it is scribbled over")
        row.injected += 1
        for _ in range(10):
            look(obs, row)  # OBS answers meanwhile
        wait_until_back(obs, row)
        row.survived += 1


def test_a_worker_of_another_version(make_obs, driven, row, tmp_path):
    """Product updated while OBS runs (other version of the protocol)"""
    product = Product(tmp_path / "updated")
    obs = make_obs({AVATAR: driven}, script=product.script)
    obs.wait_for_state(AVATAR, "live", LIVE_SECONDS)
    ours, another = f"VERSION = {protocol.VERSION}\n", f"VERSION = {protocol.VERSION + 1}\n"
    with watched(obs, row):
        product.edit("core/link/protocol.py", ours, another)
        os.kill(obs.status(AVATAR)["worker_pid"], 9)
        row.injected += 1
        obs.wait_for(lambda: "updated while OBS was running" in obs.status(AVATAR)["message"], BACK_SECONDS, "it is said")
        product.edit("core/link/protocol.py", another, ours)
        wait_until_back(obs, row)
        row.survived += 1
    obs.end_cleanly()


def shared_memory(pid):
    """The file descriptors of a process that lead to our shared memory, as any program of this user can open them."""
    return [f"/proc/{pid}/fd/{number}" for number in range(3, 200) if "obs-avatar-" in link(pid, number)]


@pytest.mark.always
def test_no_other_user_can_read_the_pictures_or_the_messages(obs):
    pid = obs.status(AVATAR)["worker_pid"]
    for file in [f"/proc/{pid}/fd/0", f"/proc/{pid}/fd/{outgoing(pid)}", *shared_memory(pid), *shared_memory(obs.pid)]:
        assert os.readlink(file).startswith(("pipe:", "/memfd:")), "what has no name belongs to its two ends"
        assert stat.S_IMODE(os.stat(file).st_mode) & 0o077 == 0


@pytest.mark.always
def test_shared_memory_that_another_program_tries_to_cut_off(obs, row, times):
    """Shared memory in use, which another program tries to cut off, enlarge and unlink"""
    with watched(obs, row):
        for _ in range(times):
            before = obs.status(AVATAR)
            for file in shared_memory(obs.pid) + shared_memory(before["worker_pid"]):
                for attack, *how in ((os.truncate, 4096), (os.truncate, 1 << 30), (os.unlink,)):
                    row.injected += 1
                    with pytest.raises(PermissionError):
                        attack(file, *how)
            wait_until_back(obs, row)
            assert obs.status(AVATAR)["restarts"] == before["restarts"]
            row.survived = row.injected
        assert row.injected >= 6 * times, "OBS and the worker both have it open"


@pytest.mark.always
def test_a_worker_started_by_hand_says_what_it_needs():
    def started(*how):
        silent, held = os.pipe()  # as long as it is open the worker does not end for want of an OBS
        try:
            return subprocess.run(start.command(sys.executable, start.Start(*how)),
                                  stdin=silent, capture_output=True, text=True, check=False)
        finally:
            os.close(silent)
            os.close(held)

    other = started("/dev/shm/obs-avatar-none", "en-US", str(protocol.VERSION + 1))
    assert other.returncode == protocol.OTHER_VERSION_EXIT and "restart OBS" in other.stderr
    none = started("/dev/shm/obs-avatar-none", "en-US")
    assert "cannot be opened" in none.stderr and "Traceback" not in none.stderr

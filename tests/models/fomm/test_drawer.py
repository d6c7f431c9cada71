"""Drawing in a thread: nobody waits, nothing queues, nothing is lost silently, and the thread ends."""

from __future__ import annotations

import gc
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from models.fomm.carry import Drawn
from models.fomm.drawer import Drawer

from ...support.waiting import PATIENCE


class Network:
    """Draws a picture once it is released."""

    def __init__(self) -> None:
        self.begun: list = []
        self.go_on = threading.Semaphore(0)

    def __call__(self, source: Any, keypoints: Any) -> Drawn:
        self.begun.append(keypoints)
        assert self.go_on.acquire(timeout=PATIENCE)
        if isinstance(keypoints, Exception):
            raise keypoints
        return Drawn(source, keypoints, np.zeros(0), np.zeros(0))


@pytest.fixture
def network() -> Network:
    return Network()


@pytest.fixture
def drawer(network: Network) -> Iterator[Drawer]:
    drawer = Drawer(network)
    yield drawer
    for _ in range(10):
        network.go_on.release()
    drawer.close()


def until(condition: Any) -> None:
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.002)


SOURCE = object()


def test_nobody_waits_and_the_newest_request_wins(drawer: Drawer, network: Network) -> None:
    assert drawer.ask(SOURCE, 1) is None
    until(lambda: network.begun == [1])
    assert [drawer.ask(SOURCE, number) for number in (2, 3, 4)] == [None] * 3
    network.go_on.release()
    until(lambda: network.begun == [1, 4])
    assert drawer.ask(SOURCE, 4).keypoints == 1
    network.go_on.release()
    until(lambda: drawer.ask(SOURCE, 5).keypoints == 4)
    assert drawer.seconds > 0


def test_a_picture_of_another_source_is_not_shown(drawer: Drawer, network: Network) -> None:
    drawer.ask(SOURCE, 1)
    network.go_on.release()
    until(lambda: drawer.ask(SOURCE, 1) is not None)
    assert drawer.ask(object(), 1) is None


def test_what_was_begun_before_forgetting_is_thrown_away(drawer: Drawer, network: Network) -> None:
    drawer.ask(SOURCE, 1)
    until(lambda: network.begun == [1])
    drawer.forget()
    network.go_on.release()
    until(lambda: drawer.seconds > 0)
    assert drawer.ask(SOURCE, 2) is None


def test_an_error_reaches_whoever_asks_next_once_and_drawing_goes_on(drawer: Drawer, network: Network) -> None:
    drawer.ask(SOURCE, OSError("the driver is gone"))
    network.go_on.release()
    until(lambda: drawer._tray.error is not None)
    with pytest.raises(OSError, match="the driver is gone"):
        drawer.ask(SOURCE, 2)
    assert drawer.ask(SOURCE, 3) is None
    network.go_on.release()
    until(lambda: drawer.ask(SOURCE, 4) is not None)


def test_the_thread_ends_when_the_drawer_is_closed_or_dropped() -> None:
    closed = Drawer(lambda source, keypoints: None)
    closed.close()
    assert not closed._thread.is_alive()
    dropped = Drawer(lambda source, keypoints: None)
    thread, gone = dropped._thread, weakref.ref(dropped)
    del dropped
    gc.collect()
    thread.join(PATIENCE)
    assert gone() is None and not thread.is_alive()


def test_the_program_can_end_while_a_picture_is_drawn() -> None:
    """The thread is waited for: a runtime that is torn down under it crashes."""
    code = ("import time; from models.fomm.drawer import Drawer\n"
            "def draw(source, keypoints):\n    time.sleep(0.3); print('drawn', flush=True)\n"
            "drawer = Drawer(draw); drawer.ask(1, 2); time.sleep(0.1)")
    ended = subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).resolve().parents[3], capture_output=True,
                           text=True, timeout=PATIENCE)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "drawn\n", "")

"""The computer has too little of what the avatar needs, for a while: processor, memory."""

import contextlib
import os
import subprocess
import sys
import time

import pytest

from ..support.scene import AVATAR
from .watching import BACK_SECONDS, look, wait_until_back, watched

BUSY_SECONDS, STARVED_SECONDS = 20, 10


@contextlib.contextmanager
def busy_processes(count):
    running = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(count)]
    try:
        yield
    finally:
        for one in running:
            one.kill()
            one.wait()


def test_a_machine_without_a_processor_to_spare(obs, row, times):
    """Processor taken for 20 s by twice as many busy processes as it has cores"""
    restarts = obs.status(AVATAR)["restarts"]
    with watched(obs, row):
        for _ in range(times):
            with busy_processes(2 * os.cpu_count()):
                row.injected += 1
                end = time.monotonic() + BUSY_SECONDS
                while time.monotonic() < end:
                    look(obs, row)
                    time.sleep(0.5)
            wait_until_back(obs, row)
            row.survived += 1
    assert row.no_avatar_seconds == 0 or obs.status(AVATAR)["restarts"] > restarts


@pytest.mark.parametrize("meanwhile", ["nothing else", "avatars are prepared"])
def test_a_worker_that_gets_no_more_memory(obs, product, row, times, meanwhile):
    """Worker gets no more memory for 10 s; meanwhile: {}"""
    with watched(obs, row):
        for _ in range(times):
            before = product.hits()
            product.once("starve", seconds=STARVED_SECONDS)
            obs.wait_for(lambda before=before: product.hits() > before, BACK_SECONDS, "it starves")
            row.injected += 1
            end, number = time.monotonic() + STARVED_SECONDS, 0
            while time.monotonic() < end:
                look(obs, row)
                time.sleep(0.5)
                if meanwhile != "nothing else":
                    number += 1
                    obs.set_settings(AVATAR, avatar_file=f"not used {number}")  # the same avatar is prepared again
            wait_until_back(obs, row)
            row.survived += 1

"""Both processes are killed and stopped at random moments, also while they start: it heals, and nothing is left behind."""

import contextlib
import os
import random
import signal
import time

from ..support.scene import AVATAR, LIVE_SECONDS
from ..support.waiting import wait_for
from .watching import wait_until_back, watched

SEED = 29
SECONDS = 60
"""Of faults, for each time."""
IN_A_ROW = 3
"""At most so many faults come before the avatar is given the time to come back."""
OBS_DIES = 0.2
"""The part of the faults that end OBS."""


class Chance:
    """What happens, and when: another minute brings other faults, another run the same ones."""

    def __init__(self, minute):
        self._random = random.Random(SEED + minute)

    def wait(self):
        time.sleep(self._random.uniform(0, 3))

    def in_a_row(self):
        return self._random.randint(1, IN_A_ROW)

    def strike(self, obs):
        """False where there was nobody to strike."""
        if self._random.random() < OBS_DIES:
            obs.kill9()
            return True
        workers, stopped_for = sorted(obs.workers()), self._random.choice((0, self._random.uniform(1, 5)))
        with contextlib.suppress(ProcessLookupError):  # ended meanwhile by itself, or by the watchdog
            for pid in workers:
                os.kill(pid, signal.SIGSTOP if stopped_for else signal.SIGKILL)
                time.sleep(stopped_for)
                os.kill(pid, signal.SIGCONT)
        return bool(workers)


def faults_in_a_row(obs, row, chance, end):
    """Until the avatar has been back often enough, or OBS has been killed."""
    while obs.running and time.monotonic() < end:
        for _ in range(chance.in_a_row()):
            chance.wait()
            row.injected += chance.strike(obs)
            if not obs.running:
                return
        wait_until_back(obs, row)
        assert len(obs.workers()) == 1
        row.survived = row.injected


def test_both_processes_die_and_stop_at_random_moments(make_obs, product, driven, row, times, tmp_path):
    """Worker or OBS killed, or worker stopped for 1 to 5 s, at random moments"""
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    obs = make_obs({AVATAR: driven}, script=product.script, environment={"TMPDIR": str(temporary)})
    obs.wait_for_state(AVATAR, "live", LIVE_SECONDS)
    for minute in range(times):
        chance, end = Chance(minute), time.monotonic() + SECONDS
        while time.monotonic() < end:
            with watched(obs, row):
                faults_in_a_row(obs, row, chance, end)
            if not obs.running:
                wait_for(lambda: not obs.workers() and not obs.shared_memory_left(), 10, "worker and shared memory are gone")
                obs.start()
                wait_until_back(obs, row)
                row.survived = row.injected
    wait_until_back(obs, row)
    obs.end_cleanly()
    left = [file.name for file in (obs.home / ".local" / "share" / "obs-avatar").rglob("*") if file.is_file()]
    assert set(left) <= {"worker.log", "worker.log.old"} and not list(temporary.iterdir()), (left, list(temporary.iterdir()))

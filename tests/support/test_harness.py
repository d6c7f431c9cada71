"""What these tests believe to see of an OBS has to be true."""

import subprocess
import sys

from .obs_process import Obs

_FORKS = "import os; os.fork() or (print(flush=True), input()); input()"
"""Starts a child that never becomes another program. Both wait until their input ends."""


def test_the_child_of_a_worker_is_not_another_worker_before_it_has_become_what_it_will_be(tmp_path):
    obs = Obs(tmp_path, ":0")
    with subprocess.Popen([sys.executable, "-c", _FORKS], env={"HOME": str(obs.home)}, stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE) as worker:
        worker.stdout.readline()
        try:
            assert obs.workers() == {worker.pid}
        finally:
            obs.dispose()

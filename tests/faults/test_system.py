"""The system is in want, or stops: shared memory, disk, sleep."""

import os
import resource
import shutil
import signal
import subprocess
import time

import pytest

from ..support.scene import AVATAR, LIVE_SECONDS
from .product import Product
from .watching import BACK_SECONDS, look, wait_until_back, watched


@pytest.mark.parametrize("how", ["unlink", "shrink"])
def test_shared_memory_with_a_name_that_is_tampered_with(make_obs, driven, row, times, tmp_path, how):
    """Shared memory with a name, as on macOS, of three workers in a row before they open it: {}"""
    product = Product(tmp_path / "named")
    product.edit("core/link/frames.py", "return os.memfd_create(", "return None  # (")
    obs = make_obs({AVATAR: driven}, script=product.script)
    obs.wait_for_state(AVATAR, "live", LIVE_SECONDS)
    with watched(obs, row):
        for _ in range(times):
            before = product.hits()
            product.always(how)
            os.kill(obs.status(AVATAR)["worker_pid"], signal.SIGKILL)
            obs.wait_for(lambda before=before: product.hits() >= before + 3, BACK_SECONDS, f"{how} happens three times")
            row.injected += product.hits() - before
            product.calm()
            wait_until_back(obs, row)
            row.survived = row.injected
    obs.end_cleanly()


def test_obs_and_the_worker_are_suspended(obs, row, times):
    """Computer suspended for 10 s (SIGSTOP of both)"""
    with watched(obs, row):
        for _ in range(times):
            restarts, both = obs.status(AVATAR)["restarts"], [obs.pid, obs.status(AVATAR)["worker_pid"]]
            for pid in both:
                os.kill(pid, signal.SIGSTOP)
            time.sleep(10)
            for pid in both:
                os.kill(pid, signal.SIGCONT)
            row.injected += 1
            wait_until_back(obs, row)
            assert obs.status(AVATAR)["restarts"] == restarts, "a worker that slept with OBS was taken for one that hangs"
            row.survived += 1


@pytest.mark.always
def test_the_clock_that_never_jumps_is_the_only_one_that_decides():
    """Nothing that runs inside OBS or carries pictures asks for the time of day; tests with patched time are in test_worker."""
    from core.shared import places
    for path in [file for room in ("obs", "worker", "link") for file in (places.ROOT / "core" / room).rglob("*.py")]:
        code = path.read_text("utf-8")
        assert "time.time()" not in code and "datetime" not in code, path


class Tmpfs:
    """A folder that is a small disk of its own, for OBS and all it starts."""

    def __init__(self, folder):
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(folder)], check=True)

    def fill(self):
        with open(self.folder / "ballast", "wb", buffering=0) as file:
            try:
                while True:
                    file.write(b"x" * 4096)
            except OSError:
                pass
        assert shutil.disk_usage(self.folder).free == 0

    def close(self):
        subprocess.run(["umount", "--lazy", str(self.folder)], check=True)


@pytest.fixture
def root():
    if os.geteuid() != 0:
        pytest.fail("Only root may make a small disk for this test: run it as root, or leave it out with --deselect.",
                    pytrace=False)


def test_a_full_disk(make_obs, product, driven, row, times, tmp_path, root):
    """Disk full: the product's own folder"""
    disk = Tmpfs(tmp_path / "small")
    try:
        obs = make_obs({AVATAR: driven}, script=product.script, environment={"XDG_DATA_HOME": str(disk.folder)})
        obs.wait_for_state(AVATAR, "live", LIVE_SECONDS)
        disk.fill()
        with watched(obs, row):
            for _ in range(times):
                row.injected += 1
                os.kill(obs.status(AVATAR)["worker_pid"], signal.SIGKILL)
                wait_until_back(obs, row)
                product.once("raise", where="core.worker.drivers.video:VideoFile.read")  # there is much to say, and no room
                wait_until_back(obs, row)
                row.survived += 1
        obs.end_cleanly()
    finally:
        disk.close()


def test_no_shared_memory_left(obs, row, times):
    """Shared memory is refused, then granted again"""
    limit = resource.prlimit(obs.pid, resource.RLIMIT_FSIZE)
    with watched(obs, row):  # the file is written by a process that was started before
        for _ in range(times):
            resource.prlimit(obs.pid, resource.RLIMIT_FSIZE, (1 << 20, limit[1]))
            os.kill(obs.status(AVATAR)["worker_pid"], signal.SIGKILL)
            obs.wait_for(lambda: "cannot be started" in obs.status(AVATAR)["message"], BACK_SECONDS, "it is said")
            row.injected += 1
            look(obs, row)
            resource.prlimit(obs.pid, resource.RLIMIT_FSIZE, limit)
            wait_until_back(obs, row)
            row.survived += 1


def test_a_full_folder_of_shared_memory(make_obs, product, driven, row, times, root):
    """Folder of shared memory (/dev/shm) full"""
    # A name space of its own: only this OBS has the small /dev/shm.
    small = ["unshare", "--mount", "sh", "-c", 'mount -t tmpfs -o size=64m tmpfs /dev/shm && exec "$@"', "sh"]
    obs = make_obs({AVATAR: driven}, script=product.script, wrapper=small)
    obs.wait_for_state(AVATAR, "live", LIVE_SECONDS)
    inside(obs, "cat /dev/zero >> /dev/shm/ballast 2>/dev/null; true")
    with watched(obs, row):
        for _ in range(times):
            killed = obs.status(AVATAR)["worker_pid"]
            os.kill(killed, signal.SIGKILL)
            row.injected += 1
            obs.wait_for(lambda old=killed: obs.status(AVATAR)["worker_pid"] != old, BACK_SECONDS, "another worker runs")
            wait_until_back(obs, row)
            row.survived += 1
    obs.end_cleanly()


def inside(obs, command):
    """In the name space of that OBS."""
    return subprocess.run(["nsenter", "-t", str(obs.pid), "-m", "sh", "-c", command], check=True).returncode == 0

"""`start`: OBS opens with the avatar on; without a display a file is rendered in its place."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from core.cli import environment, obs_program
from core.cli.test import WITHOUT_OBS
from core.shared import places

from ..film.clips import look
from ..support.waiting import PATIENCE, wait_for

SCREENLESS = {"DISPLAY": "", "WAYLAND_DISPLAY": "", environment.AS_IT_IS: "1"}


def start(folder, *arguments, within=(), **surroundings):
    return subprocess.run([*within, sys.executable, str(places.ROOT / "obs_avatar.py"), "start", "--yes", *arguments],
                          cwd=folder, env={**os.environ, **SCREENLESS, **surroundings}, stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, timeout=2 * PATIENCE)


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="there is always a display there")
def test_without_a_display_it_says_so_and_renders_the_clip(tmp_path):
    result = start(tmp_path, "--avatar", "marcus", "--size", "256", HOME=str(tmp_path / "home"))
    assert result.returncode == 0, result.stderr
    assert "no display" in result.stdout
    movie, sheet = tmp_path / "obs-avatar-demo.mp4", tmp_path / "obs-avatar-demo.png"
    assert str(movie) in result.stdout and str(sheet) in result.stdout
    assert len(look(movie).pictures) == 250 and sheet.stat().st_size > 50_000
    assert not (tmp_path / "home" / ".config").exists()  # OBS's folder is left alone


# ---- with a real OBS

@pytest.fixture
def display():
    if os.environ.get(WITHOUT_OBS) or not shutil.which("Xvfb") or not obs_program.find():
        pytest.skip("OBS and Xvfb are not here")
    reading, writing = os.pipe()
    server = subprocess.Popen(["Xvfb", "-displayfd", str(writing), "-screen", "0", "1280x800x24", "-nolisten", "tcp"],
                              pass_fds=[writing], stderr=subprocess.DEVNULL)
    os.close(writing)
    with os.fdopen(reading) as number:
        name = ":" + number.readline().strip()
    yield name
    server.terminate()
    server.wait()


@pytest.fixture
def apart():
    """What to put before a command so that it sees no other OBS, such as that of another test: a network name space.

    The mark by which an OBS is known is an abstract socket, and these are seen only there.
    """
    user = () if os.geteuid() == 0 else ("--user",)
    mapped = ("--map-root-user",) if user else ()
    with subprocess.Popen(["unshare", *user, *mapped, "--net", "sleep", "infinity"], stderr=subprocess.DEVNULL) as holder:
        here = os.readlink("/proc/self/ns/net")
        try:
            wait_for(lambda: holder.poll() is not None or os.readlink(f"/proc/{holder.pid}/ns/net") != here, PATIENCE,
                     "the name space is there")
            if holder.poll() is None:
                yield ["nsenter", f"--target={holder.pid}", *user, "--net", "--preserve-credentials"]
            elif obs_program.is_running():
                pytest.skip("an OBS is open, so that another one is refused; and this system gives us no place apart")
            else:
                yield []
        finally:
            holder.kill()


@pytest.fixture
def home(tmp_path):
    (tmp_path / "run").mkdir(mode=0o700)
    yield tmp_path
    for process in processes_of(tmp_path):
        os.kill(process, signal.SIGKILL)


def processes_of(home):
    """OBS, found by the home folder that it was given; it was started to outlive its command."""
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            name, variables = (folder / "comm").read_text().strip(), (folder / "environ").read_bytes().split(b"\0")
        except OSError:
            continue
        if name == "obs" and f"HOME={home}".encode() in variables:
            yield int(folder.name)


def test_obs_opens_with_the_avatar_on_and_a_second_start_is_refused(display, home, apart):
    surroundings = {"DISPLAY": display, "HOME": str(home), "XDG_RUNTIME_DIR": str(home / "run"),
                    "XDG_CONFIG_HOME": str(home / "config"), "LIBGL_ALWAYS_SOFTWARE": "1", "QT_QPA_PLATFORM": "xcb"}
    result = start(home, "--avatar", "marcus", within=apart, **surroundings)
    assert result.returncode == 0, result.stderr
    assert "OBS is open" in result.stdout
    assert len(list(processes_of(home))) == 1

    def log():
        return "".join(path.read_text(errors="replace") for path in home.glob("config/obs-studio/logs/*.txt"))
    end = time.monotonic() + PATIENCE
    while "source: 'Avatar' (obs_avatar_source)" not in log():
        assert time.monotonic() < end, log()
        time.sleep(0.1)
    assert "Loaded python script: obs_avatar.py" in log()

    again = start(home, within=apart, **surroundings)
    assert again.returncode == 1 and "already running" in again.stderr

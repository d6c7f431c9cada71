"""What Windows and macOS are asked for, with their calls replaced; what only a hand can try there stands in docs/by-hand.md."""

import ctypes
import importlib
import os
import subprocess
import sys
import tempfile
import types
from pathlib import Path, PosixPath

import pytest

from core.cli import obs_config
from core.link import frames
from core.link.frames import ExchangeError, FrameExchange
from core.shared import locks, places


@pytest.fixture
def windows(monkeypatch):
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setenv("APPDATA", "C:/Users/jane/AppData/Roaming")


@pytest.fixture
def mac(monkeypatch):
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(Path, "home", classmethod(lambda cls: PosixPath("/Users/jane")))


def as_windows(monkeypatch, module):
    """os.name seen by one module only: pathlib looks at it too, and would make paths that this system has not got."""
    seen = types.SimpleNamespace(**{name: getattr(os, name) for name in dir(os)})
    seen.name = "nt"
    monkeypatch.setattr(module, "os", seen)


# ---- where things lie

def test_windows_keeps_the_users_files_in_appdata(windows, monkeypatch):
    as_windows(monkeypatch, places)
    assert places.user_data().as_posix() == "C:/Users/jane/AppData/Roaming/obs-avatar"
    assert places.venv_python().as_posix().endswith(".venv/Scripts/python.exe")
    assert obs_config.folder().as_posix() == "C:/Users/jane/AppData/Roaming/obs-studio"


def test_a_mac_keeps_them_in_application_support(mac):
    assert places.user_data() == Path("/Users/jane/Library/Application Support/obs-avatar")
    assert obs_config.folder() == Path("/Users/jane/Library/Application Support/obs-studio")
    assert places.venv_python().as_posix().endswith(".venv/bin/python")


def test_where_there_is_no_memory_in_the_file_system_the_temporary_folder_serves(monkeypatch):
    monkeypatch.setattr(os.path, "isdir", lambda path: False)
    assert places.shared_memory_folder() == tempfile.gettempdir()


# ---- the frame exchange

class Mapping(bytearray):
    """A named mapping of Windows: whoever names it gets the same memory."""

    named = {}

    def close(self):
        pass

    def __enter__(self):
        return self

    def __exit__(self, *error):
        pass


@pytest.fixture
def named_mappings(monkeypatch):
    def mmap(file, size, tagname):
        assert file == -1 and tagname.startswith("Local\\"), "visible in this session of Windows only"
        return Mapping.named.setdefault(tagname, Mapping(size))

    monkeypatch.setattr(frames, "_WINDOWS", True)
    monkeypatch.setattr(frames.mmap, "mmap", mmap)
    monkeypatch.setattr(Mapping, "named", {})


def test_on_windows_both_ends_find_the_same_named_memory(named_mappings):
    one = FrameExchange.create(8, 8)
    other = FrameExchange.attach(one.name)
    with other.begin(3, 8, 8) as room:
        room[:] = b"\7" * 256
    other.finish(3, 8, 8, 1)
    assert one.frame(3) is not None and list(Mapping.named) == ["Local\\" + one.name]
    other.unlink()  # there is no name in a file system
    one.close()


def test_on_windows_a_name_that_nobody_made_is_empty_memory_and_refused(named_mappings):
    with pytest.raises(ExchangeError, match="not the shared memory"):
        FrameExchange.attach("obs-avatar-none")


def test_where_memory_cannot_be_reserved_the_file_gets_its_size_all_the_same(monkeypatch):
    for function in ("posix_fallocate", "memfd_create"):  # macOS has neither
        monkeypatch.delattr(os, function, raising=False)
    made = FrameExchange.create(8, 8)
    assert len(made.mapping) == frames.HEADER + frames.SLOTS * frames._stride(8 * 8 * 4)
    assert not made.sealed
    made.close()


# ---- the worker's process

@pytest.fixture
def worker_process(monkeypatch):
    """The module as inside OBS, whose functions it does not need here."""
    libobs = types.ModuleType("core.obs.kept.libobs")
    libobs.log, libobs.LOG_WARNING = (lambda *words: None), 0
    monkeypatch.setitem(sys.modules, "core.obs.kept.libobs", libobs)
    monkeypatch.setattr(importlib.import_module("core.obs.kept"), "libobs", libobs, raising=False)
    monkeypatch.delitem(sys.modules, "core.obs.worker_process", raising=False)
    made = importlib.import_module("core.obs.worker_process")
    yield made
    sys.modules.pop("core.obs.worker_process", None)


def test_on_windows_no_console_flashes_up(worker_process, monkeypatch):
    as_windows(monkeypatch, worker_process)
    assert worker_process._detached() == {"creationflags": 0x08000000}


def test_elsewhere_ctrl_c_in_the_terminal_of_obs_does_not_reach_the_worker(worker_process):
    assert worker_process._detached() == {"start_new_session": True}


def test_the_worker_gets_nothing_of_obs_own_python_and_packaging(worker_process, monkeypatch):
    for name in ("PYTHONHOME", "PYTHONPATH", "LD_LIBRARY_PATH", "LD_PRELOAD", "DYLD_INSERT_LIBRARIES", "QT_PLUGIN_PATH",
                 "__PYVENV_LAUNCHER__"):
        monkeypatch.setenv(name, "obs")
    assert "obs" not in worker_process._environment().values()
    assert "PATH" in worker_process._environment()


def test_a_worker_that_is_not_set_up_is_said_with_its_cure(worker_process, monkeypatch, tmp_path):
    monkeypatch.setattr(places, "VENV", tmp_path)
    with pytest.raises(worker_process.NotSetUp, match="setup"):
        worker_process.WorkerProcess(None, None, 1)


# ---- libraries, locks, cameras

def test_on_windows_obs_own_libraries_are_used_and_no_second_copy():
    """A second copy of obs.dll would be another OBS."""
    source = (places.ROOT / "core" / "obs" / "kept" / "libobs.py").read_text("utf-8")
    body = source[source.index("def _open("):source.index("_library = _open")]
    asked = []

    class Loaded:
        """GetModuleHandleW: what this process has loaded."""

        def __call__(self, name):
            return {"obs.dll": 0x1000}[name]

    fake = types.SimpleNamespace(WinDLL=lambda name: types.SimpleNamespace(GetModuleHandleW=Loaded()),
                                 CDLL=lambda name, handle: asked.append((name, handle)), c_wchar_p=ctypes.c_wchar_p)
    room = {"sys": types.SimpleNamespace(platform="win32"), "C": fake, "Pointer": ctypes.c_void_p}
    exec(compile(body, "libobs", "exec"), room)
    room["_open"]("obs.dll")
    assert asked == [("obs.dll", 0x1000)]


def test_a_lock_of_windows_is_taken_once(monkeypatch, tmp_path):
    held = set()

    def locking(descriptor, mode, count):
        if held:
            raise PermissionError
        held.add(descriptor)

    monkeypatch.setitem(sys.modules, "msvcrt", types.SimpleNamespace(locking=locking, LK_NBLCK=2))
    as_windows(monkeypatch, locks)
    with (tmp_path / "lock").open("wb") as file:
        assert locks.taken(file.fileno())
        assert not locks.taken(file.fileno())


@pytest.mark.parametrize(("platform", "backend"), [
    ("win32", "CAP_DSHOW"), ("darwin", "CAP_AVFOUNDATION"), ("linux", "CAP_V4L2")])
def test_each_system_has_its_way_to_a_camera_and_its_own_hint(platform, backend):
    code = ("import sys, cv2; sys.path.insert(0, sys.argv[2]); import cv2_enumerate_cameras\n"
            "sys.platform = sys.argv[1]\n"
            "from core.worker.drivers import camera; print(camera.BACKEND == getattr(cv2, sys.argv[3]))\n"
            "print(camera._permission_hint())")
    told = subprocess.run([sys.executable, "-c", code, platform, str(places.ROOT), backend], capture_output=True, text=True,
                          check=True).stdout.splitlines()
    assert told[0] == "True"
    assert ("Privacy" in told[1]) == (platform != "linux")

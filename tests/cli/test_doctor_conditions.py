"""`doctor`: each thing that can be wrong is made wrong here, and the sentence is read."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from core.cli import environment, obs_config, obs_program, obs_python
from core.cli.checks import camera_access, findings, gpu
from core.cli.checks.finding import OK, PROBLEM, WARNING
from core.link import frames
from core.shared import places

from ..support.waiting import PATIENCE


@pytest.fixture
def home(tmp_path, monkeypatch):
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(tmp_path))
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "APPDATA"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


# ---- the Python of OBS

def test_an_obs_whose_python_library_is_gone(tmp_path, monkeypatch):
    module = tmp_path / "_obspython.so"
    source = tmp_path / "x.c"
    if not shutil.which("cc"):  # the sentence of ldd then stands for the library
        module.write_bytes(b"")
        answer = subprocess.CompletedProcess([], 0, "\tlibpython3.99.so.1.0 => not found\n")
        monkeypatch.setattr(obs_python.subprocess, "run", lambda *a, **b: answer)
        monkeypatch.setattr(obs_python.shutil, "which", lambda name: name)
    else:
        source.write_text("int nothing;")
        subprocess.run(["cc", "-shared", "-Wl,-soname,libpython3.99.so.1.0", "-o", tmp_path / "libpython3.99.so.1.0", source],
                       check=True)
        subprocess.run(["cc", "-shared", "-Wl,--no-as-needed", "-o", module, source, tmp_path / "libpython3.99.so.1.0"],
                       check=True)
        (tmp_path / "libpython3.99.so.1.0").unlink()
    assert obs_python.lost_library([tmp_path / "obspython.py"]) == "libpython3.99.so.1.0"
    program = tmp_path / "bin" / "obs"
    scripting = tmp_path / "lib" / "obs-scripting"
    for folder in (program.parent, scripting):
        folder.mkdir(parents=True)
    (scripting / "obspython.py").touch()
    shutil.move(module, scripting / "_obspython.so")
    program.touch()
    monkeypatch.setattr(obs_program, "find", lambda: program)
    monkeypatch.setattr(obs_python, "CHOSEN_BY_USER", ())
    found = findings.python_of_obs()
    assert found.state == PROBLEM and "libpython3.99" in found.sentence and "Install that Python" in found.cure


@pytest.fixture
def chosen(home, monkeypatch):
    """A system on which the user chooses OBS's Python; chosen(names of what lies in the folder) -> the finding."""
    folder = home / "Python"

    def choose(platform, *names, obs="31.0.0"):
        monkeypatch.setattr(sys, "platform", platform)
        monkeypatch.setattr(obs_program, "find", lambda: Path("obs64.exe"))
        monkeypatch.setattr(obs_program, "version", lambda program: obs)
        monkeypatch.setattr(findings, "_python_setting", lambda: str(folder))
        folder.mkdir(exist_ok=True)
        for name in names:
            (folder / name).mkdir(parents=True)
        return findings.python_of_obs()
    return choose


def test_a_folder_without_a_python(chosen):
    found = chosen("win32")
    assert found.state == PROBLEM and "There is no Python in" in found.sentence and "Python Settings" in found.cure


def test_a_python_that_is_too_new_for_obs(chosen):
    found = chosen("win32", "python3.dll", "python313.dll")
    assert found.state == PROBLEM and "is 3.13, but this OBS accepts none newer than 3.12" in found.sentence


def test_a_python_that_is_too_new_for_an_old_obs(chosen):
    assert "none newer than 3.10" in chosen("darwin", "Python.framework/Versions/3.11", obs="28.1.2").sentence


@pytest.mark.parametrize(("platform", "name"), [("win32", "python311.dll"), ("darwin", "Python.framework/Versions/3.11")])
def test_a_python_that_fits(chosen, platform, name):
    found = chosen(platform, name)
    assert found.state == OK and "Python 3.11" in found.sentence


def test_a_folder_of_python_that_is_gone(chosen, monkeypatch):
    chosen("win32")
    monkeypatch.setattr(findings, "_python_setting", lambda: "C:/gone")
    assert "C:/gone no longer exists" in findings.python_of_obs().sentence
    monkeypatch.setattr(findings, "_python_setting", lambda: "")
    assert "has not been told which Python" in findings.python_of_obs().sentence


# ---- folder and environment

@pytest.mark.skipif(not os.path.isdir("/proc/self"), reason="the folder that nobody can write to is Linux's")
def test_a_folder_that_cannot_be_written(monkeypatch):
    monkeypatch.setattr(places, "ROOT", Path("/proc/self"))
    found = findings.folder()
    assert found.state == WARNING and "cannot be written to" in found.sentence and "folder that you can write to" in found.cure


@pytest.fixture
def venv(tmp_path, monkeypatch):
    monkeypatch.delenv(environment.AS_IT_IS, raising=False)
    made = tmp_path / ".venv"
    monkeypatch.setattr(places, "VENV", made)
    return made


def test_no_environment(venv):
    assert "There is no environment" in findings.packages().sentence


@pytest.mark.skipif(os.name == "nt", reason="Windows copies the interpreter instead of pointing to it")
def test_an_environment_whose_python_is_gone(venv):
    (venv / "bin").mkdir(parents=True)
    (venv / "bin" / "python").symlink_to(venv / "removed")
    found = findings.packages()
    assert found.state == PROBLEM and "setup" in found.cure


@pytest.mark.skipif(os.name == "nt", reason="a shell script stands for a Python that has lost its packages")
def test_an_environment_whose_packages_are_broken(venv, monkeypatch):
    python = venv / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text("#!/bin/sh\necho \"ImportError: libGL.so.1: cannot open shared object file\" >&2\nexit 1\n")
    python.chmod(0o755)
    monkeypatch.setattr(environment, "is_ready", lambda *files: True)
    found = findings.packages()
    assert found.state == PROBLEM and "libGL.so.1" in found.sentence and "Delete the folder" in found.cure


# ---- cameras

@pytest.fixture
def device(monkeypatch):
    with tempfile.TemporaryDirectory() as folder:  # pytest's own are closed to other users
        os.chmod(folder, 0o755)
        made = Path(folder) / "video0"
        made.touch()
        monkeypatch.setattr(camera_access, "DEVICES", str(made.parent / "video*"))
        yield made


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux tells")
def test_a_camera_that_this_user_may_not_open(device):
    device.chmod(0o600)
    was = os.geteuid()
    if was == 0:
        os.seteuid(65534)
    else:
        device.chmod(0)
    try:
        found = camera_access.trouble()
    finally:
        os.seteuid(was)
    assert found.state == PROBLEM and "no permission to open" in found.sentence and "video" in found.cure


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux tells")
def test_a_camera_in_use_and_by_which_program(device):
    with subprocess.Popen(["sleep", str(2 * PATIENCE)], stdin=device.open()) as holder:
        try:
            deadline = time.monotonic() + PATIENCE
            while "sleep" not in str(camera_access.users(str(device))) and time.monotonic() < deadline:
                time.sleep(0.05)
            found = camera_access.trouble()
        finally:
            holder.kill()
    assert found.state == WARNING and f"in use by sleep ({holder.pid})" in found.sentence


def test_a_camera_that_is_free(device):
    assert camera_access.trouble() is None


# ---- graphics cards

@pytest.fixture
def card(monkeypatch):
    monkeypatch.setattr(gpu, "found", lambda: ["NVIDIA"])


def test_a_card_that_nothing_needs(card, monkeypatch):
    monkeypatch.setattr(gpu, "_neural_is_set_up", lambda: False)
    assert "not used. The built-in engine runs on the processor" in gpu.finding().sentence
    assert "setup --neural" in gpu.finding().sentence


def test_a_card_that_pytorch_does_not_support(card, monkeypatch):
    monkeypatch.setattr(gpu, "_neural_is_set_up", lambda: True)
    reason = "The installed PyTorch does not support GeForce GT 710 (compute capability 3.5)."
    monkeypatch.setattr(gpu, "_usable", lambda: ([["cpu", "CPU"]], [reason]))
    assert gpu.finding().state == WARNING and reason in gpu.finding().sentence and gpu.finding().cure


def test_a_card_without_a_driver(card, monkeypatch):
    monkeypatch.setattr(gpu, "_neural_is_set_up", lambda: True)
    monkeypatch.setattr(gpu, "_usable", lambda: ([["cpu", "CPU"]], []))
    assert "driver is missing" in gpu.finding().sentence and "driver" in gpu.finding().cure


def test_a_card_that_is_used(card, monkeypatch):
    monkeypatch.setattr(gpu, "_neural_is_set_up", lambda: True)
    monkeypatch.setattr(gpu, "_usable", lambda: ([["cpu", "CPU"], ["cuda:0", "GeForce RTX 4060"]], []))
    assert gpu.finding().state == OK and "can use GeForce RTX 4060" in gpu.finding().sentence


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the card is described as Linux does")
def test_a_card_is_recognised_by_its_maker(tmp_path, monkeypatch):
    for number, vendor in enumerate(["0x10de", "0x8086", "0x1234"]):
        file = tmp_path / f"card{number}" / "device" / "vendor"
        file.parent.mkdir(parents=True)
        file.write_text(vendor + "\n")
    monkeypatch.setattr(gpu, "CARDS", str(tmp_path / "card[0-9]*" / "device" / "vendor"))
    assert gpu.found() == ["NVIDIA", "Intel"]


# ---- what OBS loads, weights, memory, log

def collection(config, name, *scripts):
    file = config / "basic" / "scenes" / f"{name}.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps({"name": name, "modules": {"scripts-tool": [{"path": str(path)} for path in scripts]}}))


def copy_of_the_product(folder, name="obs_avatar.py", bridge="core/obs/kept/bridge.py"):
    (folder / bridge).parent.mkdir(parents=True)
    (folder / bridge).touch()
    (folder / name).touch()
    return folder / name


@pytest.mark.parametrize("name", ["obs_avatar.py", "obs_avatar (1).py"])
def test_two_copies_of_the_script(home, name):
    other = copy_of_the_product(home / "Downloads", name)
    collection(obs_config.folder(), "Show", obs_config.script(), other)
    found = findings.script_in_obs()
    assert found.state == PROBLEM and "loads two copies" in found.sentence and str(other) in found.sentence
    assert "remove all but one" in found.cure


@pytest.mark.parametrize("bridge", ["core/obs/kept/bridge.py", "core/obs/bridge.py"], ids=["of now", "of version 0.1"])
def test_one_copy_that_is_another_than_this(home, bridge):
    collection(obs_config.folder(), "Show", copy_of_the_product(home / "elsewhere", bridge=bridge))
    found = findings.script_in_obs()
    assert found.state == WARNING and "another copy" in found.sentence


def test_weights_that_are_damaged(home):
    from models import weights
    from models.weights import store
    model = weights.folder() / "mine"
    model.mkdir(parents=True)
    file = model / "mine-fp32.safetensors"
    file.write_bytes(b"published")
    store.write_about("mine", home / "mine.pth", "0" * 32, [file])
    assert findings.weights().state == OK
    file.write_bytes(b"publishee")
    found = findings.weights()
    assert found.state == PROBLEM and "damaged" in found.sentence and "Get it again" in found.cure


@pytest.fixture
def no_large_file():
    """The system lets this process make none, in memory either."""
    import resource  # Windows has none
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_shared_memory_that_cannot_be_had(no_large_file):
    found = findings.shared_memory()
    assert found.state == PROBLEM and "File too large" in found.sentence and "Close other programs" in found.cure


def test_shared_memory_that_is_there():
    assert findings.shared_memory().state == OK


@pytest.mark.skipif(sys.platform != "linux", reason="Only Linux has memory without a name")
def test_a_full_folder_is_nothing_to_memory_without_a_name(monkeypatch):
    monkeypatch.setattr(findings, "ENOUGH_MEMORY", 1 << 62)
    found = findings.shared_memory()
    assert found.state == OK and "cut off" in found.sentence


def test_shared_memory_in_a_folder_that_is_nearly_full(monkeypatch):
    monkeypatch.setattr(frames, "_nameless", lambda name: None)  # as on macOS
    assert findings.shared_memory().state == OK
    monkeypatch.setattr(findings, "ENOUGH_MEMORY", 1 << 62)  # the condition, without taking everybody's memory
    found = findings.shared_memory()
    assert found.state == PROBLEM and "MB are free" in found.sentence and "--shm-size" in found.cure


def test_workers_that_ended_are_counted(home):
    places.log_file().parent.mkdir(parents=True)
    ended = "77 INFO obs: a worker has ended with code %s; the next one starts in 0 s\n"
    places.log_file().write_text("2026-01-02 03:04:05 " + ended % -9 + "2026-01-02 03:09:05 " + ended % 75)
    found = findings.log()
    assert found.state == WARNING and "2 times, last on 2026-01-02 03:09:05 (code 75)" in found.sentence


def test_a_log_without_restarts(home):
    assert "There is none yet" in findings.log().sentence
    places.log_file().parent.mkdir(parents=True)
    places.log_file().write_text("all is well\n")
    assert findings.log().state == OK

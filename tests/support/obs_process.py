"""A running OBS Studio with a home of its own, from its start to its end."""

from __future__ import annotations

import contextlib
import functools
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

import cv2

from . import home, processes
from .remote import Remote
from .waiting import GONE_SECONDS, PATIENCE, wait_for

ROOT = Path(__file__).resolve().parent.parent.parent
SCRIPT = ROOT / "obs_avatar.py"
_CONTROL_SCRIPT = Path(__file__).with_name("control_script.py")
_LEAKS_OF_NEWER_OBS = 4
"""OBS 32 loses three or four blocks of its own when it ends after a change of scene, also without any script."""
_TROUBLE = re.compile(r"Traceback|Python failure|Source ID '.*' not found|Failed to create source")


class Obs(Remote):
    """Write the files of a home first (`prepare`), then start it.

    `folder` holds the home and OBS's output. `wrapper` is put before OBS's command line (strace, for example): it
    has to become OBS, as exec does. `environment` is added to OBS's own.
    """

    def __init__(self, folder: Path, display: str, wrapper: Sequence[str] = (),
                 environment: Mapping[str, str] = MappingProxyType({}), script: Path = SCRIPT) -> None:
        super().__init__(_free_port())
        self.folder, self.home, self.display = folder, folder / "home", display
        self.wrapper, self.environment, self.script = list(wrapper), dict(environment), script
        # Not in `folder`: the path of a socket may have 107 letters, and pytest's folders are deep.
        self._sockets = Path(tempfile.mkdtemp(prefix="obs-control-"))
        self._output = folder / "obs.log"
        self._process: subprocess.Popen | None = None
        self._shared_memory: set[Path] = set()
        self.exit_code: int | None = None

    # ---- before the start

    def prepare(self, sources: Mapping[str, Mapping[str, Any]], with_script: bool = True,
                others: Mapping[str, Mapping[str, Mapping[str, Any]]] = MappingProxyType({}), language: str = "en-US") -> Obs:
        """Writes the home: Avatar sources with their settings, and further collections by name with their sources."""
        self.language = language
        control = self.home / "scripts" / "obs_avatar_test_control.py"  # a copy: OBS puts its folder on sys.path
        control.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(_CONTROL_SCRIPT, control)
        scripts = [(control, {"socket": str(self._sockets / "control")}), *([(self.script, {})] if with_script else [])]
        home.write(self.home, self.port, [home.collection(name, scripts, members)
                                          for name, members in {home.COLLECTION: sources, **others}.items()])
        return self

    def leave_out_script(self) -> None:
        """Takes our script out of the saved collection; the next start is one without it."""
        file = home.collection_file(self.home, home.COLLECTION)
        saved = json.loads(file.read_text())
        scripts = saved["modules"]["scripts-tool"]
        saved["modules"]["scripts-tool"] = [one for one in scripts if Path(one["path"]) != SCRIPT]
        file.write_text(json.dumps(saved))

    # ---- life

    def start(self) -> Obs:
        """Starts OBS (again) and returns when it answers."""
        home.select(self.home, self.port, home.COLLECTION, self.language)
        self._shared_memory.clear()
        self.exit_code = None
        command = [*processes.GOES_WITH_US, *self.wrapper, "obs", "--multi", "--minimize-to-tray", "--disable-updater"]
        if 30 <= version() < 32:
            command.append("--disable-shutdown-check")  # else a question after a kill; 32 has no such option any more
        shutil.rmtree(home.config(self.home) / ".sentinel", ignore_errors=True)  # the same for 32
        with open(self._output, "wb") as output:
            self._process = subprocess.Popen(command, cwd=self.home, env=self._environment(), stdin=subprocess.DEVNULL,
                                             stdout=output, stderr=subprocess.STDOUT, start_new_session=True)
        self.connect(PATIENCE)
        return self

    def _environment(self) -> dict[str, str]:
        env = {name: value for name, value in os.environ.items()
               if not name.startswith(("PYTHON", "XDG_", "QT_", "LD_", "WAYLAND_", "DBUS_", "PULSE_", "VIRTUAL_ENV"))}
        # OBS's Python looks for its library beside the first python3 on PATH: that has to be the system's own.
        env.update(HOME=str(self.home), XDG_RUNTIME_DIR=str(self.home / "run"), DISPLAY=self.display,
                   PATH="/usr/sbin:/usr/bin:/sbin:/bin", LIBGL_ALWAYS_SOFTWARE="1", QT_QPA_PLATFORM="xcb")
        return {**env, **self.environment}

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def check_alive(self) -> None:
        """Called between the polls of all waiting."""
        self._note_shared_memory()
        if not self.running:
            raise AssertionError(f"OBS has ended with code {self._process.poll()}. {self.log_tail()}")

    def close(self) -> int:
        """Ends OBS as a user does and returns its exit code; one that hangs is killed (-9), its stacks are kept."""
        if not self.running:
            return self._process.returncode
        self._note_shared_memory()
        self.disconnect()
        if version() >= 30:
            self._process.send_signal(signal.SIGINT)
        else:
            self.control("close_window")
        try:
            self.exit_code = self._process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self._write_stacks()
            _photograph(self.display, self.folder / "hangs.png")
            self.kill9()
            self.exit_code = -signal.SIGKILL
        return self.exit_code

    def kill9(self) -> None:
        """As a crash would end it."""
        if self.running:
            self._note_shared_memory()
            os.kill(self.pid, signal.SIGKILL)
        self._process.wait()
        self.disconnect()

    def dispose(self) -> None:
        """After a test, in whatever state it left OBS: nothing of it goes on running."""
        if self.running:
            self.kill9()
        for pid in processes.with_home(self.home):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        shutil.rmtree(self._sockets, ignore_errors=True)

    def _write_stacks(self) -> None:
        if shutil.which("gdb"):
            stacks = subprocess.run(["gdb", "-p", str(self.pid), "-batch", "-ex", "thread apply all bt"],
                                    capture_output=True, timeout=120, check=False).stdout
            (self.folder / "stacks.txt").write_bytes(stacks)

    # ---- what only the script inside OBS can do

    def control(self, do: str, **arguments: Any) -> Any:
        """A command of control_script.py."""
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(PATIENCE)
            connection.connect(str(self._sockets / "control"))
            connection.sendall(json.dumps({"do": do, **arguments}).encode() + b"\n")
            answer = json.loads(connection.makefile("rb").readline())
        if "error" in answer:
            raise RuntimeError(f"{do} failed inside OBS:\n{answer['error']}")
        return answer["result"]

    def reload_script(self) -> None:
        """The reload button of Tools > Scripts."""
        self.control("reload_script", module=self.script.stem)

    def add_script(self) -> None:
        """The + button of Tools > Scripts, for an OBS that was started without the script."""
        self.control("add_script", path=str(self.script))

    def remove_script(self) -> None:
        """The - button of Tools > Scripts, after `add_script`."""
        self.control("remove_script", path=str(self.script))

    def duplicate_source(self, name: str, new_name: str, scene: str = home.SCENE) -> bool:
        """Copy and "Paste (Duplicate)"; whether that made a source of its own (else a second view of the same one)."""
        return self.control("duplicate_source", source=name, name=new_name, scene=scene)

    # ---- what it has left, and what it says

    def workers(self) -> set[int]:
        """The workers that run now; after the end of OBS these are orphans.

        OBS has children of its own (the muxer of a recording, probes for encoders): these are not Python's. A worker has
        some too (ldconfig, which mss asks where X11's libraries are), and until such a child has become another program
        it has the worker's command line.
        """
        found = {pid for pid, words in processes.with_home(self.home).items()
                 if words and "python" in os.path.basename(words[0])}
        return {pid for pid in found if processes.parent(pid) not in {*found, None}}

    def _note_shared_memory(self) -> None:
        """Whose a file is cannot be seen any more when its users are gone, and other tests may run beside this one."""
        self._shared_memory |= processes.mapped_shared_memory(self.pid)

    def shared_memory_left(self) -> set[Path]:
        """Of the files that OBS was seen to use, those that still have a name."""
        return {file for file in self._shared_memory if file.exists()}

    def log(self) -> str:
        return self._output.read_text(errors="replace") if self._output.exists() else ""

    def log_tail(self) -> str:
        shown = self.log().partition("== Profiler Results")[0]  # of no interest here, and long
        return "The last lines of its log:\n" + "\n".join(shown.splitlines()[-15:])

    def leaks(self) -> int | None:
        """What OBS counted at its end; None where it did not get there."""
        found = re.findall(r"Number of memory leaks: (-?\d+)", self.log())
        return int(found[-1]) if found else None

    def trouble(self) -> list[str]:
        """What a user of a healthy script never sees in the log, each with the lines that follow it."""
        lines = self.log().splitlines()
        return ["\n".join(lines[number:number + 12]) for number, line in enumerate(lines) if _TROUBLE.search(line)]

    def end_cleanly(self) -> None:
        """Closes OBS and fails with everything that a clean end would not leave behind."""
        found = {"exit code": self.close() or None, "lines in the log": self.trouble()}
        leaks, of_obs = self.leaks(), _LEAKS_OF_NEWER_OBS if version() >= 32 else 0
        if leaks is not None and leaks > of_obs:
            found["memory leaks"] = leaks
        if leaks is None:
            found["memory leaks"] = "not counted: OBS did not get to its end"
        try:
            wait_for(lambda: not self.workers() and not self.shared_memory_left(), GONE_SECONDS, "")
        except AssertionError:
            found["workers left"], found["shared memory left"] = self.workers(), self.shared_memory_left()
        problems = [f"{what}: {value if not isinstance(value, list) else chr(10).join(value)}"
                    for what, value in found.items() if value]
        assert not problems, "\n".join(["OBS did not end cleanly.", *problems, self.log_tail()])

    def save_evidence(self, folder: Path) -> None:
        """What explains a failure: pictures, logs, saved collections, processes. It runs after one and raises none."""
        folder.mkdir(parents=True, exist_ok=True)
        for file in [self._output, *self.folder.glob("*.txt"), *self.folder.glob("*.png"), *self.home.rglob("worker*.log"),
                     *home.collection_file(self.home, "x").parent.glob("*.json")]:
            if file.exists():
                shutil.copy(file, folder)
        if not self.running:
            return
        (folder / "processes.txt").write_text("\n".join(
            f"{pid} {' '.join(words)}" for pid, words in processes.with_home(self.home).items()))
        _photograph(self.display, folder / "screen.png")
        try:
            for name in [*self.source_names(), home.SCENE]:
                (folder / f"status {name}.json").write_text(json.dumps(self.status(name)))
                picture = self.peek(name)
                if picture is not None:
                    cv2.imwrite(str(folder / f"{name}.png"), picture)
        except Exception as error:
            (folder / "no pictures.txt").write_text(repr(error))


@functools.cache
def version() -> int:
    """The major version of the OBS on this machine."""
    text = subprocess.run(["obs", "--version"], capture_output=True, text=True, check=True).stdout
    return int(re.search(r"(\d+)\.\d+", text).group(1))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _photograph(display: str, file: Path) -> None:
    """The whole screen: it shows a dialog that OBS waits in."""
    try:
        import mss
        import mss.tools
        with mss.MSS(display=display) as screen:
            shot = screen.grab(screen.monitors[0])
            mss.tools.to_png(shot.rgb, shot.size, output=str(file))
    except Exception as error:
        file.with_suffix(".txt").write_text(repr(error))

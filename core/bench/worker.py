"""The real worker, started as OBS starts it and driven by a clip that plays at its own speed.

    first_frame_s   from the start of the process to the first finished picture, in seconds
    first_move_s    to the worker's first report that the avatar follows a face (it reports twice a second)
    delay_ms        from the arrival of a driving frame to the published picture, as the worker reports it
    fps             frames per second; no more than the clip's own rate
    cpu_percent     processor time while it runs; 100 is one core
    rss_mb, peak_mb memory in RAM at the end and at its peak, without what is mapped but never touched

The process's numbers come from /proc and are null on systems other than Linux. Start-up is the median of several starts; the
rest comes from the last one.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from ..link import protocol, start
from ..link.frames import FrameExchange
from ..shared import texts
from ..shared.errors import UserError

STARTS = 3
RUN_SECONDS = 6.0
"""How long the last start runs, in seconds. The shipped clip lasts 10 s and repeats."""
PATIENCE_SECONDS = 60.0


def measure(clip: Path, avatar: str, engine: str, size: str, starts: int, seconds: float) -> dict[str, float | None]:
    """Measure the worker; the last of `starts` runs for `seconds`. Raises UserError if the worker does not come to life."""
    settings = {"avatar": avatar, "engine": engine, "size": size, "driver": "file", "driver_file": str(clip.resolve())}
    first_frames: list[float] = []
    first_moves: list[float] = []
    for number in range(starts):
        worker = _Worker(int(size))
        try:
            worker.show(settings)
            first_frames.append(worker.time_of(lambda message: message["type"] == "frame"))
            first_moves.append(worker.time_of(lambda message: message.get("state") == protocol.LIVE))
            numbers = worker.run(seconds) if number == starts - 1 else {}
        finally:
            worker.end()
    return {"first_frame_s": float(np.median(first_frames)), "first_move_s": float(np.median(first_moves)), **numbers}


class _Worker:
    def __init__(self, size: int) -> None:
        self._exchange = FrameExchange.create(size, size)
        self._began = time.perf_counter()
        self._process = subprocess.Popen(
            start.command(sys.executable, start.Start(self._exchange.name, texts.language())),
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, bufsize=0)
        assert self._process.stdin is not None and self._process.stdout is not None
        self._to, self._from = self._process.stdin, self._process.stdout
        self._messages: list[Mapping[str, Any]] = []
        self._times: list[float] = []
        """The time of each message in seconds since the start, always as long as the list of messages or longer."""
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        lines = protocol.Lines()
        while piece := os.read(self._from.fileno(), 65536):
            for message in lines.feed(piece):
                self._times.append(time.perf_counter() - self._began)
                self._messages.append(message)

    def show(self, values: Mapping[str, Any]) -> None:
        self._to.write(protocol.encode("settings", values=values) + protocol.encode("shown", value=True))

    def time_of(self, wanted: Any) -> float:
        """Return the seconds from the start to the first message of that kind. Raises UserError if none comes."""
        looked_at = 0
        while time.perf_counter() - self._began < PATIENCE_SECONDS and self._process.poll() is None:
            for index in range(looked_at, len(self._messages)):
                if wanted(self._messages[index]):
                    return self._times[index]
            looked_at = len(self._messages)
            time.sleep(0.002)
        status = next((m["message"] for m in reversed(self._messages) if m["type"] == "status"), "it has ended")
        raise UserError(f"The worker does not show a moving avatar: {status or 'it has ended.'}")

    def run(self, seconds: float) -> dict[str, float | None]:
        """Return what the worker does in the next `seconds`."""
        before, began = len(self._messages), time.perf_counter()
        used = self._cpu_seconds()
        time.sleep(seconds)
        told = [message for message in self._messages[before:] if message["type"] == "status"]
        frames = sum(message["type"] == "frame" for message in self._messages[before:])
        passed = time.perf_counter() - began
        used_now = self._cpu_seconds()
        return {"fps": frames / passed, "delay_ms": float(np.median([message["delay_ms"] for message in told])),
                "cpu_percent": None if used is None or used_now is None else 100 * (used_now - used) / passed,
                "rss_mb": self._memory("VmRSS"), "peak_mb": self._memory("VmHWM")}

    def _cpu_seconds(self) -> float | None:
        """Return the processor time of all its threads, in user and system mode, in seconds, or None without /proc."""
        try:
            fields = Path(f"/proc/{self._process.pid}/stat").read_text("utf-8").rpartition(")")[2].split()
        except OSError:
            return None
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def _memory(self, name: str) -> float | None:
        """Return a value of its memory in MB (a million bytes), or None without /proc."""
        try:
            lines = Path(f"/proc/{self._process.pid}/status").read_text("utf-8").splitlines()
        except OSError:
            return None
        kilobytes = next(line.split()[1] for line in lines if line.startswith(name + ":"))
        return int(kilobytes) * 1024 / 1e6

    def end(self) -> None:
        if self._process.poll() is None:
            self._to.close()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._from.close()
        self._exchange.close()

"""A worker process as OBS's side starts it, without OBS."""

import os
import subprocess
import sys
import threading
import time

import numpy as np
import pytest

from core.link import protocol, start
from core.link.frames import FrameExchange

from ..support.waiting import PATIENCE


class Worker:
    """Talks to a worker; keeps every message and the newest picture."""

    def __init__(self):
        self.exchange = FrameExchange.create(1024, 1024)
        self.process = subprocess.Popen(
            start.command(sys.executable, start.Start(self.exchange.name, "en-US")),
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0)
        self.messages, self.picture, self.frames = [], None, 0
        self.listener = threading.Thread(target=self._listen, daemon=True)
        self.listener.start()

    def _listen(self):
        lines = protocol.Lines()
        while piece := os.read(self.process.stdout.fileno(), 65536):
            for message in lines.feed(piece):
                self.messages.append(message)
                if message["type"] == "frame":
                    self._take(message["number"])

    def _take(self, number):
        frame = self.exchange.frame(number)
        if frame is not None:
            size = frame.width * frame.height * 4
            flat = np.frombuffer(self.exchange.mapping[frame.offset:frame.offset + size], np.uint8)
            self.picture = flat.reshape(frame.height, frame.width, 4)
            self.frames += 1

    def send(self, kind, **fields):
        self.process.stdin.write(protocol.encode(kind, **fields))

    def show(self, **values):
        """As when OBS shows a source with these settings."""
        self.send("settings", values=values)
        self.send("shown", value=True)

    @property
    def status(self):
        return next((m for m in reversed(self.messages) if m["type"] == "status"), {"state": "", "message": ""})

    def wait_for(self, condition, seconds=PATIENCE):
        end = time.monotonic() + seconds
        while not condition():
            assert self.process.poll() is None, "the worker has ended"
            assert time.monotonic() < end, f"waited in vain; the last status: {self.status}"
            time.sleep(0.01)

    def open_files(self):
        folder = "/proc/%d/fd" % self.process.pid
        return [os.readlink(os.path.join(folder, name)) for name in os.listdir(folder)
                if os.path.exists(os.path.join(folder, name))]

    def end(self):
        if self.process.poll() is None:
            self.process.stdin.close()
        self.process.wait(PATIENCE)
        self.listener.join(PATIENCE)
        self.process.stdout.close()
        self.exchange.close()


@pytest.fixture
def worker():
    made = Worker()
    yield made
    made.end()

"""Keeps a worker for a source: starts it when the source is first shown, and replaces one that dies or hangs."""

import threading
import time
from typing import Any, Optional, Protocol, Set

from ..link import protocol
from ..shared import log_file, places
from ..shared.settings import Settings
from ..shared.texts import text
from . import placeholder
from .kept import libobs
from .outgoing import Outgoing
from .restart_policy import RestartPolicy
from .watchdog import Watchdog
from .worker_process import NotSetUp, WorkerProcess

SET_UP_LOOK_SECONDS = 2.0
"""The pause before the next try when no worker could be started, for example because the environment is missing."""
TURN_SECONDS = 0.5
"""The interval at which the source's thread looks around while nothing happens."""
UNREAD_SECONDS = 0.1
"""The pause before a message that could not be sent is sent again."""


class Served(Protocol):
    """What a keeper requires of the source that it keeps a worker for."""

    settings: Settings

    def begin(self) -> None:
        """Prepare, first of all in the source's own thread."""
        ...

    def is_shown(self) -> bool:
        """Return whether the source is shown anywhere."""
        ...

    def hear(self, worker: WorkerProcess, message: Any) -> None:
        """Handle a message from the worker; called in the thread that listens to it."""
        ...

    def look_around(self) -> None:
        """Attend to all but messages; called in the source's thread before they are sent, twice a second and after a note."""
        ...

    def sent(self, kinds: Set[str]) -> None:
        """Note that messages of these kinds were sent, or noted again if that failed."""
        ...

    def fail(self, which: str, sentence: str) -> None:
        """Show the placeholder `which`, because there is no worker now; `sentence` tells the user why."""
        ...

    def worker_gone(self) -> None:
        """Close what the worker used, because it has ended; another one may follow."""
        ...


class Keeper:
    """Keeps a worker for `served`, in a thread of its own, from `start` to `close`; `widest` is that of WorkerProcess."""

    def __init__(self, served: Served, outgoing: Outgoing, widest: int) -> None:
        self.policy = RestartPolicy()
        """The rules for when a worker starts and with which engine; they change only while `outgoing.changed` is held."""
        self.worker: Optional[WorkerProcess] = None
        self.engine = ""
        """The id of the engine that the worker is told to use; not the chosen one if that has failed too often."""
        self._served = served
        self._outgoing = outgoing
        self._wake = outgoing.changed
        self._widest = widest
        self._closing = False
        self._ended = False
        """Whether the worker has ended."""
        self._ready = False
        """Whether the worker has said that it is ready."""
        self._watchdog = Watchdog(time.monotonic())
        self._thread = threading.Thread(target=self._run, name="obs-avatar-source", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def let_go(self) -> None:
        """Tell the worker to end, without waiting; this is the first half of `close`."""
        with self._wake:
            self._closing = True
            self._wake.notify()
            worker = self.worker
        if worker is not None:
            worker.let_go()

    def close(self) -> None:
        """End the worker and the thread, and wait for both. May be called twice."""
        self.let_go()
        self._thread.join()

    @property
    def closing(self) -> bool:
        return self._closing

    def showed(self) -> None:
        """Note that a picture from the worker was shown."""
        with self._wake:
            self.policy.showed(time.monotonic())

    def banned_minutes(self) -> int:
        """Return for how many more minutes, rounded up, the chosen engine is left alone; 0 if it may be used."""
        with self._wake:
            seconds = self.policy.banned_for(time.monotonic())
        return -int(-seconds // 60)

    # ---- the source's own thread ------------------------------------------------------------------------------------

    def _run(self) -> None:
        self._served.begin()
        while self._wait_until_shown():
            try:
                worker = self._begin()
            except NotSetUp as error:
                self._no_worker(placeholder.SET_UP, str(error))
                continue
            except OSError as error:
                self._no_worker(placeholder.BACK_SOON, text("Status.CannotStart", error=error))
                continue
            self._attend(worker)
            worker.close()
            self._served.worker_gone()
            if self._closing:
                break
            self._after_a_death(worker.exit_code)
        self.worker = None

    def _wait_until_shown(self) -> bool:
        """Return True once the source is shown, or False if it is closed instead."""
        with self._wake:
            self._wake.wait_for(lambda: self._served.is_shown() or self._closing)
            return not self._closing

    def _no_worker(self, which: str, sentence: str) -> None:
        self._served.fail(which, sentence)
        self._pause(SET_UP_LOOK_SECONDS)

    def _pause(self, seconds: float) -> None:
        with self._wake:
            self._wake.wait_for(lambda: self._closing, seconds)

    def _begin(self) -> WorkerProcess:
        self._ended = self._ready = False
        self._watchdog = Watchdog(time.monotonic())
        with self._wake:
            self.policy.started(time.monotonic())
        worker = WorkerProcess(self._hear, self._on_end, self._widest)
        with self._wake:
            self.worker = worker
            self._outgoing.begin()
        return worker

    def _attend(self, worker: WorkerProcess) -> None:
        """Send what is noted, until the worker ends or hangs, or the source is closed."""
        while True:
            with self._wake:
                self._wake.wait_for(lambda: self._outgoing.waits or self._closing or self._ended, TURN_SECONDS)
                if self._closing or self._ended:
                    return
            self._served.look_around()
            if self._watchdog.hangs(time.monotonic()):
                libobs.log(libobs.LOG_WARNING, "the worker hangs and is replaced")
                worker.kill()
                return
            self._choose_engine()
            kinds = self._outgoing.take()
            if not self._outgoing.send(kinds, worker.send):
                self._pause(UNREAD_SECONDS)
            self._served.sent(kinds)

    def _choose_engine(self) -> None:
        with self._wake:
            engine = self.policy.engine(self._served.settings.engine, time.monotonic())
            if engine != self.engine:
                self.engine = engine
                self._outgoing.note("settings")

    def _after_a_death(self, exit_code: Optional[int]) -> None:
        with self._wake:
            pause = self.policy.died(time.monotonic())
            key = "Resting" if self.policy.resting else "Stopped" if self._ready else "NeverStarted"
        if exit_code == protocol.OTHER_VERSION_EXIT:
            key = "OtherVersion"
        self._served.fail(placeholder.BACK_SOON,
                          text("Status." + key, log=places.log_file(), script=places.ROOT / "obs_avatar.py"))
        said = "a worker has ended with code %s; the next one starts in %g s" % (exit_code, pause)
        libobs.log(libobs.LOG_WARNING, said)
        log_file.note(said)
        with self._wake:
            self._wake.wait_for(lambda: self._closing or not self.policy.wait(time.monotonic()), pause)

    # ---- the worker's thread ----------------------------------------------------------------------------------------

    def _hear(self, worker: WorkerProcess, message: Any) -> None:
        if message["type"] == "status":
            self._watchdog.heartbeat(time.monotonic())
        else:
            self._watchdog.heard(time.monotonic())
        if message["type"] == "ready":
            self._ready = True
        self._served.hear(worker, message)

    def _on_end(self, worker: WorkerProcess) -> None:
        with self._wake:
            self._ended = True
            self._wake.notify()

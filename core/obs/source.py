"""One Avatar source: keeps a worker for it, shows the worker's pictures, and a placeholder when there are none.

What OBS calls (`update`, `set_shown`) only leaves a note; a thread of the source's own does the rest.
"""

import ctypes as C
import threading
import time

from ..link import protocol
from ..shared import log_file, places
from ..shared.texts import text
from . import placeholder, virtual_camera
from .changing import change_from_dock
from .driving.driving import Driving
from .kept import calls, libobs
from .restart_policy import RestartPolicy
from .watchdog import Watchdog
from .worker_process import NotSetUp, WorkerProcess

SET_UP_LOOK_SECONDS = 2.0
QUIET_BEFORE_REFRESH = 3.0
"""The seconds after a change by the user during which the property panel is not rebuilt under their hands."""


class Source:
    """Serves the libobs source at address `source` with `values` (cleaned settings), until `close`.

    screen: the libobs source that its pictures go to, where that is another one.
    """

    FILLS = False
    """Whether the pictures take the shape of those that OBS feeds the worker."""
    WIDEST = 1
    """The greatest ratio of a frame's longer side to its shorter one, as `widest` in WorkerProcess."""

    def __init__(self, source, values, screen=None):
        self.cameras, self.monitors, self.devices = [], [], {}
        self.status = _status(protocol.STARTING, text("Status.NotShownYet"))
        self.frames = 0
        """The number of workers' frames that were shown."""
        self.policy = RestartPolicy()
        """The restart policy, which may only be used while holding `_wake`."""
        self._source = source
        self._screen = screen or source
        self._driving = Driving(self._note_now, self.FILLS)
        self._camera_started = False
        self._pushing = threading.Lock()
        """Held while a frame goes to OBS, and while `close` takes the source away."""
        self._wake = threading.Condition()
        self.values = values
        self._shown = False
        self._unsent = set()
        self._calibrate_now = True
        self._name = ""
        self._changed_on_page = False
        self._changed_at = 0.0
        self._closing = False
        self._worker = None
        self._watchdog = Watchdog(time.monotonic())
        self._engine = ""
        """The engine that the worker was told to use, which differs from the settings' if that one has failed too often."""
        self._worker_ended = False
        self._worker_ready = False
        libobs.source_set_async_unbuffered(self._screen, True)
        self._thread = threading.Thread(target=self._run, name="obs-avatar-source", daemon=True)
        self._thread.start()

    # ---- from OBS's threads: leave a note, never wait -----------------------------------------------------------

    def update(self, values):
        with self._wake:
            self._changed_at = time.monotonic()
            if values != self.values:
                self.policy.changed(any(values[key] != self.values[key] for key in ("engine", "device")))
                self.values = values
                self._note("settings")

    def set_shown(self, shown):
        with self._wake:
            self._shown = shown
            self._note("shown")

    def calibrate(self, now=True):
        """Takes a new reference: the next face, or, unless `now`, the next steady and frontal moment."""
        with self._wake:
            self._calibrate_now = now
            self._note("calibrate")

    def fetch_weights(self):
        """Downloads what the neural engine needs; only ever because the user asked for it."""
        with self._wake:
            self._note("fetch")

    def _note_now(self, kind):
        with self._wake:
            self._note(kind)

    def _note(self, kind):
        self._unsent.add(kind)
        self._wake.notify()

    # ---- end ----------------------------------------------------------------------------------------------------

    def retire(self):
        """The source lives on, but nobody serves it: it must not keep somebody's last grimace."""
        self._let_go()
        self._show_placeholder(placeholder.OFF, last=True)

    def _let_go(self):
        """The first half of `close`: does not wait."""
        with self._wake:
            self._closing = True
            self._wake.notify()
            worker = self._worker
        if worker is not None:
            worker.let_go()

    def close(self):
        """No picture goes to OBS after this. May be called twice."""
        with self._pushing:
            self._source = None
        self._let_go()
        self._thread.join()

    # ---- the source's own thread --------------------------------------------------------------------------------

    def _run(self):
        self._show_placeholder(placeholder.STARTING)
        while self._wait_until_shown():
            try:
                self._begin()
            except (NotSetUp, OSError) as error:
                which = placeholder.SET_UP if isinstance(error, NotSetUp) else placeholder.BACK_SOON
                sentence = str(error) if isinstance(error, NotSetUp) else text("Status.CannotStart", error=error)
                self._fail(which, sentence)
                self._pause(SET_UP_LOOK_SECONDS)
                continue
            self._attend()
            self._worker.close()
            self._driving.close()
            if self._closing:
                break
            self._after_a_death(self._worker.exit_code)
        self._worker = None

    def _wait_until_shown(self):
        """False when the source is closed instead."""
        with self._wake:
            self._wake.wait_for(lambda: self._shown or self._closing)
            return not self._closing

    def _pause(self, seconds):
        with self._wake:
            self._wake.wait_for(lambda: self._closing, seconds)

    def _after_a_death(self, exit_code):
        with self._wake:
            pause = self.policy.died(time.monotonic())
            key = "Resting" if self.policy.resting else "Stopped" if self._worker_ready else "NeverStarted"
        if exit_code == protocol.OTHER_VERSION_EXIT:
            key = "OtherVersion"
        self._fail(placeholder.BACK_SOON, text("Status." + key, log=places.log_file(), script=places.ROOT / "obs_avatar.py"))
        said = "a worker has ended with code %s; the next one starts in %g s" % (exit_code, pause)
        libobs.log(libobs.LOG_WARNING, said)
        log_file.note(said)
        with self._wake:
            self._wake.wait_for(lambda: self._closing or not self.policy.wait(time.monotonic()), pause)

    def _begin(self):
        self._worker_ended = self._worker_ready = False
        self._watchdog = Watchdog(time.monotonic())
        with self._wake:
            self.policy.started(time.monotonic())
        worker = WorkerProcess(self._on_message, self._on_end, self.WIDEST)
        with self._wake:
            self._worker = worker
            self._unsent = {"settings", "shown", "called"}

    def _attend(self):
        """Sends what was noted, until the worker ends, hangs or is to be closed."""
        while True:
            self._look_at_name()
            with self._wake:
                self._wake.wait_for(lambda: self._unsent or self._closing or self._worker_ended, 0.5)
                if self._closing or self._worker_ended:
                    return
            self._look_around()
            with self._wake:
                engine = self.policy.engine(self.values["engine"], time.monotonic())
                if engine != self._engine:
                    self._unsent.add("settings")
                unsent, self._unsent, self._engine = self._unsent, set(), engine
                values, shown = dict(self.values, engine=engine), self._shown
            if self._watchdog.hangs(time.monotonic()):
                libobs.log(libobs.LOG_WARNING, "the worker hangs and is replaced")
                self._worker.kill()
                return
            fields = {"settings": {"values": values}, "shown": {"value": shown},
                      "calibrate": {"now": self._calibrate_now}, "fetch": {}, "called": {"name": self._name}}
            fields = dict(self._driving.fields(), **fields)
            for kind in fields:
                if kind in unsent and not self._worker.send(kind, **fields[kind]):
                    with self._wake:
                        self._unsent.add(kind)
                    self._pause(0.1)
            if "settings" in unsent and self._changed_on_page:
                self._changed_on_page, self._changed_at = False, 0.0  # no hands are on the panel
                self._refresh_panel()

    def _look_at_name(self):
        """The name of the source, which the user may change at any time."""
        with self._pushing:
            name = libobs.source_get_name(self._source) if self._source is not None else None
        with self._wake:
            if name and name.decode("utf-8", "replace") != self._name:
                self._name = name.decode("utf-8", "replace")
                self._note("called")

    def _look_around(self):
        """Opens and closes what the settings and showing want: what brings OBS's own pictures, and the virtual camera."""
        wants_camera = self.values["virtual_camera"] and self._shown
        if wants_camera and not self._camera_started:
            calls.on_ui_thread(virtual_camera.start)
        self._camera_started = wants_camera  # once each time it is shown: the user may stop it meanwhile
        try:
            self._driving.attend(self.values, self._shown)
        except OSError as error:
            self._set_status(_status(protocol.ERROR, text("Status.NoMemory", error=error)))

    def _fail(self, which, sentence):
        if not self._closing:
            self._set_status(_status(protocol.ERROR, sentence))
            self._show_placeholder(which)

    def _show_placeholder(self, which, last=False):
        side = int(self.values["size"])
        pixels = placeholder.pixels(which, side)
        self._push(C.cast(C.c_char_p(pixels), C.c_void_p).value, side, side, last)

    # ---- the worker's thread ------------------------------------------------------------------------------------

    def _on_message(self, worker, message):
        self._watchdog.heard(time.monotonic())
        if message["type"] == "ready":
            self._worker_ready = True
        elif message["type"] == "frame":
            self._show_frame(worker.exchange, message["number"])
        elif message["type"] == "status":
            self._watchdog.heartbeat(time.monotonic())
            self._set_status(self._with_ban(message))
        elif message["type"] == "devices":
            self.cameras, self.monitors, self.devices = message["cameras"], message["monitors"], message["devices"]
            self._refresh_panel()
        elif message["type"] == "set":
            self._changed_on_page = True
            with self._pushing:
                if self._source is not None:
                    change_from_dock(self._source, message["values"])

    def _on_end(self, worker):
        with self._wake:
            self._worker_ended = True
            self._wake.notify()

    def _show_frame(self, exchange, number):
        frame = exchange.frame(number)
        if frame is not None:
            anchor = C.c_char.from_buffer(exchange.mapping)
            self._push(C.addressof(anchor) + frame.offset, frame.width, frame.height)
            with self._wake:
                self.policy.showed(time.monotonic())
            self.frames += 1

    # ---- to OBS -------------------------------------------------------------------------------------------------

    def _push(self, address, width, height, last=False):
        """Hands OBS a BGRA picture, which it copies before this returns. While the source closes only its last one goes out."""
        frame = libobs.SourceFrame(width=width, height=height, format=libobs.VIDEO_FORMAT_BGRA, full_range=True,
                                   flags=libobs.FRAME_LINEAR_ALPHA, timestamp=libobs.os_gettime_ns())
        frame.data[0], frame.linesize[0] = address, 4 * width
        with self._pushing:
            if self._source is not None and (last or not self._closing):
                libobs.source_output_video(self._screen, C.byref(frame))

    def _set_status(self, status):
        changed = (status["state"], status["message"]) != (self.status["state"], self.status["message"])
        self.status = status
        if changed:
            self._refresh_panel()

    def _with_ban(self, status):
        """The worker's status, with the reason why it uses another engine than the user wants."""
        with self._wake:
            seconds = self.policy.banned_for(time.monotonic())
        if not seconds or self.values["engine"] == self._engine:
            return status
        reason = text("Status.EngineLeftAlone", minutes=-(-seconds // 60))
        return dict(status, message=(status["message"] + " " + reason).strip())

    def _refresh_panel(self):
        if time.monotonic() - self._changed_at > QUIET_BEFORE_REFRESH:
            with self._pushing:
                if self._source is not None:
                    libobs.source_update_properties(self._source)

    def report(self):
        """The status with the figures of this side, for whoever asks OBS."""
        return dict(self.status, frames=self.frames, restarts=self.policy.restarts,
                    worker_pid=self._worker.pid if self._worker is not None else 0)


def _status(state, message):
    return {"state": state, "message": message, "fps": 0.0, "drawn": 0.0, "delay_ms": 0.0, "engine": "", "face": False}

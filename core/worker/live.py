"""The loop of a live worker: newest driving frame in, finished picture out, a sign of life twice a second."""

from __future__ import annotations

import logging
import time
from collections import deque
from typing import TYPE_CHECKING, Any, Deque, Dict, Mapping, Optional, Tuple

from models.engine import EngineUnavailable

from .. import protocol, settings
from ..texts import text
from . import background, drivers, lettering, loading, overlay
from .animator import Animator
from .control import Control
from .dock.desk import Desk
from .drivers.reader import Reader
from .feed import Feed
from .loading import Loading
from .observing import Observed, Observer
from .outbox import Outbox
from .watching import Watch

if TYPE_CHECKING:
    from .fetching import Fetching

HIDDEN_SECONDS = 1.0
"""How long the camera stays open after the source is hidden: a cut from scene to scene shall not blink its light."""
QUIET_SECONDS = 1.0
"""Without a driving frame for so long the avatar is left to itself: a driver that stopped must not leave a grimace."""
QUICK_ENGINE = "landmark"
"""It is there within a second, everywhere: it stands in while another one is prepared, and where another cannot be had."""
IDLE_STEP_SECONDS = 0.04
"""How often something is shown, and messages from OBS are read, where no driving frames come."""

TAKEN_AT_ONCE = ("motion", "mirror", "badge", "smoothing", "mouth", "idle", "away_after", "expression",
                 "strength_head", "strength_mouth", "strength_brows", "strength_eyes", "strength_gaze", "move", "zoom",
                 *background.SETTINGS_USED)
"""The settings that the next picture shows, without another avatar or driver."""

log = logging.getLogger(__name__)


class Live:
    """`run` goes on until the process ends."""

    def __init__(self, control: Control, outbox: Outbox, feed: Feed) -> None:
        self._control = control
        self._outbox = outbox
        self._feed = feed
        self._values: Dict[str, Any] = dict(settings.DEFAULTS)
        self._configured = False
        self._hidden_since: Optional[float] = time.monotonic()
        self._loading: Optional[Loading] = None
        self._then_load: Optional[Dict[str, Any]] = None
        self._engine_error = ""
        self._fetching: Optional[Fetching] = None
        self._animator: Optional[Animator] = None
        self._avatar_error = ""
        self._avatar_note = ""
        """What has become of the files of the avatar that is shown."""
        self._watch: Optional[Watch] = None
        self._reader: Optional[Reader] = None
        self._observer = Observer()
        self._desk = Desk(outbox.send, self._look)
        self._last_frame = 0.0
        self._resting = False
        self._shown_times: Deque[float] = deque(maxlen=60)
        self._delays: Deque[float] = deque(maxlen=60)
        self._reported_at = 0.0
        self._reported = ("", "")

    def run(self) -> None:
        while True:
            for message in self._control.messages():
                self._obey(message)
            self._take_loaded()
            self._take_changed()
            self._take_fetched()
            self._open_or_close_driver()
            self._attend_desk()
            observed = self._observer.observed.take(IDLE_STEP_SECONDS)
            self._take_failed()
            if self._animator is not None:
                try:
                    self._show(self._animator, observed)
                except EngineUnavailable as error:
                    self._engine_failed(str(error))
            self._report()

    @property
    def newest_seen(self) -> Optional[overlay.Looked]:
        """For `overlay.drawn`, from any thread; None while the driver is closed, or has shown nothing yet."""
        return self._observer.newest_seen if self._reader is not None else None

    # ---- messages -----------------------------------------------------------------------------------------------

    def _obey(self, message: Mapping[str, Any]) -> None:
        if message["type"] == "settings":
            self._take_settings(settings.cleaned(message["values"]))
        elif message["type"] == "shown":
            self._hidden_since = None if message["value"] else (self._hidden_since or time.monotonic())
        elif message["type"] == "fetch" and self._fetching is None:
            from .fetching import Fetching  # here: a worker that fetches nothing needs no network library
            self._fetching = Fetching()
        elif message["type"] == "called":
            self._desk.name = message["name"]
        elif message["type"] == "calibrate" and self._animator is not None:
            self._animator.calibrate(message["now"])

    def _take_settings(self, values: Dict[str, Any]) -> None:
        def differ(keys: Any) -> bool:
            return not self._configured or any(values[key] != self._values[key] for key in keys)

        other_avatar, other_driver = differ(loading.SETTINGS_USED), differ(drivers.SETTINGS_USED)
        self._values, self._configured, self._resting = values, True, False
        if other_avatar:
            self._load(values)
        if self._animator is not None:
            self._animator.values.update({key: values[key] for key in TAKEN_AT_ONCE})
        if other_driver and self._reader is not None:
            self._close_driver()

    # ---- avatar -------------------------------------------------------------------------------------------------

    def _load(self, values: Dict[str, Any]) -> None:
        self._engine_error = self._avatar_note = ""
        self._watch = Watch(values["avatar"], values["avatar_file"])
        now = self._animator.values if self._animator is not None else {}
        stands_in = any(now.get(key) != values[key] for key in ("engine", "device"))
        if values["engine"] != QUICK_ENGINE and stands_in:
            self._loading, self._then_load = Loading(dict(values, engine=QUICK_ENGINE)), values
        else:
            self._loading, self._then_load = Loading(values), None

    def _take_loaded(self) -> None:
        if self._loading is None or not self._loading.done:
            return
        loaded, self._loading = self._loading, None
        if self._then_load is not None and loaded.animator is not None:
            self._loading, self._then_load = Loading(self._then_load), None
        if loaded.engine_error:
            self._engine_error = loaded.engine_error
            return
        if loaded.unforeseen:
            self._watch.try_again()
        if loaded.again and loaded.error and self._animator is not None:
            self._avatar_note = text("Picture.KeptOnAir", reason=loaded.error)
            return
        self._avatar_error = loaded.error
        if loaded.animator is None:
            self._animator = self._observer.animator = None
            side = int(self._values["size"])
            self._outbox.publish(lettering.placeholder((side, side), text("Placeholder.CannotShow"),
                                                       text("Placeholder.CannotShow.More")))
            return
        loaded.animator.values.update(self._values, **{key: loaded.values[key] for key in ("engine", "device")})
        if self._animator is not None:
            loaded.animator.adopt(self._animator)
        self._animator = self._observer.animator = loaded.animator
        self._resting = False

    def _take_changed(self) -> None:
        """Prepares the avatar again when its files have changed; what is on air stays until that is done."""
        if self._watch is None or self._loading is not None or not self._watch.changed():
            return
        if self._watch.missing and self._animator is not None:
            self._avatar_note = text("Picture.Gone")
        else:
            self._avatar_note = ""
            self._loading = Loading(self._values, again=True)

    def _take_failed(self) -> None:
        failed = self._observer.failed.take(0)
        if failed is not None and failed[0] is self._animator:
            self._engine_failed(failed[1])

    def _engine_failed(self, sentence: str) -> None:
        """The device of the engine in use has failed; the quick engine takes its place, and the status says why."""
        log.warning("the engine failed; the built-in one takes its place")
        self._animator = self._observer.animator = self._then_load = None
        self._loading = Loading(dict(self._values, engine=QUICK_ENGINE))
        self._engine_error = sentence

    def _take_fetched(self) -> None:
        if self._fetching is not None and self._fetching.done:
            fetched, self._fetching = self._fetching, None
            self._engine_error = "" if fetched.succeeded else fetched.sentence
            if fetched.succeeded and self._values["engine"] != QUICK_ENGINE:
                self._load(self._values)

    # ---- driver -------------------------------------------------------------------------------------------------

    def _open_or_close_driver(self) -> None:
        if not self._configured:
            return
        put_away = self._values["hidden"]
        unseen = (self._values["deactivate_when_not_showing"] and self._hidden_since is not None
                  and time.monotonic() - self._hidden_since > HIDDEN_SECONDS)
        if self._reader is None and self._hidden_since is None and not put_away:
            self._reader = Reader(drivers.for_settings(self._values, self._feed), self._observer.frames)
            self._last_frame = time.monotonic()
        elif self._reader is not None and (unseen or put_away):
            self._close_driver()

    def _close_driver(self) -> None:
        self._reader.stop()
        self._reader = None
        self._observer.clear()
        # "Live" means that the driver that is open now moves the avatar, not that one once did.
        self._shown_times.clear()
        self._delays.clear()
        if self._animator is not None:
            self._animator.driver_changed()

    # ---- dock page ----------------------------------------------------------------------------------------------

    def _attend_desk(self) -> None:
        if self._animator is not None or self._avatar_error:
            self._desk.serve(self._values["dock"])
        if self._desk.calibration_wanted() and self._animator is not None:
            self._animator.calibrate(True)

    def _look(self) -> Optional[bytes]:
        """What the camera sees as a JPEG, for who asks on the dock page; None while nothing is open."""
        looked = self.newest_seen
        return overlay.jpeg(overlay.drawn(looked).picture) if looked is not None else None

    # ---- pictures -----------------------------------------------------------------------------------------------

    def _show(self, animator: Animator, observed: Optional[Observed]) -> None:
        now = time.monotonic()
        animator.aspect = self._feed.aspect if self._feed.fill else None
        if self._values["hidden"]:
            if not self._resting:
                self._resting = True
                self._outbox.publish(lettering.placeholder(animator.size, text("Placeholder.Hidden"), ""))
        elif observed is not None and observed.animator is animator and self._reader is not None:  # not of one just closed
            self._last_frame, self._resting = now, False
            self._outbox.publish(animator.draw(observed.seen))
            self._shown_times.append(time.monotonic())
            self._delays.append((self._shown_times[-1] - observed.time) * 1000)
        elif self._reader is None:
            if not self._resting:
                # What stays to be seen while the source is hidden, and is there at once when it is shown again.
                self._resting = True
                self._outbox.publish(animator.rest())
        elif now - self._last_frame > QUIET_SECONDS:
            self._outbox.publish(animator.wait(now))
            self._shown_times.clear()
            self._delays.clear()

    def _report(self) -> None:
        now, state = time.monotonic(), self._state()
        if now - self._reported_at < protocol.HEARTBEAT_SECONDS and state == self._reported:
            return
        self._reported_at, self._reported = now, state
        times, delays = list(self._shown_times), sorted(self._delays)
        fps = (len(times) - 1) / (times[-1] - times[0]) if len(times) > 1 and now - times[-1] < 1 else 0.0
        used = self._animator.values if self._animator is not None else self._values
        status = {"state": state[0], "message": state[1], "fps": round(fps, 1),
                  "drawn": round(self._animator.drawn_per_second, 1) if self._animator is not None else 0.0,
                  "delay_ms": round(delays[len(delays) // 2], 1) if delays else 0.0,
                  "engine": used["engine"], "face": bool(self._animator and self._animator.face)}
        self._outbox.send("status", **status)
        self._desk.tell(status, self._values)

    def _engine_note(self) -> str:
        """Why the picture is drawn by another engine than the one that was chosen; mostly empty."""
        chosen, used = self._values["engine"], self._animator.values["engine"] if self._animator is not None else None
        if used in (None, chosen):
            return ""
        coming = self._fetching.sentence if self._fetching is not None else text("Status.EngineComing")
        return text("Status.StandsIn", reason=coming if self._fetching is not None else self._engine_error or coming)

    def _state(self) -> Tuple[str, str]:
        """(state, sentence) for the status: the worst thing first."""
        driver_error = self._reader.error if self._reader is not None else ""
        notes = (self._engine_note(), self._animator.engine_note, self._avatar_note or self._animator.note) \
            if self._animator is not None else ()
        note = " ".join(filter(None, (*notes, self._desk.error)))
        if self._values["hidden"]:
            return protocol.PAUSED, text("Status.Hidden")
        if self._avatar_error:
            return protocol.ERROR, self._avatar_error
        if self._animator is None:
            return protocol.STARTING, text("Status.Preparing")
        if self._reader is None:
            return protocol.PAUSED, note or text("Status.Paused")
        if driver_error:
            return protocol.ERROR, driver_error
        if not self._delays:
            return protocol.STARTING, text("Status.Waiting")
        if not self._animator.face:
            return protocol.NO_FACE, text("Status.NoFace")
        return protocol.LIVE, note

"""Decides when a worker that died is restarted, and with which engine: a state machine over time without side effects.

After a worker that had run well, the next one starts at once. After each one that had not, the pause doubles (back-off). There
are two circuit breakers, and both close again by themselves:

* If an engine other than the built-in one costs DEATHS_ALLOWED workers within WINDOW_SECONDS, it is left alone for a while and
  the built-in one draws. Then it is tried again; if it costs one more worker, it is left alone for twice as long.
* After STRIKES_ALLOWED workers in a row that showed nothing, or twice as many that showed pictures for a moment, the
  placeholder stays, and a start is tried once a minute.

Whatever the user changes may be the cure, so a change of settings ends the waiting.
"""

import math
from typing import List, Optional

from ..shared.settings import BUILT_IN_ENGINE

BUILT_IN = BUILT_IN_ENGINE
HEALTHY_SECONDS = 5.0
"""A worker that has shown pictures for this many seconds ran well: what ended it says nothing about the next one."""
FIRST_PAUSE, LONGEST_PAUSE = 0.25, 15.0
LONGEST_PAUSE_AFTER_PICTURES = 1.0
"""The longest pause, in seconds, after a worker that showed something: even a moment of the avatar is worth more than rest."""
STRIKES_ALLOWED = 8
"""The failed starts in a row that are allowed, which with their pauses take half a minute if nothing is shown."""
RESTING_PAUSE = 60.0

DEATHS_ALLOWED = 3
WINDOW_SECONDS = 600.0
FIRST_BAN, LONGEST_BAN = 600.0, 3600.0


class RestartPolicy:
    """The policy for one source. All times are seconds of one clock that never jumps. Not thread-safe."""

    def __init__(self) -> None:
        self.restarts = 0
        self.resting = False
        """Whether the second breaker is open: only the placeholder is shown, and a start is tried now and then."""
        self._failed_starts = 0
        """The number of workers in a row that showed nothing."""
        self._flickers = 0
        """The number of workers that showed something, but not for long, since the last one that ran well."""
        self._due = -math.inf
        self._showing_since: Optional[float] = None
        self._engine = BUILT_IN
        self._engine_since = -math.inf
        self._deaths: List[float] = []
        """The times of the recent deaths of workers with an engine other than the built-in one."""
        self._bans = 0
        self._banned_until = -math.inf

    # ---- what happens

    def started(self, now: float) -> None:
        self._showing_since = None
        self._engine_since = now

    def showed(self, now: float) -> None:
        """Note that a picture from the worker was shown."""
        if self._showing_since is None:
            self._showing_since = now
        if self._flickers + self._failed_starts and self._ran_well(now):
            self._forgive()

    def died(self, now: float) -> float:
        """Note that the worker has died; return the seconds until the next one is due."""
        self.restarts += 1
        if self._ran_well(now):
            self._failed_starts = self._flickers = 0
        if self._showing_since is None:
            self._failed_starts += 1
        else:
            self._failed_starts, self._flickers = 0, self._flickers + 1
        if self._engine != BUILT_IN:
            self._blame_engine(now)
        self.resting = self._failed_starts >= STRIKES_ALLOWED or self._flickers >= 2 * STRIKES_ALLOWED
        self._due = now + self._pause()
        return self._due - now

    def changed(self, engine_too: bool) -> None:
        """Note that the user changed settings; `engine_too` says whether that includes the engine or its device."""
        self._forgive()
        self._due = -math.inf
        if engine_too:
            self._lift_ban()

    # ---- what follows from it

    def engine(self, wanted: str, now: float) -> str:
        """Return the engine that the worker should use."""
        engine = BUILT_IN if self.banned_for(now) else wanted
        if engine != self._engine:
            self._engine, self._engine_since = engine, now
        return engine

    def banned_for(self, now: float) -> float:
        """Return for how many seconds from now the wanted engine is left alone; 0 if it is not."""
        return max(0.0, self._banned_until - now)

    def wait(self, now: float) -> float:
        """Return the seconds until a worker is due."""
        return max(0.0, self._due - now)

    # ---- inside

    def _ran_well(self, now: float) -> bool:
        return self._showing_since is not None and now - self._showing_since >= HEALTHY_SECONDS

    def _pause(self) -> float:
        if self.resting:
            return RESTING_PAUSE
        if self._showing_since is None:
            strikes, longest = self._failed_starts, LONGEST_PAUSE
        else:
            strikes, longest = self._flickers, LONGEST_PAUSE_AFTER_PICTURES
        return min(FIRST_PAUSE * 2 ** (strikes - 2), longest) if strikes > 1 else 0.0

    def _forgive(self) -> None:
        self._failed_starts, self._flickers, self.resting = 0, 0, False

    def _blame_engine(self, now: float) -> None:
        if now - self._engine_since >= WINDOW_SECONDS:
            self._lift_ban()
        self._deaths = [death for death in self._deaths if now - death < WINDOW_SECONDS] + [now]
        if len(self._deaths) >= (1 if self._bans else DEATHS_ALLOWED):
            self._bans, self._deaths = self._bans + 1, []
            self._banned_until = now + min(FIRST_BAN * 2 ** (self._bans - 1), LONGEST_BAN)
            self._forgive()  # the next worker is a new one and gets its chance at once

    def _lift_ban(self) -> None:
        self._bans, self._deaths, self._banned_until = 0, [], -math.inf

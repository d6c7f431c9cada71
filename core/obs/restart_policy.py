"""When a worker that died is started again, and with which engine. A state machine of time: it touches nothing else.

A worker that had run well is started again at once; each one after it that does not waits twice as long (back-off). Two
breakers, both of which close again by themselves:

* An engine other than the built-in one that costs DEATHS_ALLOWED workers within WINDOW_SECONDS is left alone for a while,
  and the built-in one draws. After that it is tried again; if it costs one more worker, it is left alone for twice as long.
* After STRIKES_ALLOWED workers in a row that showed nothing, or twice as many that showed pictures for a moment, the
  placeholder stays, and a start is tried once a minute.

What the user changes may be the cure, so a change of settings ends the waiting.
"""

import math

from ..shared.settings import BUILT_IN_ENGINE

BUILT_IN = BUILT_IN_ENGINE
HEALTHY_SECONDS = 5.0
"""A worker that has shown pictures for so long ran well: what ended it says nothing about the next one."""
FIRST_PAUSE, LONGEST_PAUSE = 0.25, 15.0
LONGEST_PAUSE_AFTER_PICTURES = 1.0
"""Of a worker that showed something at all: a moment of the avatar is worth more to the viewers than a rested processor."""
STRIKES_ALLOWED = 8
"""With the pauses between them, half a minute of trying where nothing is shown at all."""
RESTING_PAUSE = 60.0

DEATHS_ALLOWED = 3
WINDOW_SECONDS = 600.0
FIRST_BAN, LONGEST_BAN = 600.0, 3600.0


class RestartPolicy:
    """All times are seconds of one clock that never jumps. Not safe for several threads at once."""

    def __init__(self):
        self.restarts = 0
        self.resting = False
        """The second breaker: nothing but the placeholder is shown, and a start is tried now and then."""
        self._failed_starts = 0
        """In a row: workers that showed nothing."""
        self._flickers = 0
        """Workers that showed something, but not for long, since the last that ran well."""
        self._due = -math.inf
        self._showing_since = None
        self._engine = BUILT_IN
        self._engine_since = -math.inf
        self._deaths = []
        """When workers died, of late, with an engine that is not the built-in one."""
        self._bans = 0
        self._banned_until = -math.inf

    # ---- what happens

    def started(self, now):
        self._showing_since = None
        self._engine_since = now

    def showed(self, now):
        """A picture of the worker's was shown."""
        if self._showing_since is None:
            self._showing_since = now
        if self._flickers + self._failed_starts and self._ran_well(now):
            self._forgive()

    def died(self, now):
        """The worker is gone. Returns after how many seconds another one is due."""
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

    def changed(self, engine_too):
        """The user has changed settings; `engine_too`: those that say what the engine is and where it runs."""
        self._forgive()
        self._due = -math.inf
        if engine_too:
            self._lift_ban()

    # ---- what follows from it

    def engine(self, wanted, now):
        """The engine that the worker shall use."""
        engine = BUILT_IN if self.banned_for(now) else wanted
        if engine != self._engine:
            self._engine, self._engine_since = engine, now
        return engine

    def banned_for(self, now):
        """For how many seconds from now the engine that the user wants is left alone; 0: it is not."""
        return max(0.0, self._banned_until - now)

    def wait(self, now):
        """How many seconds are left until a worker is due."""
        return max(0.0, self._due - now)

    # ---- inside

    def _ran_well(self, now):
        return self._showing_since is not None and now - self._showing_since >= HEALTHY_SECONDS

    def _pause(self):
        if self.resting:
            return RESTING_PAUSE
        if self._showing_since is None:
            strikes, longest = self._failed_starts, LONGEST_PAUSE
        else:
            strikes, longest = self._flickers, LONGEST_PAUSE_AFTER_PICTURES
        return min(FIRST_PAUSE * 2 ** (strikes - 2), longest) if strikes > 1 else 0.0

    def _forgive(self):
        self._failed_starts, self._flickers, self.resting = 0, 0, False

    def _blame_engine(self, now):
        if now - self._engine_since >= WINDOW_SECONDS:
            self._lift_ban()
        self._deaths = [death for death in self._deaths if now - death < WINDOW_SECONDS] + [now]
        if len(self._deaths) >= (1 if self._bans else DEATHS_ALLOWED):
            self._bans, self._deaths = self._bans + 1, []
            self._banned_until = now + min(FIRST_BAN * 2 ** (self._bans - 1), LONGEST_BAN)
            self._forgive()  # the next worker is another one: it gets its chance at once

    def _lift_ban(self):
        self._bans, self._deaths, self._banned_until = 0, [], -math.inf

"""Tells a worker that hangs from one that merely was not heard because this process itself was held up."""

SILENCE_SECONDS = 3.0
"""A worker that gives no sign of life for so long hangs and is replaced."""
START_SECONDS = 20.0
"""Until its first sign of life a worker may take this long: imports on a cold disk."""
HELD_UP_SECONDS = 1.5
"""Who looks every half second and finds so much time gone was stopped: a computer that slept, a processor that was taken."""


class Watchdog:
    """For one worker, from its start. All times are seconds of one clock that never jumps."""

    def __init__(self, now):
        self._alive_at = now + START_SECONDS - SILENCE_SECONDS
        self._looked_at = now

    def heard(self, now):
        """A sign of life that may still be followed by a long silence: the start goes on."""
        self._alive_at = max(self._alive_at, now)

    def heartbeat(self, now):
        """A sign of life, after which the next ones come regularly."""
        self._alive_at = now

    def hangs(self, now):
        """Call it every half second."""
        if now - self._looked_at > HELD_UP_SECONDS:
            self._alive_at = max(self._alive_at, now)
        self._looked_at = now
        return now - self._alive_at > SILENCE_SECONDS

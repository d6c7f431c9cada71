"""Tells a worker that hangs from one that was merely not heard because this process itself was held up."""

SILENCE_SECONDS = 3.0
"""The seconds without a sign of life after which a worker hangs and is replaced."""
START_SECONDS = 20.0
"""The seconds that a worker may take until its first sign of life, for imports from a cold disk."""
HELD_UP_SECONDS = 1.5
"""The gap, in seconds, between half-second checks that means this process itself was held up, by sleep or a busy processor."""


class Watchdog:
    """The watchdog of one worker, from its start. All times are seconds of one clock that never jumps."""

    def __init__(self, now: float) -> None:
        self._alive_at = now + START_SECONDS - SILENCE_SECONDS
        self._looked_at = now

    def heard(self, now: float) -> None:
        """Note a sign of life that a long silence may still follow, because the worker is still starting."""
        self._alive_at = max(self._alive_at, now)

    def heartbeat(self, now: float) -> None:
        """Note a sign of life after which the next ones come regularly."""
        self._alive_at = now

    def hangs(self, now: float) -> bool:
        """Return whether the worker hangs. Has to be called every half second."""
        if now - self._looked_at > HELD_UP_SECONDS:
            self._alive_at = max(self._alive_at, now)
        self._looked_at = now
        return now - self._alive_at > SILENCE_SECONDS

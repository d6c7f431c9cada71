"""Chooses the picture of an avatar that is shown: its own, or an expression's, by hotkey or by the driver's face."""

from __future__ import annotations

from collections.abc import Mapping

from ...shared.manifest import Condition, Expression

NEUTRAL = ""
"""The name of the avatar's own picture."""
FADE_SECONDS = 0.2
"""The duration of the fade from one picture to the next: too short to look like two pictures, too long to look like a cut."""
HOLD_SECONDS = 0.4
"""The least time for which an expression chosen by the face stays, so that a face close to a limit does not cause flicker."""
RELAXED = 0.1
"""The tolerance, in units of a coefficient (0..1), by which the conditions of the shown expression may be missed before it
ends."""

Mix = tuple[tuple[str, float], ...]
"""The names of the pictures that are shown and the weight of each, 0..1, with the sum 1. Mostly, it is only one."""


class Expressions:
    """Chooses the pictures to show: call it with every driving frame, in order of time."""

    def __init__(self, known: Mapping[str, Expression]) -> None:
        self._known = known
        self._weights: dict[str, float] = {NEUTRAL: 1.0}
        self._by_face = NEUTRAL
        self._chosen_at = 0.0
        self._time = 0.0

    @property
    def need_coefficients(self) -> bool:
        """Whether the driver's face can choose an expression, which requires its coefficients."""
        return any(expression.when for expression in self._known.values())

    def __call__(self, pinned: str, coefficients: Mapping[str, float], seconds: float) -> Mix:
        """Return the pictures to show at that time, in seconds of the driver's clock.

        `pinned` is the expression that the user has chosen, or NEUTRAL. `coefficients` are the driver's blendshapes, 0..1 by
        name; empty if they are not known.
        """
        step = min(max(seconds - self._time, 0.0) / FADE_SECONDS, 1.0)
        self._time = seconds
        wanted = pinned if pinned in self._known else self._chosen(coefficients, seconds)
        own = min(self._weights.get(wanted, 0.0) + step, 1.0)
        others = {name: weight for name, weight in self._weights.items() if name != wanted}
        left = sum(others.values())
        self._weights = {name: weight * (1.0 - own) / left for name, weight in others.items()} if own < 1.0 else {}
        self._weights[wanted] = own
        return tuple(self._weights.items())

    def at_once(self, pinned: str) -> Mix:
        """Return the pictures to show without a face: the pinned expression or the avatar's own picture, without a fade."""
        wanted = pinned if pinned in self._known else NEUTRAL
        self._weights = {wanted: 1.0}
        return ((wanted, 1.0),)

    def _chosen(self, coefficients: Mapping[str, float], seconds: float) -> str:
        """Return the first expression whose conditions hold; the one that is shown stays as long as they nearly hold."""
        now = self._by_face
        if 0.0 <= seconds - self._chosen_at < HOLD_SECONDS and now != NEUTRAL:
            return now
        found = next((name for name, expression in self._known.items() if expression.when and all(
            _holds(each, coefficients, RELAXED if name == now else 0.0) for each in expression.when)), NEUTRAL)
        if found != now:
            self._by_face, self._chosen_at = found, seconds
        return found


def _holds(condition: Condition, coefficients: Mapping[str, float], slack: float) -> bool:
    value = coefficients.get(condition.coefficient)
    if value is None:
        return False
    return value > condition.value - slack if condition.above else value < condition.value + slack

"""The avatars that quality is measured on, loaded once for all clips."""

from __future__ import annotations

import numpy as np

from ..shared import avatars
from ..shared.errors import UsageError, UserError
from . import background
from .looking import Look, Looker
from .rig import Rig

SIZE = 512


class Stage:
    """One avatar and what is known of its own picture."""

    def __init__(self, avatar: str, engine: str) -> None:
        """Raises UserError."""
        self.name = avatar
        self.rig = Rig(avatar, engine, SIZE)
        self.still: np.ndarray = self.rig.animator.rest()[..., :3].copy()
        """The avatar at rest, BGR."""
        look = Looker().look(self.still)
        if look is None:
            raise UserError(f"No face is found in the avatar “{avatar}” at rest, so nothing can be measured on it.")
        self.look: Look = look
        self.away: np.ndarray = background.distance(self.still, look)
        """See background.distance."""


def chosen(ids: list[str] | None) -> list[str]:
    """The ids of the avatars to use: those given, or all that ship. Raises UserError."""
    there = [entry.id for entry in avatars.available()]
    unknown = [avatar for avatar in ids or [] if avatar not in there]
    if unknown:
        raise UsageError(f"There is no avatar “{unknown[0]}”. Avatars: {', '.join(there)}.")
    return ids or [avatar for avatar in there if not avatar.startswith("user:")]

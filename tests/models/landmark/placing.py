"""Where the built-in painter places an avatar's face."""

from __future__ import annotations

from models.landmark.move.placing import Placing


def place_of(avatar, driving, reference, options):
    """The placement of the avatar's face in its own picture; None for what no face could do."""
    height, width = avatar.still.shape[:2]
    return Placing().place(avatar.face, (width, height), driving, reference, options)

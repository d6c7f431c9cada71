"""The colours of a figure's skin, one a vertex."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from colours import linear, smooth
from figure import Figure
from hairline import Hairline

LIPS = ("mouth/mouth-upperlip-volume-incr", "mouth/mouth-lowerlip-volume-incr",
        "mouth/mouth-upperlip-volume-decr", "mouth/mouth-lowerlip-volume-decr")
NOSE_TIP = "nose/nose-point-up", "nose/nose-point-width-incr", "nose/nose-point-down"


@dataclass
class Complexion:
    tone: str
    blush: str = "#c05a48"
    blush_strength: float = 0.3
    lip: str = "#b0584e"
    lip_strength: float = 0.7
    lid: str = "#8a4a3c"
    lid_strength: float = 0.25
    stubble: float = 0.0
    roughness: float = 0.44
    lip_gloss: float = 0.08
    scalp: tuple[str, Hairline, float] | None = None
    """The shade under the hair, where, how strong."""
    zones: bool = True
    """False for what is not skin: only the lips are tinted."""


@dataclass
class Painted:
    colour: np.ndarray
    roughness: np.ndarray
    freckles: np.ndarray
    lips: np.ndarray = field(repr=False)
    ears: np.ndarray = field(repr=False)


def paint(figure: Figure, look: Complexion) -> Painted:
    head = figure.head_weight > 0.5
    lips = smooth((figure.moved_by(*LIPS) - 0.18) / 0.35)
    cheeks = figure.moved_by("cheek/{s}-cheek-volume-incr") ** 1.2
    nose = figure.moved_by(*NOSE_TIP)
    ears = figure.moved_by("ears/{s}-ear-scale-incr")
    colour = np.tile(linear(look.tone), (len(figure.points), 1))

    def tint(where: np.ndarray, with_colour: str, strength: float) -> None:
        share = (np.clip(where, 0, 1) * strength)[:, None]
        colour[:] = colour * (1 - share) + linear(with_colour) * share

    if look.zones:
        tint(cheeks, look.blush, look.blush_strength)
        tint(np.maximum(nose, smooth(ears * 2)), look.blush, look.blush_strength * 0.8)
        tint(figure.moved_by("eyes/{s}-eye-bag-incr"), look.lid, look.lid_strength * 0.7)
        for eye in figure.eyes:
            away = np.linalg.norm((figure.points - eye - [0, 0.10, 0.12]) * [0.75, 1.25, 1], axis=1)
            tint(np.exp(-(away / 0.24) ** 2) * (figure.points[:, 1] > eye[1]), look.lid, look.lid_strength)
        if look.stubble:
            tint(_beard_region(figure) * head * (1 - lips), "#3a3230", look.stubble)
        if look.scalp:
            shade, hairline, strength = look.scalp
            tint(hairline.inside(*figure.around(figure.points), soft=0.1) * head * (ears < 0.08), shade, strength)
    tint(lips, look.lip, look.lip_strength)
    return Painted(colour, look.roughness - lips * look.lip_gloss - nose * 0.05,
                   _freckle_region(figure, cheeks, nose) * head * (1 - lips) + 0.10 * head, lips, ears)


def _beard_region(figure: Figure) -> np.ndarray:
    height = figure.points[:, 1]
    face = figure.eye_level - figure.chin
    return smooth((figure.eye_level - 0.55 * face - height) / 0.25) * smooth((height - figure.chin + 0.35) / 0.3)


def _freckle_region(figure: Figure, cheeks: np.ndarray, nose: np.ndarray) -> np.ndarray:
    across, height, front = figure.points.T
    band = np.exp(-((height - figure.eye_level + 0.28) / 0.35) ** 2 - (np.abs(across) / 0.75) ** 4) * 0.9
    return np.clip(np.maximum.reduce([cheeks * 1.1, nose, band]) * (front > figure.eyes[0][2] - 0.5), 0, 1)

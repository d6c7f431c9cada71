"""What the faces of the cast have in common: relaxed lids, eyes a little larger than life, a friendly closed mouth."""

from __future__ import annotations

from figure import EXPRESSION

FRIENDLY = {
    EXPRESSION + "mouth-corner-puller": 0.28,
    EXPRESSION + "eye-{side}-closure": 0.13,
    "mouth/mouth-lowerlip-height-incr": 0.4,
    "cheek/{s}-cheek-bones-incr": 0.3,
}
EYE_GROWTH = 1.22

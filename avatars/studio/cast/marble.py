"""Marble: the bust of a young man with curls, in an ancient manner."""

import irises
import materials
import stage
from complexion import Complexion
from face_hair import add_solid_brows
from figure import Body, Shape
from hairline import Hairline
from head import Head
from portrait import Character
from sculpted import Locks, locks
from shapes import EYE_GROWTH, FRIENDLY

HAIRLINE = Hairline(front=0.60, temple=0.50, sideburn=0.1, nape=-0.5)


def hair(head: Head) -> None:
    locks(head, materials.marble(), Locks(
        count=560, radius=0.0046, top=0.042, side=0.034, back=0.035, sweep=(0.25, -0.45, 0.0), curl=0.0052, steps=26,
        melt=0.0010, soften=6, hairline=HAIRLINE))
    add_solid_brows(head, materials.marble(), 0.0016)


CHARACTER = Character(
    "marble",
    Shape(Body(female=0.05, age=27, race={"caucasian": 1}, muscle=0.72, weight=0.48, ideal=1), {
        **FRIENDLY, "nose/nose-greek-incr": 0.7, "chin/chin-prominent-incr": 0.3, "eyes/{s}-eye-scale-incr": 0.5},
        eye_growth=EYE_GROWTH),
    Complexion("#ffffff", zones=False, lip_strength=0),
    stage.Look(("#66737f", "#28303a"), stage.SIDE, power=0.72, rim_colour=(0.8, 0.88, 1), frame=1.95),
    samples=5,
    brows=None, lashes=None, hair=hair,
    surface=lambda figure, drawings: materials.marble(),
    carved=lambda drawings: materials.marble(eyes=irises.carve(drawings / "eyes.png")))

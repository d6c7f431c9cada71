"""Clay: a boy of modelling clay."""

import materials
import stage
from complexion import Complexion
from face_hair import add_solid_brows
from figure import Body, Shape
from hairline import Hairline
from head import Head
from irises import EyeLook
from portrait import Character
from sculpted import Locks, locks
from shapes import FRIENDLY

HAIRLINE = Hairline(front=0.62, temple=0.5, sideburn=0.12, nape=-0.5)


def hair(head: Head) -> None:
    locks(head, materials.clay("#5a3018", 0.3), Locks(
        count=230, radius=0.0105, top=0.075, side=0.03, back=0.035, sweep=(0.6, -0.1, 0.45), wave=0.7, above=0.008,
        melt=0.0014, hairline=HAIRLINE))
    add_solid_brows(head, materials.clay("#4a2814", 0.25), 0.0040, lift=0.006)


CHARACTER = Character(
    "clay",
    Shape(Body(female=0.2, age=17, race={"caucasian": 0.7, "african": 0.3}, weight=0.6, ideal=0.7), {
        **FRIENDLY, "eyes/{s}-eye-scale-incr": 1.3, "ears/{s}-ear-scale-incr": 0.7, "ears/{s}-ear-wing-incr": 0.5,
        "nose/nose-volume-incr": 0.8, "nose/nose-point-width-incr": 1, "head/head-round": 0.8,
        "cheek/{s}-cheek-volume-incr": 0.8, "mouth/mouth-scale-horiz-incr": 0.5},
        head_scale=(1.14, 1.10, 1.10), eye_growth=1.35),
    Complexion("#d99a72", blush="#d9604c", blush_strength=0.42, lip="#b8574a", lip_strength=0.7, lid_strength=0.1,
               scalp=("#5a3018", HAIRLINE, 1.0)),
    stage.Look(("#f0c86a", "#cf8a3c"), stage.SOFT, power=1.1, frame=2.1, lower=0.03),
    eyes=EyeLook("#3f7fb0", "#235a8a", sclera="#ebe6df", pupil=0.42),
    brows=None, lashes=None,
    samples=5,
    clothes="male_casualsuit06", cloth=lambda: materials.clay("#3a7d5c"), bare=0.072,
    hair=hair,
    surface=lambda figure, drawings: materials.clay(None))

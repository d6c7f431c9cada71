"""Android: white ceramic, fine seams, lit irises."""

import materials
import stage
from complexion import Complexion
from drawings import seams
from face_hair import Lashes, add_solid_brows
from figure import Body, Shape
from irises import EyeLook
from portrait import Character
from shapes import EYE_GROWTH, FRIENDLY

CHARACTER = Character(
    "android",
    Shape(Body(female=0.75, age=24, race={"caucasian": 0.5, "asian": 0.5}, weight=0.42, ideal=1), {
        **FRIENDLY, "expression/units/caucasian/eye-{side}-closure": 0.06, "eyes/{s}-eye-scale-incr": 0.6,
        "head/head-oval": 0.4}, eye_growth=EYE_GROWTH),
    Complexion("#dfe3e6", lip="#a3b1bd", lip_strength=0.85, zones=False),
    stage.Look(("#3f6f94", "#13222f"), stage.SIDE, power=0.8, rim_colour=(0.4, 0.8, 1)),
    eyes=EyeLook("#8af2ff", "#1a8ad0", "#04121c", sclera="#c9d2d8", pupil=0.3, glow=0.3),
    brows=None, lashes=Lashes(upper=80, lower=0),
    samples=5,
    clothes="male_casualsuit02", cloth=lambda: materials.plain("#171c24", 0.4, 0.5), bare=0.11,
    hair=lambda head: add_solid_brows(head, materials.plain("#2a323c", 0.35), 0.0014),
    surface=lambda figure, drawings: materials.shell(seams(figure, drawings)))

"""Elf: silver hair tucked behind pointed ears, violet eyes, golden marks."""

import hairstyles
import materials
import stage
from complexion import Complexion
from drawings import marks
from face_hair import Brows
from figure import Body, Shape
from hairline import Hairline
from irises import EyeLook
from portrait import Character
from shapes import EYE_GROWTH, FRIENDLY

HAIRLINE = Hairline(front=0.68, temple=0.58, sideburn=0.32, side=0.2, ear=0.3, nape=0.1)
SKIN = materials.SkinLook()

CHARACTER = Character(
    "elf",
    Shape(Body(female=0.9, age=24, race={"caucasian": 0.7, "asian": 0.3}, weight=0.38, ideal=1), {
        **FRIENDLY, "expression/units/caucasian/eye-{side}-closure": 0.12,
        "ears/{s}-ear-shape-pointed": 1.6, "ears/{s}-ear-scale-vert-incr": 0.9, "ears/{s}-ear-rot-backward": 0.5,
        "ears/{s}-ear-wing-incr": 1.0, "ears/{s}-ear-scale-incr": 0.1, "eyes/{s}-eye-scale-incr": 0.7,
        "eyes/{s}-eye-corner2-up": 0.8, "chin/chin-triangle": 0.5, "cheek/{s}-cheek-bones-incr": 0.7,
        "nose/nose-scale-horiz-decr": 0.5, "head/head-invertedtriangular": 0.3}, eye_growth=EYE_GROWTH),
    Complexion("#d8b49e", blush="#d8848c", blush_strength=0.28, lip="#bd6a70", lid="#9a6a86", lid_strength=0.35,
               scalp=("#8f8876", HAIRLINE, 0.8)),
    stage.Look(("#51745f", "#1c3026"), stage.SOFT, rim=0.7),
    eyes=EyeLook("#b48af0", "#5a2fa0", "#22103a"),
    brows=Brows("#8f8778", 340, 0.0045, line=((-0.017, 0.015), (-0.002, 0.0215), (0.014, 0.026), (0.031, 0.024))),
    clothes="female_casualsuit01", cloth=lambda: materials.cloth("#26423a"),
    hair=lambda head: hairstyles.long(head, materials.hair("#968c78", 0.35, 0.2), hairstyles.Long(
        ends=0.34, part=0.0, wave=0.12, volume=0.010, backwards=0.8, behind_ears=True, clear=0.07, hairline=HAIRLINE)),
    surface=lambda figure, drawings: materials.skin(SKIN, marks(figure, drawings)))

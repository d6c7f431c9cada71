"""Kenji: 55, Japanese, short greying hair."""

import hairstyles
import materials
import stage
from complexion import Complexion
from face_hair import Brows
from figure import Body, Shape
from hairline import Hairline
from irises import EyeLook
from portrait import Character
from shapes import FRIENDLY

HAIRLINE = Hairline(front=0.66, temple=0.56, sideburn=0.12, nape=-0.5)

CHARACTER = Character(
    "kenji",
    Shape(Body(female=0, age=66, race={"asian": 1}, muscle=0.5, weight=0.5), {
        **FRIENDLY, "expression/units/caucasian/eye-{side}-closure": 0.0, "eyes/{s}-eye-scale-incr": 0.4,
        "mouth/mouth-upperlip-volume-decr": 0.3, "mouth/mouth-lowerlip-volume-decr": 0.3,
        "mouth/mouth-laugh-lines-out": 0.5, "eyes/{s}-eye-bag-incr": 0.3, "head/head-age-incr": 0.5,
        "mouth/mouth-scale-horiz-incr": 0.3}, eye_growth=1.15),
    Complexion("#c69473", blush="#b0604a", blush_strength=0.22, lip="#9c5f52", lip_strength=0.6, stubble=0.12,
               scalp=("#2a2624", HAIRLINE, 0.75)),
    stage.Look(("#c3b59c", "#7d6f5a"), stage.SOFT, rim=0.5),
    skin=materials.SkinLook(mottle=0.11, bump=0.35),
    eyes=EyeLook("#3a2212", "#22130a"),
    brows=Brows("#1c1816", 520, 0.0065, line=((-0.017, 0.0130), (-0.002, 0.0175), (0.013, 0.0190), (0.028, 0.0160))),
    clothes="male_casualsuit06", cloth=lambda: materials.cloth("#3c4654"),
    samples=6,
    hair=lambda head: hairstyles.short(head, materials.hair("#45413e", 0.35, 0.75), hairstyles.Short(
        top=0.032, side=0.014, back=0.015, sweep=(0.45, 0.75, 0.1), wave=0.2, clump=0.4, flat=0.9, hairline=HAIRLINE)))

"""Nora: 26, red hair, freckles, green eyes."""

import hairstyles
import materials
import stage
from complexion import Complexion
from face_hair import Brows
from figure import Body, Shape
from hairline import Hairline
from irises import EyeLook
from portrait import Character
from shapes import EYE_GROWTH, FRIENDLY

HAIRLINE = Hairline(front=0.68, temple=0.62, ear=0.25, nape=0.1)

CHARACTER = Character(
    "nora",
    Shape(Body(female=1, age=26, race={"caucasian": 1}, weight=0.42, ideal=0.9), {
        **FRIENDLY, "eyes/{s}-eye-scale-incr": 0.6, "head/head-oval": 0.45, "head/head-scale-horiz-decr": 0.2,
        "head/head-fat-decr": 0.2, "chin/chin-width-decr": 0.2, "nose/nose-scale-horiz-decr": 0.25,
        "nose/nose-point-up": 0.4, "nose/nose-scale-vert-decr": 0.3, "nose/nose-volume-decr": 0.3,
        "mouth/mouth-scale-horiz-incr": 0.2}, eye_growth=EYE_GROWTH),
    Complexion("#d39f82", blush="#c8604c", blush_strength=0.26, lip="#b4564c", scalp=("#6a2a12", HAIRLINE, 0.9)),
    stage.Look(("#d6ccbb", "#9d9080"), stage.SOFT),
    skin=materials.SkinLook(freckles=0.6),
    eyes=EyeLook("#9aa55a", "#3f6a4a"),
    brows=Brows("#7a3a1c", 380, 0.005),
    clothes="female_casualsuit01", cloth=lambda: materials.cloth("#2f5d50"),
    samples=14,
    hair=lambda head: hairstyles.long(head, materials.hair("#7e3214", 0.38, 0.35), hairstyles.Long(
        ends=0.155, part=0.014, wave=0.35, waves=2.2, volume=0.010, spread=0.02, inwards=0.4, hairline=HAIRLINE)))

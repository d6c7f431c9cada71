"""Priya: 29, Indian, long dark hair; painted in oil."""

import hairstyles
import materials
import oil
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
    "priya",
    Shape(Body(female=1, age=29, race={"caucasian": 0.6, "african": 0.22, "asian": 0.18}, weight=0.5, ideal=0.95), {
        **FRIENDLY, "eyes/{s}-eye-scale-incr": 0.6, "head/head-oval": 0.4, "head/head-scale-horiz-decr": 0.2,
        "nose/nose-scale-horiz-decr": 0.3}, eye_growth=EYE_GROWTH),
    Complexion("#a56b4a", blush="#9c4432", lip="#933f3f", lip_strength=0.8, lid="#5a2e20", lid_strength=0.4,
               scalp=("#140c08", HAIRLINE, 0.9)),
    stage.Look(("#cf9a48", "#6f451c"), stage.SOFT, rim=0.6),
    eyes=EyeLook("#5a3518", "#2a170b"),
    brows=Brows("#120a06", 460, 0.006),
    samples=5,
    clothes="female_casualsuit01", cloth=lambda: materials.cloth("#a83f2c"),
    hair=lambda head: hairstyles.long(head, materials.hair("#1a0f0a", 0.25, 0.35), hairstyles.Long(
        ends=0.32, part=0.0, wave=0.35, waves=2.6, volume=0.011, clump=0.5, hairline=HAIRLINE)),
    finish=oil.paint)

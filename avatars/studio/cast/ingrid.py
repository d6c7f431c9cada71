"""Ingrid: about 60, silver bob, grey-blue eyes."""

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
    "ingrid",
    Shape(Body(female=1, age=78, race={"caucasian": 1}, weight=0.5), {
        **FRIENDLY, "eyes/{s}-eye-scale-incr": 0.5, "head/head-oval": 0.3, "mouth/mouth-scale-horiz-incr": 0.2,
        "mouth/mouth-upperlip-volume-incr": 0.3}, eye_growth=EYE_GROWTH),
    Complexion("#cb9a7f", blush="#b8604e", blush_strength=0.22, lid_strength=0.12, lip="#ab4f4e",
               scalp=("#6f6a62", HAIRLINE, 0.8)),
    stage.Look(("#9fb6bf", "#566d78"), stage.SOFT, rim=0.6),
    skin=materials.SkinLook(mottle=0.12, bump=0.35),
    eyes=EyeLook("#9fb4bf", "#55788c"),
    brows=Brows("#7d7166", 360, 0.005),
    clothes="female_elegantsuit01", cloth=lambda: materials.cloth("#6b2f4a"), bare=0.068,
    samples=4,
    hair=lambda head: hairstyles.long(head, materials.hair("#6a655e", 0.42, 0.35), hairstyles.Long(
        ends=0.095, part=0.012, wave=0.25, waves=1.6, volume=0.009, spread=0.014, inwards=0.6, hairline=HAIRLINE)))

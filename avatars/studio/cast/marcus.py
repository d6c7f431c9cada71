"""Marcus: 32, Black, short afro, trimmed beard."""

import hairstyles
import materials
import stage
from complexion import Complexion
from face_hair import Brows, add_beard
from figure import Body, Shape
from hairline import Hairline
from head import Head
from irises import EyeLook
from portrait import Character
from shapes import FRIENDLY

HAIRLINE = Hairline(front=0.66, temple=0.56, sideburn=0.2, nape=-0.5)


def hair(head: Head) -> None:
    hairstyles.afro(head, materials.hair("#120b08", 0.45), hairstyles.Afro(length=0.026, side=0.4, hairline=HAIRLINE))
    add_beard(head, materials.hair("#120b08", 0.45), count=9000, length=0.004, curl=0.0007)


CHARACTER = Character(
    "marcus",
    Shape(Body(female=0, age=32, race={"african": 0.85, "caucasian": 0.15}, muscle=0.6, weight=0.48), {
        **FRIENDLY, "eyes/{s}-eye-scale-incr": 0.4, "head/head-scale-horiz-decr": 0.15, "mouth/mouth-scale-horiz-incr": 0.2},
        eye_growth=1.15),
    Complexion("#7d4c35", blush="#6a2a1e", blush_strength=0.2, lip="#6e3836", lip_strength=0.75, lid="#4a281c",
               stubble=0.25, roughness=0.46, scalp=("#140d0a", HAIRLINE, 0.9)),
    stage.Look(("#4b8a84", "#1d4346"), stage.SOFT, power=1.1, rim=0.8),
    skin=materials.SkinLook(radius=(1, 0.3, 0.15)),
    eyes=EyeLook("#4a2a14", "#2a160a"),
    brows=Brows("#0d0806", 520, 0.0068),
    clothes="male_casualsuit06", cloth=lambda: materials.cloth("#d9a441"),
    samples=8,
    hair=hair)

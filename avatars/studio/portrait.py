"""Builds a character in Blender, from its description to a scene that is ready to be rendered."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Callable

import bpy
import complexion
import face_hair
import irises
import materials
import stage
from figure import Figure, Shape
from head import Head, add_clothes, add_eyes
from library import Library


@dataclass
class Character:
    name: str
    shape: Shape
    complexion: complexion.Complexion
    look: stage.Look
    skin: materials.SkinLook = field(default_factory=materials.SkinLook)
    eyes: irises.EyeLook = field(default_factory=irises.EyeLook)
    brows: face_hair.Brows | None = field(default_factory=face_hair.Brows)
    lashes: face_hair.Lashes | None = field(default_factory=face_hair.Lashes)
    clothes: str = ""
    cloth: Callable[[], bpy.types.Material] | None = None
    bare: float = 0.085
    """How far from the middle skin may be seen beside the collar."""
    hair: Callable[[Head], object] | None = None
    surface: Callable[[Head | Figure, Path], bpy.types.Material] | None = None
    """What the body is made of, where it is not skin; the folder is for drawings."""
    carved: Callable[[Path], bpy.types.Material] | None = None
    """What the eyeballs are made of, where they are not eyes."""
    samples: int = 6
    """Of the renderer, a pixel: as many as its denoiser needs here."""
    finish: Callable[[Path], None] | None = None
    """Works on the rendered picture."""


def build(character: Character, library: Library, drawings: Path) -> Head:
    bpy.ops.wm.read_factory_settings(use_empty=True)
    figure = Figure(library, character.shape)
    painted = complexion.paint(figure, character.complexion)
    surface = character.surface(figure, drawings) if character.surface else materials.skin(character.skin)
    hidden = library.clothes(character.clothes).hidden if character.clothes else set()
    head = Head(figure, painted, surface, hidden, character.bare)
    if character.carved:
        add_eyes(figure, character.carved(drawings), None)
    else:
        picture = irises.paint(character.eyes, drawings / f"{character.name}-eyes.png")
        add_eyes(figure, materials.eyeball(picture, character.eyes.glow), materials.cornea())
    if character.clothes:
        add_clothes(figure, character.clothes, character.cloth())
    if character.brows:
        face_hair.add_brows(head, character.brows)
    if character.lashes:
        face_hair.add_lashes(head, character.lashes)
    if character.hair:
        character.hair(head)
    stage.build(head, character.look)
    return head

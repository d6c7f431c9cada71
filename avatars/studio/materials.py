"""What things are made of. No picture of anybody's is used: all is noise, vertex colours and drawings of ours."""

from __future__ import annotations

from dataclasses import dataclass

import bpy
from colours import linear, rgba
from nodes import Nodes


@dataclass
class SkinLook:
    roughness_noise: float = 0.16
    specular: float = 0.36
    subsurface: float = 0.9
    radius: tuple[float, float, float] = (1, 0.35, 0.18)
    mottle: float = 0.08
    bump: float = 0.2
    freckles: float = 0.0
    freckle_colour: str = "#8a4a2a"
    coat: float = 0.0


def skin(look: SkinLook, decal: Decal | None = None) -> bpy.types.Material:
    """Skin whose colour is the vertex colour "colour", with pores, mottling and perhaps freckles."""
    nodes = Nodes("skin")
    tone = nodes.spread(nodes.noise(45, 5, Roughness=0.65), 0.3, 0.7, 1 - look.mottle, 1 + look.mottle * 0.6)
    redder = nodes.math("POWER", tone, 1.6)
    mottling = nodes.add("CombineColor", {0: tone, 1: redder, 2: redder}).outputs[0]
    colour = nodes.mix(1.0, nodes.attribute("colour"), mottling, blend="MULTIPLY")
    if look.freckles:
        for scale, size, shift in (430, 0.30, 0.0), (780, 0.28, 3.3):
            colour = nodes.mix(_freckles(nodes, scale, size, shift, look.freckles), colour, rgba(look.freckle_colour))
    if decal:
        colour = nodes.mix(decal.on(nodes), colour, rgba(decal.colour))
    pores = nodes.add("TexVoronoi", {"Vector": nodes.place, "Scale": 1100}).outputs["Distance"]
    relief = nodes.math("MULTIPLY_ADD", pores, 0.35, nodes.noise(260, 8))
    roughness = nodes.math("MULTIPLY_ADD", nodes.noise(180), look.roughness_noise, nodes.attribute("roughness", "Fac"))
    return nodes.show(nodes.add("BsdfPrincipled", {
        "Base Color": colour, "Roughness": roughness, "Specular IOR Level": look.specular, "Coat Weight": look.coat,
        "Coat Roughness": 0.25, "Subsurface Weight": look.subsurface, "Subsurface Radius": look.radius,
        "Subsurface Scale": 0.006, "Normal": nodes.bump(relief, look.bump, 0.0006)}))


def _freckles(nodes: Nodes, scale: float, size: float, shift: float, strength: float):
    """Cells of a jittered grid, kept where the vertex value "freckles" beats the cell's lot."""
    place = nodes.add("Mapping", {"Vector": nodes.place, "Location": (shift, shift, shift)}).outputs[0]
    wobble = nodes.add("TexNoise", {"Vector": place, "Scale": 300}).outputs["Color"]
    jittered = nodes.add("VectorMath", {0: wobble, 1: (0.0016,) * 3, 2: place}, operation="MULTIPLY_ADD").outputs[0]
    cells = nodes.add("TexVoronoi", {"Vector": jittered, "Scale": scale})
    lot = nodes.add("SeparateColor", {0: cells.outputs["Color"]}).outputs[0]
    kept = nodes.math("LESS_THAN", lot, nodes.attribute("freckles", "Fac"))
    return nodes.math("MULTIPLY", nodes.spread(cells.outputs["Distance"], size, size * 0.35, 0.0, strength, soft=True), kept)


@dataclass
class Decal:
    """A drawing projected from the front; `picture` shows a square of `side` metres whose lower edge is at `bottom`."""

    picture: str
    colour: str
    side: float
    bottom: float

    def on(self, nodes: Nodes):
        axes = nodes.add("SeparateXYZ", {0: nodes.place})
        flat = nodes.add("CombineXYZ", {0: axes.outputs[0], 1: axes.outputs[2]}).outputs[0]
        scale = 1 / self.side
        spot = nodes.add("VectorMath", {0: flat, 1: (scale, scale, 1), 2: (0.5, -self.bottom * scale, 0)},
                         operation="MULTIPLY_ADD").outputs[0]
        image = bpy.data.images.load(self.picture)
        image.colorspace_settings.name = "Non-Color"
        return nodes.add("TexImage", {"Vector": spot}, image=image, extension="EXTEND").outputs["Color"]


def cloth(colour: str) -> bpy.types.Material:
    nodes = Nodes("cloth")
    shade = nodes.spread(nodes.noise(60, 6), 0.3, 0.7, 0.94, 1.06)
    shading = nodes.add("CombineColor", {0: shade, 1: shade, 2: shade}).outputs[0]
    return nodes.show(nodes.add("BsdfPrincipled", {
        "Base Color": nodes.mix(1.0, rgba(colour), shading, blend="MULTIPLY"), "Roughness": 0.85, "Sheen Weight": 0.25,
        "Specular IOR Level": 0.2, "Normal": nodes.bump(nodes.noise(900, 4), 0.35, 0.001)}))


def clay(colour: str | None, bump: float = 0.4) -> bpy.types.Material:
    """Modelling clay with thumb marks; without a colour it takes the vertex colour."""
    nodes = Nodes("clay")
    relief = nodes.math("MULTIPLY_ADD", nodes.noise(190, 3), 0.35, nodes.noise(55, 4))
    return nodes.show(nodes.add("BsdfPrincipled", {
        "Base Color": rgba(colour) if colour else nodes.attribute("colour"), "Roughness": 0.58, "Specular IOR Level": 0.3,
        "Subsurface Weight": 0.4, "Subsurface Radius": (1, 0.5, 0.35), "Subsurface Scale": 0.006,
        "Normal": nodes.bump(relief, bump, 0.0016)}))


def marble(eyes: str | None = None) -> bpy.types.Material:
    """White marble with few grey veins; `eyes` is a picture by UV of what is carved into the eyeballs."""
    nodes = Nodes("marble")
    wave = nodes.math("ABSOLUTE", nodes.math("SUBTRACT", nodes.noise(7, 9, Distortion=1.6), 0.5))
    vein = nodes.spread(wave, 0.0, 0.035, 1.0, 0.0)
    here = nodes.spread(nodes.noise(4), 0.45, 0.62, 0.0, 0.4)
    colour = nodes.mix(nodes.math("MULTIPLY", vein, here), rgba("#e7e2da"), rgba("#a49f97"))
    if eyes:
        image = bpy.data.images.load(eyes)
        image.colorspace_settings.name = "Non-Color"
        colour = nodes.mix(nodes.add("TexImage", image=image).outputs["Color"], colour, rgba("#6f6a62"))
    return nodes.show(nodes.add("BsdfPrincipled", {
        "Base Color": colour, "Roughness": 0.42, "Subsurface Weight": 0.6, "Subsurface Radius": (1, 0.9, 0.75),
        "Subsurface Scale": 0.005, "Normal": nodes.bump(nodes.noise(350), 0.1, 0.0005)}))


def shell(decal: Decal) -> bpy.types.Material:
    """White, glazed ceramic in the vertex colour with dark seams."""
    nodes = Nodes("shell")
    colour = nodes.mix(decal.on(nodes), nodes.attribute("colour"), rgba(decal.colour))
    return nodes.show(nodes.add("BsdfPrincipled", {
        "Base Color": colour, "Roughness": 0.3, "Specular IOR Level": 0.5, "Coat Weight": 0.35, "Coat Roughness": 0.1,
        "Subsurface Weight": 0.2, "Subsurface Scale": 0.003}))


def plain(colour: str, roughness: float = 0.5, metal: float = 0.0) -> bpy.types.Material:
    nodes = Nodes("plain")
    return nodes.show(nodes.add("BsdfPrincipled", {"Base Color": rgba(colour), "Roughness": roughness, "Metallic": metal}))


def hair(colour: str, roughness: float = 0.3, variety: float = 0.25) -> bpy.types.Material:
    """Cycles' hair shader; each strand is a little lighter or darker than `colour`."""
    nodes = Nodes("hair")
    ramp = nodes.add("ValToRGB", {0: nodes.add("HairInfo").outputs["Random"]})
    for stop, factor in zip(ramp.color_ramp.elements, (1 - variety, 1 + variety)):
        stop.color = (*(linear(colour) * factor).clip(0, 1), 1)
    return nodes.show(nodes.add("BsdfHairPrincipled", {
        "Color": ramp.outputs[0], "Roughness": roughness, "Radial Roughness": 0.4, "Random Roughness": 0.2, "IOR": 1.5},
        model="CHIANG", parametrization="COLOR"))


def eyeball(picture: str, glow: float = 0.0) -> bpy.types.Material:
    nodes = Nodes("eyeball")
    colour = nodes.add("TexImage", image=bpy.data.images.load(picture)).outputs["Color"]
    return nodes.show(nodes.add("BsdfPrincipled", {
        "Base Color": colour, "Roughness": 0.25, "Specular IOR Level": 0.3, "Subsurface Weight": 0.25,
        "Subsurface Scale": 0.002, "Emission Color": colour, "Emission Strength": glow}))


def cornea() -> bpy.types.Material:
    """Only its reflections are seen."""
    nodes = Nodes("cornea")
    fresnel = nodes.add("Fresnel", {"IOR": 1.38}).outputs[0]
    clear, glossy = nodes.add("BsdfTransparent").outputs[0], nodes.add("BsdfGlossy", {"Roughness": 0.02}).outputs[0]
    return nodes.show(nodes.add("MixShader", {0: fresnel, 1: clear, 2: glossy}))

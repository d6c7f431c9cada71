"""Camera, light, background, and the renderer's settings."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import bpy
import numpy as np
from colours import rgba
from head import Head
from mathutils import Vector
from meshes import link
from nodes import Nodes

LENS, SENSOR = 85, 36


@dataclass
class Light:
    place: tuple[float, float, float]
    """From the middle of the face, in metres."""
    size: float
    power: float
    colour: tuple[float, float, float]


SOFT = {"key": Light((-0.65, -1.0, 0.5), 0.8, 19, (1, 0.955, 0.90)), "fill": Light((0.95, -0.85, 0.0), 1.0, 7, (0.90, 0.94, 1)),
        "under": Light((0, -0.8, -0.55), 0.6, 2.5, (1, 0.94, 0.9)),
        "left rim": Light((-0.75, 0.75, 0.45), 0.5, 5, (0.88, 0.93, 1)),
        "right rim": Light((0.8, 0.7, 0.5), 0.5, 9, (1, 0.94, 0.87)), "top": Light((0, -0.1, 1.1), 0.6, 5, (1, 1, 1))}
SIDE = {"key": Light((-0.85, -0.8, 0.5), 0.55, 25, (1, 0.94, 0.86)), "fill": Light((0.9, -0.9, -0.1), 1.0, 5, (0.72, 0.82, 1)),
        "left rim": Light((-0.7, 0.8, 0.4), 0.4, 10, (0.6, 0.75, 1)), "right rim": Light((0.75, 0.7, 0.4), 0.4, 22, (1, 1, 1))}


@dataclass
class Look:
    background: tuple[str, str]
    """In the middle, at the edge."""
    lights: dict[str, Light]
    power: float = 1.0
    rim: float = 1.0
    rim_colour: tuple[float, float, float] | None = None
    """Of the right rim light."""
    frame: float = 1.85
    """The picture's height in heights of the head."""
    lower: float = 0.06
    """How far the head is above the middle, in heights of the picture."""
    exposure: float = 0.0


def build(head: Head, look: Look) -> None:
    height = head.crown - head.chin
    face = np.array([0, head.eyes[0][1], head.eye_level * 0.5 + head.chin * 0.5])
    frame = height * look.frame
    camera = bpy.data.cameras.new("camera")
    camera.lens, camera.sensor_width, camera.clip_start = LENS, SENSOR, 0.01
    eye = link("camera", camera)
    eye.location = 0, face[1] - frame * LENS / SENSOR, (head.crown + head.chin) / 2 - frame * look.lower
    eye.rotation_euler = math.pi / 2, 0, 0
    bpy.context.scene.camera = eye
    for name, light in look.lights.items():
        _light(name, light, Vector(face), look)
    _background(look)
    view = bpy.context.scene.view_settings
    view.view_transform, view.look, view.exposure = "AgX", "AgX - Medium High Contrast", look.exposure


def _light(name: str, light: Light, aim: Vector, look: Look) -> None:
    data = bpy.data.lights.new(name, "AREA")
    data.size = light.size
    data.energy = light.power * look.power * (look.rim if "rim" in name else 1)
    data.color = look.rim_colour if name == "right rim" and look.rim_colour else light.colour
    thing = link(name, data)
    thing.location = aim + Vector(light.place)
    thing.rotation_euler = (-Vector(light.place)).to_track_quat("-Z", "Y").to_euler()


def _background(look: Look) -> None:
    """A soft spot that only the camera sees: with a transparent film the ends of the hair would be noisy."""
    world = bpy.data.worlds.new("world")
    bpy.context.scene.world = world
    world.use_nodes = True
    nodes = Nodes.__new__(Nodes)
    nodes.tree = world.node_tree
    nodes.tree.nodes.clear()
    away = nodes.add("VectorMath", {0: nodes.add("TexCoord").outputs["Window"], 1: (0.5, 0.56, 0)}, operation="DISTANCE")
    ramp = nodes.add("ValToRGB", {0: away.outputs["Value"]})
    ramp.color_ramp.interpolation = "EASE"
    for stop, colour, place in zip(ramp.color_ramp.elements, look.background, (0.0, 0.8)):
        stop.color, stop.position = rgba(colour), place
    seen = nodes.add("Background", {"Color": ramp.outputs[0]}).outputs[0]
    lit = nodes.add("Background", {"Color": (0.58, 0.6, 0.64, 1), "Strength": 0.32}).outputs[0]
    camera = nodes.add("LightPath").outputs["Is Camera Ray"]
    nodes.add("OutputWorld", {"Surface": nodes.add("MixShader", {0: camera, 1: lit, 2: seen}).outputs[0]})


def renderer(side: int, samples: int, bounces: int = 4, threshold: float = 0.04) -> None:
    scene = bpy.context.scene
    scene.render.engine, cycles = "CYCLES", scene.cycles
    cycles.device, cycles.samples, cycles.seed = "CPU", samples, 0
    cycles.use_adaptive_sampling, cycles.adaptive_threshold = True, threshold
    cycles.use_denoising, cycles.denoiser = True, "OPENIMAGEDENOISE"
    cycles.max_bounces, cycles.transparent_max_bounces = bounces, 12
    cycles.caustics_reflective = cycles.caustics_refractive = False
    scene.cycles_curves.shape = "RIBBONS"
    scene.render.resolution_x = scene.render.resolution_y = side
    scene.render.threads_mode, scene.render.threads = "FIXED", 2
    scene.render.image_settings.file_format, scene.render.image_settings.color_mode = "PNG", "RGB"
    scene.render.image_settings.compression = 100


def render(path: Path) -> None:
    bpy.context.scene.render.filepath = str(path)
    bpy.ops.render.render(write_still=True)

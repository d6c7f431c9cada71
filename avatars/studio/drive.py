"""Renders the driving clip: python drive.py --makehuman FOLDER --assets FOLDER [--frames 41,94]  (see README.md)."""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
from fractions import Fraction
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

import av  # noqa: E402
import bpy  # noqa: E402
import complexion  # noqa: E402
import face_hair  # noqa: E402
import hairstyles  # noqa: E402
import irises  # noqa: E402
import materials  # noqa: E402
import numpy as np  # noqa: E402
import stage  # noqa: E402
from drive_track import FRAMES, RATE, track  # noqa: E402
from figure import EXPRESSION, Body, Figure, Shape, about_x, about_y, about_z  # noqa: E402
from hairline import Hairline  # noqa: E402
from head import Head, add_clothes, add_eyes  # noqa: E402
from library import Library  # noqa: E402
from mathutils import Matrix  # noqa: E402
from meshes import link, mesh, metres, move  # noqa: E402
from scipy.spatial import cKDTree  # noqa: E402
from shapes import FRIENDLY  # noqa: E402

SIDE, SAMPLES = 512, 3
CHANNELS = {
    "blink": {"eye-{side}-closure": 1.0}, "jaw": {"mouth-open": 0.8}, "pucker": {"mouth-pursing": 0.9},
    "smile": {"mouth-corner-puller": 1.0, "mouth-part-later": 0.2, "eye-{side}-slit": 0.25},
    "brow": {"eyebrows-{side}-up": 0.9, "eyebrows-{side}-inner-up": 0.5, "eyebrows-{side}-extern-up": 0.7}}
"""Channel of the track to the morphs that it moves."""
NECK_SHARE = 0.35
"""How much of a turn of the head the neck makes."""
HAIRLINE = Hairline(front=0.66, temple=0.56, sideburn=0.12, nape=-0.5)
SHAPE = Shape(Body(female=0, age=30, race={"caucasian": 0.6, "african": 0.2, "asian": 0.2}, muscle=0.55), {
    **FRIENDLY, EXPRESSION + "eye-{side}-closure": 0.0, EXPRESSION + "mouth-corner-puller": 0.1,
    "eyes/{s}-eye-scale-incr": 0.4}, eye_growth=1.15)

COMPLEXION = complexion.Complexion("#c08a6c", lip="#a85a50", scalp=("#1d140f", HAIRLINE, 0.9))


class Actor:
    def __init__(self, library: Library, drawings: Path):
        bpy.ops.wm.read_factory_settings(use_empty=True)
        self.figure = Figure(library, SHAPE)
        self._rest = self.figure.points.copy()
        clothes = library.clothes("male_casualsuit06")
        painted = complexion.paint(self.figure, COMPLEXION)
        skin = materials.skin(materials.SkinLook(subsurface=0, bump=0.1))
        self.head = Head(self.figure, painted, skin, clothes.hidden, bare=0.085)
        picture = irises.paint(irises.EyeLook(), drawings / "eyes.png")
        self._eyes = add_eyes(self.figure, materials.eyeball(picture), materials.cornea())
        self._mouth = Mouth(self.figure)
        add_clothes(self.figure, "male_casualsuit06", materials.cloth("#4a5a6e"))
        self._brows = Follower(face_hair.add_solid_brows(self.head, materials.plain("#20150e", 0.8), 0.0026), self._rest)
        hairstyles.short(self.head, materials.hair("#1c120c"), hairstyles.Short(
            top=0.028, side=0.010, back=0.010, sweep=(0.3, 0.6, 0.2), flat=0.9, hairline=HAIRLINE, hairs=16000))
        pivots = self.figure.joint("neck"), self.figure.joint("head") - [0, 0.35, 0]
        weights = self.figure.neck_weight + self.figure.head_weight, self.figure.head_weight
        self._turns = list(zip((NECK_SHARE, 1 - NECK_SHARE), pivots, (np.clip(weight, 0, 1) for weight in weights)))
        stage.build(self.head, stage.Look(("#8a97a3", "#4a545e"), stage.SOFT, frame=1.8, lower=0.05))

    def act(self, state: dict[str, float]) -> None:
        figure = self.figure
        figure.points = self._rest.copy()
        for channel, morphs in CHANNELS.items():
            for name, amount in morphs.items():
                figure.morph(EXPRESSION + name, amount * state[channel])
        self._brows.follow(figure.points)
        self._mouth.follow(figure)
        eyes = self._looking(state["gaze_x"], state["gaze_y"])
        whole = np.eye(4)
        for share, pivot, weight in self._turns:
            yaw, pitch, roll = (np.radians(state[angle]) * share for angle in ("yaw", "pitch", "roll"))
            rotation = about_y(yaw) @ about_x(pitch) @ about_z(-roll)
            figure.turn(weight, pivot, rotation)
            turned = np.eye(4)
            turned[:3, :3], turned[:3, 3] = rotation, pivot - rotation @ pivot
            whole = turned @ whole
        move(self.head.body, metres(figure.points[self.head.used]))
        place = _in_blender(whole)
        for part, used in self._eyes.values():
            move(part, metres(eyes[used]))
            part.matrix_world = place
        for thing in *self._mouth.parts, bpy.data.objects["hair"], bpy.data.objects["brows"]:
            thing.matrix_world = place

    def _looking(self, right: float, down: float) -> np.ndarray:
        """The points of the eyeballs, each turned about its own centre."""
        points = self.figure.library.eyes.fitted(self.figure.points)
        rotation = about_y(np.radians(right)) @ about_x(np.radians(down))
        for eye, side in zip(self.figure.eyes, (1, -1)):
            own = points[:, 0] * side > 0
            points[own] = (points[own] - eye) @ rotation.T + eye
        return points


class Mouth:
    """What is seen in an open mouth: teeth, a tongue, and a little light, without which all of it would be a black hole."""

    UPPER, LOWER = np.array([0, -0.07, 0]), np.array([0, -0.07, -0.02])
    """Decimetres by which the teeth sit lower than MakeHuman's: with those, smiles and words would show the lower ones only."""
    TONGUE_SHARE = 1.25
    """Of the way of the lower teeth; the asset's tongue does not follow the jaw by itself."""

    def __init__(self, figure: Figure):
        library = figure.library
        self._teeth, self._tongue = (proxy.fitted(figure.points) for proxy in (library.teeth, library.tongue))
        self._lower = self._teeth[:, 1] < self._teeth[:, 1].mean()
        self.parts = (mesh("teeth", metres(self._teeth), library.teeth.mesh.faces, materials.plain("#f2ecdf", 0.3)),
                      mesh("tongue", metres(self._tongue), library.tongue.mesh.faces, materials.plain("#a8605a", 0.45)))
        lamp = bpy.data.lights.new("throat", "POINT")
        lamp.energy, lamp.color, lamp.shadow_soft_size = 0.006, (1, 0.7, 0.62), 0.004
        light = link("throat", lamp)
        light.location = metres(self._tongue).mean(axis=0) + (0, 0, 0.012)
        light.parent = self.parts[1]

    def follow(self, figure: Figure) -> None:
        teeth = figure.library.teeth.fitted(figure.points)
        jaw = (teeth - self._teeth)[self._lower].mean(axis=0)
        move(self.parts[0], metres(teeth + np.where(self._lower[:, None], self.LOWER, self.UPPER)))
        move(self.parts[1], metres(self._tongue + self.TONGUE_SHARE * jaw))


class Follower:
    """A mesh that goes with the skin beside it."""

    def __init__(self, thing: bpy.types.Object, skin: np.ndarray):
        self._thing, self._skin = thing, skin
        points = np.empty(len(thing.data.vertices) * 3, np.float32)
        thing.data.vertices.foreach_get("co", points)
        self._points = points.reshape(-1, 3)
        distance, self._near = cKDTree(metres(skin)).query(self._points, k=4)
        self._weights = 1 / (distance + 1e-4) ** 2
        self._weights /= self._weights.sum(axis=1, keepdims=True)

    def follow(self, skin: np.ndarray) -> None:
        shift = metres(skin - self._skin)[self._near] * self._weights[..., None]
        move(self._thing, self._points + shift.sum(axis=1))


def _in_blender(transform: np.ndarray) -> Matrix:
    """A transform of MakeHuman's space as one of Blender's."""
    axes = np.array([[0.1, 0, 0, 0], [0, 0, -0.1, 0], [0, 0.1, 0, 0], [0, 0, 0, 1]])
    return Matrix((axes @ transform @ np.linalg.inv(axes)).tolist())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--makehuman", type=Path, required=True)
    parser.add_argument("--assets", type=Path, required=True)
    parser.add_argument("--frames", help="render only these, as pictures: numbers with commas")
    parser.add_argument("--pictures", type=Path, default=Path("drive-frames"), help="folder of the frames; keeps those there")
    parser.add_argument("-o", "--output", type=Path, default=HERE.parent / "driving")
    options = parser.parse_args()
    wanted = [int(frame) for frame in options.frames.split(",")] if options.frames else range(FRAMES)
    for folder in options.pictures, options.output:
        folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as drawings:
        actor = Actor(Library(options.makehuman, options.assets), Path(drawings))
        stage.renderer(SIDE, SAMPLES, bounces=3, threshold=0.05)
        bpy.context.scene.render.use_persistent_data = True
        # With so few samples the denoiser's own passes would cost more than all of them.
        bpy.context.scene.cycles.denoising_prefilter, bpy.context.scene.cycles.denoising_quality = "NONE", "FAST"
        bpy.context.scene.render.image_settings.compression = 15
        for frame in wanted:
            picture, before = (options.pictures / f"{number:04d}.png" for number in (frame, frame - 1))
            if picture.exists():
                continue
            if before.exists() and {**track(frame), "frame": 0} == {**track(frame - 1), "frame": 0}:
                shutil.copy(before, picture)
            else:
                actor.act(track(frame))
                stage.render(picture)
    if not options.frames:
        encode(options.pictures, options.output / "drive.mp4")
        states = [{name: round(value, 4) for name, value in track(frame).items()} for frame in range(FRAMES)]
        (options.output / "drive.json").write_text("[" + ",\n ".join(json.dumps(state) for state in states) + "]\n")


def encode(pictures: Path, clip: Path) -> None:
    with av.open(str(clip), "w", options={"movflags": "faststart"}) as container:
        stream = container.add_stream("libx264", rate=RATE, options={"crf": "24", "preset": "veryslow", "threads": "1"})
        stream.width = stream.height = SIDE
        stream.pix_fmt = "yuv420p"
        for frame in range(FRAMES):
            with av.open(str(pictures / f"{frame:04d}.png")) as picture:
                image = next(picture.decode(video=0)).reformat(format="yuv420p")
            image.pts, image.time_base = frame, Fraction(1, RATE)
            container.mux(stream.encode(image))
        container.mux(stream.encode(None))


if __name__ == "__main__":
    main()

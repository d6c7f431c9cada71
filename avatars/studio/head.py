"""A figure in Blender: its skin, eyes and clothes, and what hair and brows need to know of its surface."""

from __future__ import annotations

import bpy
import numpy as np
from complexion import Painted
from figure import Figure
from hairline import Hairline
from mathutils import Vector
from mathutils.bvhtree import BVHTree
from meshes import compact, mesh, metres, unit
from scipy.spatial import cKDTree


class Head:
    """`x` is the figure's left, the face looks along -y, z is up; all in metres."""

    def __init__(self, figure: Figure, painted: Painted, material: bpy.types.Material, hidden: set[int], bare: float):
        """`hidden` points are under the clothes, and so is the skin farther than `bare` metres from the middle."""
        self.figure, self.painted = figure, painted
        self.eyes = tuple(metres(eye) for eye in figure.eyes)
        self.eye_level, self.crown, self.chin = (0.1 * height for height in (figure.eye_level, figure.crown, figure.chin))
        self.middle = 0.1 * -figure.middle
        faces, face_uv = _seen(figure, hidden, bare)
        points, faces, self.used = compact(metres(figure.points), faces)
        values = {"colour": painted.colour, "roughness": painted.roughness, "freckles": painted.freckles}
        self.body = mesh("body", points, faces, material, 2, figure.base.uv, face_uv,
                         {key: value[self.used] for key, value in values.items()})
        self._measure()

    def _measure(self) -> None:
        evaluated = self.body.evaluated_get(bpy.context.evaluated_depsgraph_get()).to_mesh()
        self.points, self.normals = (np.empty(len(evaluated.vertices) * 3, np.float32) for _ in range(2))
        evaluated.vertices.foreach_get("co", self.points)
        evaluated.vertices.foreach_get("normal", self.normals)
        evaluated.calc_loop_triangles()
        triangles = np.empty(len(evaluated.loop_triangles) * 3, np.int32)
        evaluated.loop_triangles.foreach_get("vertices", triangles)
        self.points, self.normals = (array.reshape(-1, 3).astype(float) for array in (self.points, self.normals))
        self.triangles = triangles.reshape(-1, 3)
        self._tree = cKDTree(self.points)
        self._rays = BVHTree.FromPolygons([Vector(point) for point in self.points], self.triangles.tolist())

    def in_front(self, x: float, z: float) -> tuple[np.ndarray, np.ndarray]:
        """The place of the face that is seen at x, z from the front, and its normal."""
        point, normal, *_ = self._rays.ray_cast(Vector((x, -1, z)), Vector((0, 1, 0)))
        return np.array(point), np.array(normal)

    def nearest(self, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """How far above the skin points are, and the skin's normal there."""
        _, which = self._tree.query(points)
        normal = self.normals[which]
        return ((points - self.points[which]) * normal).sum(axis=1), normal

    def around(self, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Azimuth in degrees and height, as `Figure.around` has them."""
        return self.figure.around(np.stack([points[:, 0], points[:, 2], -points[:, 1]], axis=1) * 10)

    def hair_density(self, hairline: Hairline):
        ears = self.painted.ears > 0.12
        return lambda points: hairline.inside(*self.around(points)) * (self.distance_to(ears, points) > 0.0045)

    def distance_to(self, mask: np.ndarray, points: np.ndarray) -> np.ndarray:
        """From points to the figure's vertices where a mask is set."""
        return cKDTree(metres(self.figure.points[mask])).query(points)[0]

    def roots(self, count: int, density, random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """Places on the skin and their normals; `density` says how likely each of some points is (0..1)."""
        corners = self.points[self.triangles]
        area = np.linalg.norm(np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]), axis=1)
        weight = area * density(corners.mean(axis=1))
        chosen = random.choice(len(area), count, p=weight / weight.sum())
        shares = random.random((count, 2))
        shares = np.where(shares.sum(axis=1, keepdims=True) > 1, 1 - shares, shares)[:, :, None]
        first, second, third = corners[chosen].transpose(1, 0, 2)
        points = first + (second - first) * shares[:, 0] + (third - first) * shares[:, 1]
        return points, unit(self.normals[self.triangles[chosen]].mean(axis=1))


def _seen(figure: Figure, hidden: set[int], bare: float) -> tuple[list, list]:
    base, points = figure.base, figure.points
    on_head = figure.head_weight + figure.neck_weight
    lowest, neck = figure.chin - 4.2, figure.joint("neck")[1]

    def seen(face: list[int]) -> bool:
        if all(point in hidden for point in face) or points[face, 1].max() < lowest:
            return False
        if not hidden:
            return True
        below = (on_head[face] < 0.02) & (points[face, 1] < neck - 1.6)
        beside = (np.abs(points[face, 0]) > bare * 10) & (points[face, 1] < neck + 0.3)
        return not (below.all() or beside.all())

    kept = [(face, uv) for face, uv, group in zip(base.faces, base.face_uv, base.groups) if group == "body" and seen(face)]
    return [face for face, _ in kept], [uv for _, uv in kept]


def add_eyes(figure: Figure, ball: bpy.types.Material, cornea: bpy.types.Material | None) -> dict:
    """The eyeballs and, on their own, the clear corneas. Returns name to (object, which of the proxy's points it has)."""
    proxy = figure.library.eyes
    points, parts = metres(proxy.fitted(figure.points)), {"eyeballs": [], "corneas": []}
    for face, uv in zip(proxy.mesh.faces, proxy.mesh.face_uv):
        across, up = proxy.mesh.uv[uv].mean(axis=0)
        parts["corneas" if across > 0.86 and up < 0.14 else "eyeballs"].append((face, uv))
    made = {}
    for (name, kept), material in zip(parts.items(), (ball, cornea)):
        if material:
            own, faces, used = compact(points, [face for face, _ in kept])
            made[name] = mesh(name, own, faces, material, 1, proxy.mesh.uv, [uv for _, uv in kept]), used
    if "corneas" in made:
        made["corneas"][0].visible_shadow = False
    return made


def add_clothes(figure: Figure, name: str, material: bpy.types.Material, subdivide: int = 1) -> None:
    proxy = figure.library.clothes(name)
    mesh("clothes", metres(proxy.fitted(figure.points)), proxy.mesh.faces, material, subdivide)

"""From MakeHuman's space (decimetres, y up) to Blender's objects (metres, z up, the face looks along -y)."""

from __future__ import annotations

import bpy
import numpy as np


def metres(points: np.ndarray) -> np.ndarray:
    return np.stack([points[..., 0], -points[..., 2], points[..., 1]], axis=-1) * 0.1


def link(name: str, data) -> bpy.types.Object:
    thing = bpy.data.objects.new(name, data)
    bpy.context.collection.objects.link(thing)
    return thing


def mesh(name: str, points: np.ndarray, faces: list, material: bpy.types.Material, subdivide: int = 0,
         uv: np.ndarray | None = None, face_uv: list | None = None, values: dict | None = None) -> bpy.types.Object:
    """A smooth mesh of `points` in metres; `values` are vertex values: numbers or colours."""
    data = bpy.data.meshes.new(name)
    data.from_pydata(points.tolist(), [], [list(face) for face in faces])
    data.polygons.foreach_set("use_smooth", [True] * len(data.polygons))
    data.materials.append(material)
    if uv is not None and len(uv):
        corners = np.array([uv[corner] for face in face_uv for corner in face], np.float32)
        data.uv_layers.new(name="UVMap").data.foreach_set("uv", corners.ravel())
    for key, value in (values or {}).items():
        if value.ndim == 2:
            opaque = np.c_[value, np.ones(len(value))].astype(np.float32)
            data.attributes.new(key, "FLOAT_COLOR", "POINT").data.foreach_set("color", opaque.ravel())
        else:
            data.attributes.new(key, "FLOAT", "POINT").data.foreach_set("value", value.astype(np.float32))
    thing = link(name, data)
    if subdivide:
        modifier = thing.modifiers.new("subdivide", "SUBSURF")
        modifier.levels = modifier.render_levels = subdivide
    return thing


def move(thing: bpy.types.Object, points: np.ndarray) -> None:
    thing.data.vertices.foreach_set("co", points.astype(np.float32).ravel())
    thing.data.update()


def strands(name: str, points: np.ndarray, material: bpy.types.Material, radius: float, tip: float = 0.35,
            taper: float = 1.5) -> bpy.types.Object:
    """Hair curves: `points` is (strands, points of each, 3)."""
    count, length, _ = points.shape
    data = bpy.data.hair_curves.new(name)
    data.add_curves([length] * count)
    data.attributes["position"].data.foreach_set("vector", np.ascontiguousarray(points, np.float32).ravel())
    along = radius * (1 + (tip - 1) * np.linspace(0, 1, length) ** taper)
    attribute = data.attributes.get("radius") or data.attributes.new("radius", "FLOAT", "POINT")
    attribute.data.foreach_set("value", np.tile(along, count).astype(np.float32))
    data.materials.append(material)
    return link(name, data)


def tubes(name: str, points: np.ndarray, radii: np.ndarray | float, material: bpy.types.Material, profile,
          sides: int = 8, melt: float = 0.0, soften: int = 0) -> bpy.types.Object:
    """Closed tubes along curves (tubes, points of each, 3); `profile` maps 0..1 along them to a share of the radius.

    `melt` (metres) remeshes them into one body with details of that size.
    """
    count, length, _ = points.shape
    along = np.gradient(points, axis=1)
    first, second = across(along)
    angle = np.linspace(0, 2 * np.pi, sides, endpoint=False)[:, None]
    ring = first[:, :, None] * np.cos(angle) + second[:, :, None] * np.sin(angle)
    thickness = profile(np.linspace(0, 1, length))[None, :] * np.broadcast_to(radii, count)[:, None]
    skin = points[:, :, None] + ring * thickness[:, :, None, None]
    start = np.arange(count)[:, None, None] * length * sides
    step, side = np.arange(length - 1)[None, :, None] * sides, np.arange(sides)
    beside = (side + 1) % sides
    faces = np.stack([start + step + side, start + step + beside, start + step + sides + beside,
                      start + step + sides + side], axis=-1).reshape(-1, 4).tolist()
    for one in range(count):
        root, tip = one * length * sides, (one * length + length - 1) * sides
        faces += [list(range(root + sides - 1, root - 1, -1)), list(range(tip, tip + sides))]
    thing = mesh(name, skin.reshape(-1, 3), faces, material)
    if melt:
        modifier = thing.modifiers.new("melt", "REMESH")
        modifier.mode, modifier.voxel_size, modifier.use_smooth_shade = "VOXEL", melt, True
        modifier = thing.modifiers.new("soften", "SMOOTH")
        modifier.iterations, modifier.factor = soften, 0.5
    return thing


def across(along: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Two directions at right angles to each tangent and to each other."""
    tangent = unit(along)
    first = unit(np.cross(tangent, [0.21, 0.4, 0.9]))
    return first, np.cross(tangent, first)


def unit(vectors: np.ndarray) -> np.ndarray:
    return vectors / (np.linalg.norm(vectors, axis=-1, keepdims=True) + 1e-9)


def compact(points: np.ndarray, faces: list) -> tuple[np.ndarray, list, np.ndarray]:
    """Without the points that no face uses: points, faces, and which points were kept."""
    used = np.unique([point for face in faces for point in face])
    place = {point: index for index, point in enumerate(used)}
    return points[used], [[place[point] for point in face] for face in faces], used

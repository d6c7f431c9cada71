"""Reads the CC0 part of MakeHuman: the base mesh, its morph targets, its rig weights and what is fitted to it.

All points are in MakeHuman's own space here: decimetres, y up, the face looks along +z, x is the figure's left.
"""

from __future__ import annotations

import functools
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np


@dataclass
class Mesh:
    points: np.ndarray
    """(points, 3)."""
    uv: np.ndarray
    """(corners' points, 2)."""
    faces: list[list[int]]
    face_uv: list[list[int]]
    groups: list[str]
    """Of each face."""

    def group(self, name: str) -> np.ndarray:
        """The points that the faces of a group use."""
        return self._points_of[name]

    @functools.cached_property
    def _points_of(self) -> dict[str, np.ndarray]:
        points = {}
        for face, group in zip(self.faces, self.groups):
            points.setdefault(group, set()).update(face)
        return {group: np.array(sorted(which)) for group, which in points.items()}


@dataclass
class Proxy:
    """A mesh that follows the figure: each point hangs on three of the figure's, with an offset."""

    mesh: Mesh
    anchors: np.ndarray
    weights: np.ndarray
    offsets: np.ndarray
    scales: list[tuple[int, int, float] | None]
    """An axis' scale: two points of the figure and the distance between them that means 1."""
    hidden: set[int]
    """Points of the figure that it covers."""

    def fitted(self, points: np.ndarray) -> np.ndarray:
        scale = np.array([abs(points[pair[0], axis] - points[pair[1], axis]) / pair[2] if pair else 1
                          for axis, pair in enumerate(self.scales)])
        return (points[self.anchors] * self.weights[:, :, None]).sum(axis=1) + self.offsets * scale


class Library:
    """`makehuman` is a checkout of makehumancommunity/makehuman, `assets` one of makehumancommunity/makehuman-assets."""

    def __init__(self, makehuman: Path, assets: Path):
        self._data = makehuman / "makehuman" / "data"
        self._assets = assets / "base"
        for folder, named in (self._data, "makehuman"), (self._assets, "makehuman-assets"):
            if not folder.is_dir():
                raise SystemExit(f"{folder} does not exist: give the folder of a checkout of {named} (see README.md)")

    @functools.cached_property
    def base(self) -> Mesh:
        return read_obj(self._data / "3dobjs" / "base.obj")

    @functools.cached_property
    def rig(self) -> dict[str, np.ndarray]:
        """Bone to the weight of each point."""
        bones = json.loads((self._data / "rigs" / "default_weights.mhw").read_text())["weights"]
        found = {}
        for bone, pairs in bones.items():
            found[bone] = np.zeros(len(self.base.points))
            for point, weight in pairs:
                found[bone][point] = weight
        return found

    @functools.cache  # noqa: B019 (one library lives as long as the process)
    def target(self, name: str) -> tuple[np.ndarray, np.ndarray]:
        """Which points a morph moves, and how far."""
        rows = [line.split() for line in (self._data / "targets" / f"{name}.target").read_text().splitlines()
                if line and line[0] != "#"]
        rows = [row for row in rows if len(row) == 4]
        return np.array([int(row[0]) for row in rows], int), np.array([row[1:] for row in rows], float).reshape(-1, 3)

    def has_target(self, name: str) -> bool:
        return (self._data / "targets" / f"{name}.target").is_file()

    @functools.cached_property
    def eyes(self) -> Proxy:
        return read_proxy(self._data / "eyes" / "high-poly" / "high-poly.mhclo")

    @functools.cached_property
    def teeth(self) -> Proxy:
        return self._asset("teeth", "teeth_base")

    @functools.cached_property
    def tongue(self) -> Proxy:
        return self._asset("tongue", "tongue01")

    def clothes(self, name: str) -> Proxy:
        return self._asset("clothes", name)

    def _asset(self, kind: str, name: str) -> Proxy:
        return read_proxy(self._assets / kind / name / f"{name}.mhclo")


def read_obj(path: Path) -> Mesh:
    points, uv, faces, face_uv, groups, group = [], [], [], [], [], ""
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        kind, *values = line.split() or [""]
        if kind == "v":
            points.append([float(value) for value in values[:3]])
        elif kind == "vt":
            uv.append([float(value) for value in values[:2]])
        elif kind == "g":
            group = values[0] if values else ""
        elif kind == "f":
            corners = [(corner.split("/") + [""])[:2] for corner in values]
            faces.append([int(point) - 1 for point, _ in corners])
            face_uv.append([int(texture) - 1 if texture else -1 for _, texture in corners])
            groups.append(group)
    return Mesh(np.array(points), np.array(uv).reshape(-1, 2), faces, face_uv, groups)


def read_proxy(path: Path) -> Proxy:
    mesh, rows, scales, hidden, section = None, [], [None] * 3, set(), ""
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        words = line.split()
        if not words or words[0].startswith("#"):
            continue
        if words[0] == "obj_file":
            mesh = read_obj(path.parent / words[1])
        elif words[0] in ("x_scale", "y_scale", "z_scale"):
            scales["xyz".index(words[0][0])] = int(words[1]), int(words[2]), float(words[3])
        elif words[0] in ("verts", "weights", "delete_verts"):
            section = words[0]
        elif section == "verts" and len(words) == 1:
            rows.append([int(words[0])] * 3 + [1, 0, 0, 0, 0, 0])
        elif section == "verts" and len(words) >= 9:
            rows.append([float(word) for word in words[:9]])
        elif section == "delete_verts":
            hidden |= _ranges(words)
    table = np.array(rows, float)
    return Proxy(mesh, table[:, :3].astype(int), table[:, 3:6], table[:, 6:9], scales, hidden)


def _ranges(words: list[str]) -> set[int]:
    """The numbers in "3 7 - 9 12"."""
    numbers, position = set(), 0
    while position < len(words):
        if words[position + 1:position + 2] == ["-"]:
            numbers |= set(range(int(words[position]), int(words[position + 2]) + 1))
            position += 3
        else:
            numbers.add(int(words[position]))
            position += 1
    return numbers

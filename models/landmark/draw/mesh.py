"""The mesh that carries the avatar's picture: the triangles of the face, and around them a net up to the picture's edges.

The face follows its landmarks. Around it hair, neck and ears follow the skull, less and less towards the shoulders; the neck
pulls the torso a little, and the picture's edges hardly move. It is built once per avatar.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from ...face.measures import smoothstep
from ...face.topology import (
    CHIN,
    EYES,
    FACE_OVAL,
    FACE_TRIANGLES,
    FOREHEAD_TOP,
    INNER_LIP_LOWER,
    INNER_LIP_UPPER,
    LANDMARKS,
    LOWER_MARGINS,
    TEMPLES,
    UPPER_MARGINS,
    strip,
)
from ..move.avatar_face import AvatarFace, Placement
from .layers import Layers

RINGS = (0.05, 0.11)
"""Distances of two rings of vertices from the oval, in face heights."""
GRID_STEP = 1 / 11
"""Step of the grid beyond the rings, in face heights."""
GRID_CELLS = 60
"""Largest number of grid cells along a side: around a small face the grid is coarser than GRID_STEP."""
BEYOND = 0.35
"""How far the net reaches beyond the picture, in parts of its sides."""
CLEARANCE = 0.45
"""Least distance of the vertices of the grid from oval and rings, in grid steps."""
DEPTH_REACH = 0.16
"""Decay length of the oval's depth into that of hair and ears, in face heights."""
EAR_FLATNESS = 0.05
"""Least depth of the further ear beyond the mean of both, in face heights."""
HAIR_DEPTH, NECK_DEPTH = 0.25, 1.5
"""Share of the depth taken from the ears by compression that hair and neck get back. At 0 a turning head drags hair and
shoulders along; at 1 a bald skull stays behind its forehead like a cone. The neck lies further back than the ears."""

HEAD_START, HEAD_END = -0.12, 0.62
"""Heights below the chin, in face heights, between which vertices cease to follow the skull."""
BOTTOM_SHARE = 0.30
"""How much of their motion the vertices at the bottom edge of the picture keep."""
BOTTOM_START, BOTTOM_END = -0.05, 0.35
"""Heights above the bottom edge, in face heights, between which vertices pass from BOTTOM_SHARE to all of their motion."""
TOP_SHARE = 0.45
"""How much of their motion the vertices at the top edge of the picture keep."""
TOP_START, TOP_END = -0.10, 0.25
"""Heights below the top edge, in face heights, between which vertices pass from TOP_SHARE to all of their motion."""
NECK = 0.35
"""Height of the base of the neck below the chin, in face heights."""
TORSO_SHARE = 0.6
"""How far the torso follows the base of the neck, 0..1."""
EXPRESSION_REACH = 0.22
"""Decay length of the oval's own expression, such as an opening jaw, into the net, in face heights."""
LASH_ABOVE = 0.06
"""Height above the upper margin that closed lids take their texture from, in openings of the eye: lashes or lid, no eyeball."""
BOUND = 8.0
"""Largest coordinate of a vertex, in picture sides: positions stay finite whatever was observed."""


@dataclass(frozen=True)
class Mesh:
    """The triangles of an avatar, and how its vertices move.

    The V vertices are the 478 landmarks, copies of the 14 points of the lower lid margins, and the N of the net.
    """

    triangles: np.ndarray
    """int32 (T, 3): the vertices of each triangle."""
    source: np.ndarray
    """float32 (V, 2): where each vertex lies in the padded foreground, with open eyes."""
    shut_lids: np.ndarray
    """float32 (14, 2): where the copies of the lid margins lie in the padded foreground while the eyes are shut."""
    net: np.ndarray
    """float64 (N, 3): the vertices of the net at rest."""
    head_share: np.ndarray
    """float64 (N, 1), 0..1: how far each vertex of the net follows the skull."""
    torso_share: np.ndarray
    """float64 (N, 1), 0..1: how far each vertex of the net follows the base of the neck."""
    expression_share: np.ndarray
    """float64 (N, 36): how far each vertex of the net follows the expression of each point of the oval."""
    neck: np.ndarray
    """float64 (1, 3): the base of the neck."""
    bound: float
    """Largest coordinate that is drawn, in pixels."""

    def place(self, face: AvatarFace, placement: Placement) -> np.ndarray:
        """float32 (V, 3): where each vertex is drawn, in pixels of the avatar's picture."""
        rigid = placement.rigid
        expression = placement.points[FACE_OVAL] - rigid.apply(face.points[FACE_OVAL])
        net = (self.net + (rigid.apply(self.net) - self.net) * self.head_share
               + (rigid.apply(self.neck) - self.neck) * self.torso_share + self.expression_share @ expression)
        vertices = np.concatenate([placement.points, placement.points[LOWER_MARGINS], net])
        return np.clip(vertices, -self.bound, self.bound).astype(np.float32)

    def textured(self, closing: np.ndarray) -> np.ndarray:
        """float32 (V, 2): `source` for eyes that are `closing`, (2,), from 0 at rest to 1 shut."""
        source = self.source.copy()
        copies = slice(LANDMARKS, LANDMARKS + len(LOWER_MARGINS))
        weight = np.repeat(closing, len(LOWER_MARGINS) // 2)[:, None].astype(np.float32)
        source[copies] += (self.shut_lids - source[copies]) * weight
        return source


def build(face: AvatarFace, layers: Layers) -> Mesh:
    """Return the mesh of an avatar of these layers."""
    height, width = layers.background.shape[:2]
    flat, distance = _net_vertices(face, width, height)
    depth, neck = _depth(face, flat, distance)
    head, torso = _shares(face, flat, height)
    copies = LANDMARKS + np.arange(len(LOWER_MARGINS))
    eye_fill = np.concatenate([strip(eye.upper, eye.lower) for eye in EYES])
    relabel = np.arange(LANDMARKS)
    relabel[LOWER_MARGINS] = copies
    net_labels = np.concatenate([FACE_OVAL, copies[-1] + 1 + np.arange(len(flat))])
    around = net_labels[_triangulate_outside(face.points[FACE_OVAL, :2], flat)]
    triangles = np.concatenate([around, relabel[eye_fill], strip(INNER_LIP_UPPER, INNER_LIP_LOWER), FACE_TRIANGLES])
    lids = face.points[:, :2]
    source = np.concatenate([lids, lids[LOWER_MARGINS], flat]) + layers.pad
    shut = lids[UPPER_MARGINS] + (lids[UPPER_MARGINS] - lids[LOWER_MARGINS]) * LASH_ABOVE + layers.pad
    visible = _visible(source, triangles, layers.foreground[..., 3])
    return Mesh(
        triangles=np.ascontiguousarray(triangles[visible], np.int32), source=source.astype(np.float32),
        shut_lids=shut.astype(np.float32), net=np.column_stack([flat, depth]), head_share=head[:, None],
        torso_share=torso[:, None], expression_share=_expression_shares(face, flat, distance, head),
        neck=np.append(_below_chin(face, NECK), neck)[None], bound=BOUND * max(width, height))


def _net_vertices(face: AvatarFace, width: int, height: int) -> tuple[np.ndarray, np.ndarray]:
    """(N, 2) and (N,): the vertices of rings and grid around the oval, and their distance from it in pixels."""
    oval = face.points[FACE_OVAL, :2]
    outward = oval - oval.mean(axis=0)
    outward /= np.maximum(np.linalg.norm(outward, axis=1, keepdims=True), 1.0)
    rings = np.concatenate([oval + outward * face.height * distance for distance in RINGS])
    step = max(face.height * GRID_STEP, (1 + 2 * BEYOND) * max(width, height) / GRID_CELLS)
    across = np.arange(-BEYOND * width, (1 + BEYOND) * width + step, step)
    down = np.arange(-BEYOND * height, (1 + BEYOND) * height + step, step)
    grid = np.stack(np.meshgrid(across, down), axis=-1).reshape(-1, 2)
    grid = grid[_distance_outside(oval, grid) > CLEARANCE * step]
    nearest = np.linalg.norm(grid[:, None] - rings[None], axis=2).min(axis=1)
    vertices = np.concatenate([rings, grid[nearest > CLEARANCE * step]])
    return vertices, np.maximum(_distance_outside(oval, vertices), 0.0)


def _distance_outside(outline: np.ndarray, points: np.ndarray) -> np.ndarray:
    """float64 (N,): the signed distance of points (N, 2) from a closed outline: positive outside, negative inside."""
    contour = outline.astype(np.float32)
    return np.array([-cv2.pointPolygonTest(contour, (float(x), float(y)), True) for x, y in points])


def _depth(face: AvatarFace, flat: np.ndarray, distance: np.ndarray) -> tuple[np.ndarray, float]:
    """Return the depth of each vertex of the net, (N,), which passes from the oval's to the hair's, and that of the neck."""
    oval = face.points[FACE_OVAL]
    apart = np.linalg.norm(flat[:, None] - oval[None, :, :2], axis=2)
    weights = 1.0 / (apart + 1e-3) ** 3
    near = weights @ oval[:, 2] / weights.sum(axis=1)
    ears, real = _ear_depth(face.points, face.height), _ear_depth(face.own_reference.points, face.height)
    hair = ears + (real - ears) * HAIR_DEPTH
    depth = hair + (near - hair) * np.exp(-(distance / (DEPTH_REACH * face.height)) ** 2)
    return depth, ears + (real - ears) * NECK_DEPTH


def _ear_depth(points: np.ndarray, face_height: float) -> float:
    """Return the depth of the further ear, in pixels."""
    left, right = points[list(TEMPLES), 2]
    return float(max(left, right, (left + right) / 2 + EAR_FLATNESS * face_height))


def _shares(face: AvatarFace, flat: np.ndarray, height: int) -> tuple[np.ndarray, np.ndarray]:
    """(N,) each, 0..1: how far each vertex of the net follows the skull, and the base of the neck."""
    chin = face.points[CHIN, :2]
    below = (flat - chin) @ _downward(face) / face.height
    above_bottom, below_top = (height - flat[:, 1]) / face.height, flat[:, 1] / face.height
    bottom = BOTTOM_SHARE + (1.0 - BOTTOM_SHARE) * smoothstep(BOTTOM_START, BOTTOM_END, above_bottom)
    top = TOP_SHARE + (1.0 - TOP_SHARE) * smoothstep(TOP_START, TOP_END, below_top)
    head = (1.0 - smoothstep(HEAD_START, HEAD_END, below)) * bottom * top
    return head, TORSO_SHARE * bottom * (1.0 - head)


def _downward(face: AvatarFace) -> np.ndarray:
    """(2,): unit vector from the forehead to the chin in the picture."""
    way = face.points[CHIN, :2] - face.points[FOREHEAD_TOP, :2]
    return way / max(float(np.linalg.norm(way)), 1e-6)


def _below_chin(face: AvatarFace, distance: float) -> np.ndarray:
    """(2,): the point `distance` face heights below the chin."""
    return face.points[CHIN, :2] + _downward(face) * distance * face.height


def _expression_shares(face: AvatarFace, flat: np.ndarray, distance: np.ndarray, head: np.ndarray) -> np.ndarray:
    """(N, 36): shares by inverse square distance from each point of the oval, fading with distance and towards the torso."""
    apart = np.linalg.norm(flat[:, None] - face.points[None, FACE_OVAL, :2], axis=2)
    weights = 1.0 / (apart + 0.02 * face.height) ** 2
    weights /= weights.sum(axis=1, keepdims=True)
    reach = np.exp(-(distance / (EXPRESSION_REACH * face.height)) ** 2) * np.minimum(1.0, 2.0 * head)
    return weights * reach[:, None]


def _triangulate_outside(oval: np.ndarray, net: np.ndarray) -> np.ndarray:
    """int (T, 3): the Delaunay triangles of oval and net, numbered in that order, outside the oval."""
    points = np.concatenate([oval, net]).astype(np.float32)
    triangles = delaunay(points)
    inside = _distance_outside(oval, points[triangles].mean(axis=1)) < 0
    return triangles[~inside]


def delaunay(points: np.ndarray) -> np.ndarray:
    """int (T, 3): the Delaunay triangles of points, float32 (N, 2), no two of which are equal."""
    low, high = points.min(axis=0) - 1, points.max(axis=0) + 1
    left, top = (int(value) for value in np.floor(low))
    right, bottom = (int(value) for value in np.ceil(high))
    plane = cv2.Subdiv2D((left, top, right - left + 1, bottom - top + 1))
    plane.insert(points.tolist())
    corners = np.asarray(plane.getTriangleList()).reshape(-1, 3, 2)
    # OpenCV returns coordinates, exactly as they were inserted, and adds three points of its own far outside.
    index = {(x, y): i for i, (x, y) in enumerate(points.tolist())}
    found = [[index.get((x, y), -1) for x, y in triangle] for triangle in corners.tolist()]
    return np.array([triangle for triangle in found if min(triangle) >= 0])


def _visible(source: np.ndarray, triangles: np.ndarray, alpha: np.ndarray) -> np.ndarray:
    """bool (T,): whether a triangle can show anything: some pixel of its bounding box is not transparent."""
    height, width = alpha.shape
    total = cv2.integral((alpha > 0).astype(np.uint8))
    corners = source[triangles]
    left, top = np.clip(np.floor(corners.min(axis=1)).astype(int) - 1, 0, (width, height)).T
    right, bottom = np.clip(np.ceil(corners.max(axis=1)).astype(int) + 2, 0, (width, height)).T
    return total[bottom, right] - total[top, right] - total[bottom, left] + total[top, left] > 0

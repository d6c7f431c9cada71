"""MediaPipe's standard face as landmarks: a frontal, relaxed, awake head, to fit to points or to move on its own.

Source: geometry_pipeline_metadata_landmarks.binarypb in face_landmarker.task, a message of its protocol buffers: field 1 is
the mesh, whose field 3, repeated, holds x right, y up, z towards the viewer, u, v of each of 468 points. It has no irises.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import numpy as np

from ..shipped import bundle
from .topology import EYES, INNER_LIP_LOWER, INNER_LIP_UPPER, LANDMARKS, SURFACE

_MESH, _VERTICES = 1, 3
_COLUMNS = 5
IRIS_SHARE = 0.20
"""Radius of an iris in eye widths: that of MediaPipe's model on photographs."""
AWAKE = 1.6
"""MediaPipe's lids are opened by this factor: half shut, they leave a blink no way to go."""
RAISED = 0.1
"""How far up the gap between the lids' middles the iris' centre lies, from the lower one; the upper lid covers more."""


@cache
def standard_face() -> np.ndarray:
    """float64 (478, 3), read-only, in centimetres: see topology for the axes. The nose tip is near the origin's front."""
    mesh = next(value for field, value in _fields(bundle.standard_face()) if field == _MESH)
    numbers = b"".join(value for field, value in _fields(mesh) if field == _VERTICES)
    surface = np.frombuffer(numbers, "<f4").reshape(SURFACE, _COLUMNS)[:, :3].astype(np.float64) * (1, -1, -1)
    points = np.concatenate([surface, np.empty((LANDMARKS - SURFACE, 3))])
    # Its lips are parted; nobody's are at rest.
    points[INNER_LIP_UPPER] = points[INNER_LIP_LOWER] = (points[INNER_LIP_UPPER] + points[INNER_LIP_LOWER]) / 2
    for eye in EYES:
        for margin in eye.margins:
            level = np.linspace(points[eye.upper[0], 1], points[eye.upper[-1], 1], len(eye.upper))[1:-1]
            points[margin, 1] = level + (points[margin, 1] - level) * AWAKE
        width = float(np.linalg.norm(points[eye.upper[-1]] - points[eye.upper[0]]))
        upper, lower = points[eye.upper[len(eye.upper) // 2]], points[eye.lower[len(eye.lower) // 2]]
        centre = lower + (upper - lower) * (0.5 + RAISED / 2)
        edge = np.array([(1, 0, 0), (0, -1, 0), (-1, 0, 0), (0, 1, 0)]) * IRIS_SHARE * width
        points[eye.iris], points[eye.iris + 1:eye.iris + 5] = centre, centre + edge
    points.setflags(write=False)
    return points


def _fields(message: bytes) -> Iterator[tuple[int, bytes]]:
    """(number, content) of the fields of a protocol buffers message that hold bytes: lengths and four-byte numbers."""
    place = 0

    def number() -> int:
        nonlocal place
        value = shift = 0
        while True:
            byte = message[place]
            place += 1
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value

    while place < len(message):
        key = number()
        if key & 7 == 0:
            number()
            continue
        length = number() if key & 7 == 2 else 4
        yield key >> 3, message[place:place + length]
        place += length

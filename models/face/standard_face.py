"""MediaPipe's standard face as landmarks: a frontal, relaxed head with open eyes, to be fitted to points or moved itself.

Source: geometry_pipeline_metadata_landmarks.binarypb in face_landmarker.task, a protocol buffers message. Its field 1 is the
mesh, whose repeated field 3 holds x right, y up, z towards the viewer, u, v of each of 468 points. It has no irises.
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
"""Radius of an iris in eye widths, as MediaPipe's model finds it in photographs."""
AWAKE = 1.6
"""Factor by which MediaPipe's lids are opened: they are half shut, which leaves little room for a blink."""
RAISED = 0.1
"""Height of an iris above the middle between the lids, in halves of the gap: the upper lid covers more of it."""


@cache
def standard_face() -> np.ndarray:
    """float64 (478, 3), read-only, in centimetres along the axes of topology; the nose tip is 7.5 cm in front of the origin."""
    mesh = next(value for field, value in _fields(bundle.standard_face()) if field == _MESH)
    numbers = b"".join(value for field, value in _fields(mesh) if field == _VERTICES)
    surface = np.frombuffer(numbers, "<f4").reshape(SURFACE, _COLUMNS)[:, :3].astype(np.float64) * (1, -1, -1)
    points = np.concatenate([surface, np.empty((LANDMARKS - SURFACE, 3))])
    # The mesh has parted lips; a relaxed face does not.
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
    """(number, content) of each field of a protocol buffers message that is length-delimited or 32 bits long."""
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

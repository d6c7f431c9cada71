"""Landmarks from twelve points placed by the user, for faces that no detector finds: drawings, animals, masks.

The standard face is fitted to the points: first as a whole (moved, scaled, rolled), then warped by a thin-plate spline that
passes through each of them. The eyes keep their shape: they are stretched between their corners and their upper lids.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Callable

import numpy as np

from ..contract import Observation
from ..face.measures import eye_frame
from ..face.standard_face import standard_face
from ..face.topology import CHIN, EYES, FOREHEAD_TOP, INNER_LIP_LOWER, INNER_LIP_UPPER, LIP_MIDDLE, NOSE_TIP, SURFACE, Eye

PLACED = {
    "left_eye_left": 33, "left_eye_right": 133, "left_eye_top": 159, "right_eye_left": 362, "right_eye_right": 263,
    "right_eye_top": 386, "nose_tip": NOSE_TIP, "mouth_left": 61, "mouth_right": 291,
    "lips_middle": int(INNER_LIP_UPPER[LIP_MIDDLE]), "chin": CHIN, "hairline": FOREHEAD_TOP,
}
"""The landmark that each point placed by hand stands for."""
STIFFNESS = 1e-6
"""Regularisation that keeps the system solvable for coincident points; what it shifts cannot be seen."""
LEAST_EYE = 0.06
"""Least gap between the lids, in eye widths: eyes that were placed as a line are still eyes."""


def observation(points: Mapping[str, tuple[float, float]], size: tuple[int, int]) -> Observation:
    """Return the face through points, all of PLACED, in fractions of a picture of `size` (width, height).

    Raises numpy.linalg.LinAlgError for points that make no face, such as all in one place.
    """
    wanted = np.array([points[name] for name in PLACED], np.float64) * size
    indices = np.array(list(PLACED.values()))
    model = standard_face()
    fitted, rotation = _laid_over(model, indices, wanted)
    targets = dict(zip(indices.tolist(), wanted))
    for eye in EYES:
        targets.update(_eye(fitted, eye, targets))
    for upper, lower in zip(INNER_LIP_UPPER[1:-1].tolist(), INNER_LIP_LOWER[1:-1].tolist()):
        if upper in targets:
            targets[lower] = targets[upper]  # the lips meet
    anchors = np.array(list(targets))
    bend = _thin_plate(fitted[anchors, :2], np.array([targets[index] for index in anchors.tolist()]) - fitted[anchors, :2])
    bent = fitted.copy()
    bent[:, :2] += bend(fitted[:, :2])
    _join_lips(bent)
    return Observation(bent.astype(np.float32), rotation.astype(np.float32), {}, size)


def suggested(low: tuple[float, float], high: tuple[float, float]) -> Mapping[str, tuple[float, float]]:
    """Return the points of a frontal face in the box from `low` to `high`, to be dragged from there."""
    model = standard_face()[:SURFACE, :2]
    least, extent = model.min(axis=0), np.ptp(model, axis=0)
    placed = (model[list(PLACED.values())] - least) / extent * (np.subtract(high, low)) + low
    return {name: (float(x), float(y)) for name, (x, y) in zip(PLACED, placed)}


def read_off(face: Observation) -> Mapping[str, tuple[float, float]]:
    """Return the points of PLACED in a face that was found, as fractions of its picture."""
    places = face.keypoints[list(PLACED.values()), :2] / np.array(face.frame_size)
    return {name: (float(x), float(y)) for name, (x, y) in zip(PLACED, places)}


def _laid_over(model: np.ndarray, indices: np.ndarray, wanted: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the model, (478, 3), moved, scaled and rolled to the least distance from `wanted`, and its roll, (3, 3)."""
    flat = model[indices, :2]
    middle, centre = flat.mean(axis=0), wanted.mean(axis=0)
    here, there = (flat - middle) @ (1, 1j), (wanted - centre) @ (1, 1j)
    turn = np.vdot(here, there) / np.vdot(here, here)  # a complex number: scale and roll
    scale = abs(turn)
    if not scale > 0.0:
        raise np.linalg.LinAlgError("the points make no face")
    c, s = turn.real / scale, turn.imag / scale
    rotation = np.array([[c, -s, 0.0], [s, c, 0.0], [0.0, 0.0, 1.0]])
    return scale * (model - (*middle, 0.0)) @ rotation.T + (*centre, 0.0), rotation


def _eye(fitted: np.ndarray, eye: Eye, targets: Mapping[int, np.ndarray]) -> dict[int, np.ndarray]:
    """Return where outline and iris of an eye go: stretched along as its corners are and across as its upper lid is."""
    middle, along, down, width = eye_frame(fitted, eye)
    left, right, top = (targets[int(index)] for index in (eye.upper[0], eye.upper[-1], eye.upper[len(eye.upper) // 2]))
    goal = (left + right) / 2
    reach = float(np.linalg.norm(right - left))
    if not reach > 0.0:
        raise np.linalg.LinAlgError("the corners of an eye lie in one place")
    goal_along = (right - left) / reach
    goal_down = np.array([-goal_along[1], goal_along[0]])
    own_height = (fitted[eye.upper[len(eye.upper) // 2], :2] - middle) @ -down
    height = max(float((top - goal) @ -goal_down), LEAST_EYE / 2 * reach)
    stretch, rise = reach / width, height / own_height
    offsets = fitted[:, :2] - middle
    found = {int(index): goal + goal_along * (offsets[index] @ along) * stretch + goal_down * (offsets[index] @ down) * rise
             for index in eye.outline}
    # An iris stays round, whatever the lids do.
    centre = goal + goal_along * (offsets[eye.iris] @ along) * stretch + goal_down * (offsets[eye.iris] @ down) * rise
    size = min(max(stretch, 0.7 * rise), 2 * stretch)
    for index in range(eye.iris, eye.iris + 5):
        found[index] = centre + (fitted[index, :2] - fitted[eye.iris, :2]) * size
    return found


def _thin_plate(anchors: np.ndarray, shifts: np.ndarray) -> Callable[[np.ndarray], np.ndarray]:
    """Return the thin-plate spline through shifts (N, 2) at anchors (N, 2): a function of points (M, 2) to shifts (M, 2).

    Source: Bookstein, "Principal Warps", 1989.
    """
    unit = max(float(np.ptp(anchors, axis=0).max()), 1e-9)
    origin = anchors.mean(axis=0)

    def scaled(points: np.ndarray) -> np.ndarray:
        return (points - origin) / unit

    def kernel(one: np.ndarray, other: np.ndarray) -> np.ndarray:
        squared = ((one[:, None] - other[None]) ** 2).sum(axis=2)
        return squared * np.log(np.maximum(squared, 1e-18))

    def affine(points: np.ndarray) -> np.ndarray:
        return np.column_stack([np.ones(len(points)), points])

    own = scaled(anchors)
    count = len(own)
    system = np.zeros((count + 3, count + 3))
    system[:count, :count] = kernel(own, own) + STIFFNESS * np.eye(count)
    system[:count, count:] = affine(own)
    system[count:, :count] = affine(own).T
    weights = np.linalg.solve(system, np.concatenate([shifts, np.zeros((3, 2))]))

    def field(points: np.ndarray) -> np.ndarray:
        at = scaled(points)
        return kernel(at, own) @ weights[:count] + affine(at) @ weights[count:]

    return field


def _join_lips(points: np.ndarray) -> None:
    """Close the inner lips along the line midway between them, in place."""
    line = (points[INNER_LIP_UPPER] + points[INNER_LIP_LOWER]) / 2
    points[INNER_LIP_UPPER] = points[INNER_LIP_LOWER] = line

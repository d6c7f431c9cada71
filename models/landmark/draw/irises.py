"""Where the irises are in the avatar's picture.

Tracked irises are up to a third of a radius off in drawn faces, and too small in most.
"""

from __future__ import annotations

import cv2
import numpy as np

from ...cut.imaging import sampled
from ...face.measures import eye_width
from ...face.topology import EYES, Eye
from ..move.avatar_face import AvatarFace

RADII = np.arange(0.70, 1.75, 0.05)
"""Radii, in tracked ones, at which the edge of the iris is looked for: contact lenses and drawn eyes are larger."""
LIMITS = (0.95, 1.55)
"""Least and largest radius of an iris, in tracked ones."""
USUAL = 1.08
"""Radius, in tracked ones, near which the edge is expected, and at which it is assumed if none is seen."""
EDGE = 1.5
"""Least rise in grey levels from one radius to the next that counts as the edge."""
DIRECTIONS = np.radians(np.concatenate([np.arange(-35, 36, 7), np.arange(145, 216, 7)]))
"""Directions, in radians, in which the edge is looked for: sideways, where no lid covers it."""
LID_SHADE = 0.03
"""Distance from a lid margin, in eye widths, within which pixels do not show the edge."""

SHIFT = 0.2
"""Distance from the tracked centre, in radii, within which the centre of the iris is looked for."""
RINGS = 16
"""Number of rings of equal colour that describe an iris, from its centre to REACH."""
REACH = 1.25
"""Outer edge of the outermost ring of an iris, in radii."""

SIDES = DIRECTIONS.reshape(2, -1)
"""Directions to the right, then to the left, (2, 11), in radians."""
EDGE_SIZES = np.arange(0.88, 1.17, 0.04)
"""Sizes, in radii, of the circles among which one is looked for whose left and right sides both lie on edges."""
EDGE_SHIFTS = np.arange(-0.35, 0.351, 0.05)
"""Sideways shifts, in radii, of the circles among which one is looked for whose left and right sides both lie on edges."""
EDGE_HALF = 0.09
"""Distance inside and outside a circle, in radii, between which an edge is measured."""
EDGE_BLUR = 0.04
"""Softness of the picture that edges are measured in, in radii (standard deviation)."""
EDGE_RAYS = 3
"""Least number of directions on each side of a circle that no lid covers, for its edges to be measured."""
EDGE_CLEAR = 45.0
"""Least rise, in grey levels, across the sides of a circle that is believed. Soft, painted and carved irises have less of an
edge than lids and shadows have."""
EDGE_BETTER = 2.0
"""Least rise across the sides of a circle that is believed, in parts of that about the roundest place."""
EDGE_FARTHEST = 0.26
"""Largest sideways distance, in radii, between the tracked centre and that of a circle that is believed."""
NEAR = 0.15
"""Share of its rise that a circle loses for each radius between its centre and the roundest place."""


def place(patch: np.ndarray, inside: np.ndarray, clear: np.ndarray, tracked: np.ndarray, radius: float
          ) -> tuple[np.ndarray, float]:
    """Return the centre, (2,), and the radius of the iris in a patch, BGR float32 (h, w, 3), both in pixels.

    inside: float32 (h, w), the mask of the eye. clear: the same without what lids shade. tracked: (2,), the tracked centre.
    radius: the radius to start from.
    """
    roundest = _roundest(patch, clear, tracked, radius)
    return _between_edges(patch, inside, roundest, tracked, radius) or (roundest, radius)


def size(picture: np.ndarray, face: AvatarFace) -> float:
    """Return the radius of both irises, in tracked radii: where brightness rises most from dark iris to bright white."""
    grey = cv2.GaussianBlur(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), (0, 0), max(0.3, 0.5 * face.height / 250))
    return float(np.clip(np.mean([_edge(grey.astype(np.float32), face, eye) for eye in EYES]), *LIMITS))


def _edge(grey: np.ndarray, face: AvatarFace, eye: Eye) -> float:
    """Return the radius of the iris of one eye, in tracked radii, by its picture in grey, float32 (H, W)."""
    flat = face.points[:, :2]
    rays = np.stack([np.cos(DIRECTIONS), np.sin(DIRECTIONS)], axis=-1)
    radii = RADII * tracked_radius(flat, eye)
    places = (flat[eye.iris] + rays[:, None] * radii[None, :, None]).astype(np.float32)
    values = sampled(grey, places, cv2.BORDER_REPLICATE)
    contour = flat[eye.outline].astype(np.float32)
    margin = LID_SHADE * eye_width(face.points, eye)
    visible = np.array([[cv2.pointPolygonTest(contour, (float(x), float(y)), True) > margin for x, y in ray]
                        for ray in places])
    both = visible[:, 1:] & visible[:, :-1]
    rises = np.ma.median(np.ma.masked_array(np.diff(values, axis=1), ~both), axis=0).filled(-1e3)
    rises = rises * np.exp(-((RADII[:-1] - USUAL) / 0.35) ** 2)
    best = int(rises.argmax())
    return RADII[best] + 0.025 if rises[best] > EDGE else USUAL


def _roundest(patch: np.ndarray, known: np.ndarray, tracked: np.ndarray, radius: float) -> np.ndarray:
    """(2,): the point about which the iris is roundest: pixels at equal distances differ least in colour."""
    rows, columns = np.nonzero((known > 0.5) & (away(known.shape, tracked) < radius))
    if len(rows) < 4 * RINGS:
        return tracked
    colours = patch[rows, columns]
    steps = np.linspace(-SHIFT, SHIFT, 9) * radius
    best, least = tracked, np.inf
    for shift in np.stack(np.meshgrid(steps, steps), axis=-1).reshape(-1, 2):
        distance = np.hypot(columns - tracked[0] - shift[0], rows - tracked[1] - shift[1]) / radius
        ring = np.minimum(distance / REACH * RINGS, RINGS).astype(int)
        count = np.maximum(np.bincount(ring, minlength=RINGS + 1), 1)
        # Least variance within the rings is most between them, as their sum, the total variance, is the same for all centres.
        explained = sum((np.bincount(ring, weights=channel, minlength=RINGS + 1) ** 2 / count).sum()
                        for channel in colours.T)
        if -explained < least:
            best, least = tracked + shift, -explained
    return best


def _between_edges(patch: np.ndarray, inside: np.ndarray, roundest: np.ndarray, tracked: np.ndarray, radius: float
                   ) -> tuple[np.ndarray, float] | None:
    """Centre and radius of the circle whose left and right sides lie on clear edges, from dark to bright; None without one.

    A highlight or a pupil off the middle, as in drawings, attracts the roundest place, but not the edges.
    """
    soft = cv2.GaussianBlur(patch, (0, 0), max(0.3, EDGE_BLUR * radius))
    depth = cv2.distanceTransform((inside > 0.5).astype(np.uint8), cv2.DIST_L2, 5)
    at_roundest = _edges(soft, depth, roundest, radius)
    best, found = max(0.0, at_roundest or 0.0) * EDGE_BETTER, None
    for size in EDGE_SIZES:
        for shift in EDGE_SHIFTS:
            centre = roundest + (shift * radius, 0.0)
            edges = _edges(soft, depth, centre, size * radius)
            if edges is not None and edges * (1.0 - NEAR * abs(shift)) > max(best, EDGE_CLEAR):
                best, found = edges * (1.0 - NEAR * abs(shift)), (centre, size)
    if found is None or found[1] in EDGE_SIZES[[0, -1]] or abs(found[0][0] - tracked[0]) > EDGE_FARTHEST * radius:
        return None
    return found[0], float(found[1] * radius)


def _edges(soft: np.ndarray, depth: np.ndarray, centre: np.ndarray, radius: float) -> float | None:
    """Return the rise of brightness across both sides of a circle, in grey levels; the weaker side counts three times as much.

    None where lids cover a side, or where the sides differ in colour by more than the weaker rise: then they are not of the
    same white and iris.

    depth: float32 (h, w), pixels from the lid margins.
    """
    within: list[np.ndarray] = []
    beyond: list[np.ndarray] = []
    for rays in SIDES:
        out = np.stack([np.cos(rays), np.sin(rays)], axis=-1)
        both = [(centre + out * (radius * (1.0 + side * EDGE_HALF)))[:, None].astype(np.float32) for side in (-1, 1)]
        seen = [sampled(depth, places, cv2.BORDER_CONSTANT)[:, 0] > 1.5 for places in both]
        visible = seen[0] & seen[1]
        if np.count_nonzero(visible) < EDGE_RAYS:
            return None
        for found, places in zip((within, beyond), both):
            colours = sampled(soft, places, cv2.BORDER_CONSTANT)[:, 0]
            found.append(np.median(colours[visible], axis=0))
    rises = [float((white - iris).mean()) for iris, white in zip(within, beyond)]
    unlike = sum(np.abs(one - other).mean() for one, other in (within, beyond))
    return None if unlike > min(rises) else 0.5 * min(rises) + 0.25 * sum(rises)


def tracked_radius(flat: np.ndarray, eye: Eye) -> float:
    """Return the radius of an iris among landmarks in the picture plane, (478, 2), in pixels."""
    return max(float(np.linalg.norm(flat[eye.iris + 1:eye.iris + 5] - flat[eye.iris], axis=1).mean()), 0.5)


def away(shape: tuple[int, int], centre: np.ndarray) -> np.ndarray:
    """float32 (h, w): the distance of each pixel from `centre`, (2,)."""
    rows, columns = np.indices(shape, np.float32)
    return np.hypot(columns - np.float32(centre[0]), rows - np.float32(centre[1]))

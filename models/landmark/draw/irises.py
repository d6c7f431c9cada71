"""Where the irises are in the avatar's picture: the tracked ones lie up to a third of a radius off in drawn faces, and are
too small in most.
"""

from __future__ import annotations

import cv2
import numpy as np

from ...face.measures import eye_width
from ...face.topology import EYES, Eye
from ..move.avatar_face import AvatarFace

RADII = np.arange(0.70, 1.75, 0.05)
"""Radii, in tracked ones, among which the edge of the iris is searched: contact lenses and drawn eyes are larger."""
LIMITS = (0.95, 1.55)
USUAL = 1.08
"""Where the edge is taken to be if none is seen."""
EDGE = 1.5
"""Least rise in grey levels from one radius to the next that counts as the edge."""
DIRECTIONS = np.radians(np.concatenate([np.arange(-35, 36, 7), np.arange(145, 216, 7)]))
"""Where it is searched: sideways, where no lid covers it."""
LID_SHADE = 0.03
"""Pixels this near to a lid margin, in eye widths, do not show the edge."""

SHIFT = 0.2
"""The iris' centre is searched up to this distance from the tracked one, in radii."""
RINGS, REACH = 16, 1.25
"""Rings of equal colour that an iris is described by, from its centre to that many radii."""

SIDES = DIRECTIONS.reshape(2, -1)
EDGE_SIZES, EDGE_SHIFTS = np.arange(0.88, 1.17, 0.04), np.arange(-0.35, 0.351, 0.05)
"""Sizes and ways to the side, in radii, among which the circle is searched whose both sides lie on edges."""
EDGE_HALF = 0.09
"""An edge is seen from this far inside the circle to as far outside, in radii,"""
EDGE_BLUR = 0.04
"""in a picture softened by this much (standard deviation, in radii),"""
EDGE_RAYS = 3
"""in at least so many directions on each side that no lid covers."""
EDGE_CLEAR, EDGE_BETTER, EDGE_FARTHEST = 45.0, 2.0, 0.26
"""Believed from this many grey levels on, and if so many times what is seen about the roundest place, up to this distance from
the tracked centre. Soft, painted and carved irises have less of an edge than lids and shadows have."""
NEAR = 0.15
"""Share of its edges that a circle loses for each radius from the roundest place."""


def place(patch: np.ndarray, inside: np.ndarray, clear: np.ndarray, tracked: np.ndarray, radius: float
          ) -> tuple[np.ndarray, float]:
    """Centre, (2,), and radius of the iris in a patch, BGR float32 (h, w, 3).

    inside: float32 (h, w), of the eye. clear: the same without what lids shade. tracked: (2,), its centre as it is tracked.
    """
    roundest = _roundest(patch, clear, tracked, radius)
    return _between_edges(patch, inside, roundest, tracked, radius) or (roundest, radius)


def size(picture: np.ndarray, face: AvatarFace) -> float:
    """Radius of both irises in tracked radii: where brightness rises most on the way from dark iris to bright white."""
    grey = cv2.GaussianBlur(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), (0, 0), max(0.3, 0.5 * face.height / 250))
    return float(np.clip(np.mean([_edge(grey.astype(np.float32), face, eye) for eye in EYES]), *LIMITS))


def _edge(grey: np.ndarray, face: AvatarFace, eye: Eye) -> float:
    """The same for one eye."""
    flat = face.points[:, :2]
    rays = np.stack([np.cos(DIRECTIONS), np.sin(DIRECTIONS)], axis=-1)
    radii = RADII * tracked_radius(flat, eye)
    places = (flat[eye.iris] + rays[:, None] * radii[None, :, None]).astype(np.float32)
    values = cv2.remap(grey, places, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
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
    """(2,): the point that the iris is roundest about: pixels at the same distance differ least in colour."""
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
        # The variance within the rings is the total one, which is the same for all centres, less that of their means.
        explained = sum((np.bincount(ring, weights=channel, minlength=RINGS + 1) ** 2 / count).sum()
                        for channel in colours.T)
        if -explained < least:
            best, least = tracked + shift, -explained
    return best


def _between_edges(patch: np.ndarray, inside: np.ndarray, roundest: np.ndarray, tracked: np.ndarray, radius: float
                   ) -> tuple[np.ndarray, float] | None:
    """As `place`: the circle whose left and right side lie on clear edges, from dark to bright; None if there is none.

    A gleam or a pupil beside the middle, as they are drawn, draws the roundest place towards itself, but not the edges.
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
    """Rise of brightness, in grey levels, across both sides of a circle, the weaker one counting twice; None where lids cover
    a side, or where the two differ in colour by more than the weaker rise: then they are not the same white and iris.

    depth: float32 (h, w), pixels from the lid margins.
    """
    within, beyond = [], []
    for rays in SIDES:
        out = np.stack([np.cos(rays), np.sin(rays)], axis=-1)
        both = [(centre + out * (radius * (1.0 + side * EDGE_HALF)))[:, None].astype(np.float32) for side in (-1, 1)]
        seen = [cv2.remap(depth, places, None, cv2.INTER_LINEAR)[:, 0] > 1.5 for places in both]
        visible = seen[0] & seen[1]
        if np.count_nonzero(visible) < EDGE_RAYS:
            return None
        for found, places in zip((within, beyond), both):
            colours = cv2.remap(soft, places, None, cv2.INTER_LINEAR)[:, 0]
            found.append(np.median(colours[visible], axis=0))
    rises = [float((white - iris).mean()) for iris, white in zip(within, beyond)]
    unlike = sum(np.abs(one - other).mean() for one, other in (within, beyond))
    return None if unlike > min(rises) else 0.5 * min(rises) + 0.25 * sum(rises)


def tracked_radius(flat: np.ndarray, eye: Eye) -> float:
    """Of an iris among landmarks in the picture plane, (478, 2), in pixels."""
    return max(float(np.linalg.norm(flat[eye.iris + 1:eye.iris + 5] - flat[eye.iris], axis=1).mean()), 0.5)


def away(shape: tuple[int, int], centre: np.ndarray) -> np.ndarray:
    """float32 (h, w): pixels from the centre, (2,)."""
    rows, columns = np.indices(shape, np.float32)
    return np.hypot(columns - np.float32(centre[0]), rows - np.float32(centre[1]))

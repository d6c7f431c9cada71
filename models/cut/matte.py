"""The matte of the person in a picture, found once per avatar.

A network tells roughly where the person is. What is well inside of that is the person, what is well outside is not, and the
seam between, hair above all, is found by matting.
"""

from __future__ import annotations

import cv2
import numpy as np

from ..face.measures import face_height, smoothstep
from ..face.topology import FACE_OVAL, NOSE_TIP
from ..shipped import bundle
from .imaging import push_pull
from .matting import Windows, enlarged, solve

GUIDE_RADIUS = 8 / 250
"""Radius of the guided filter, in face heights: a few pixels more than the network's mask is off."""
GUIDE_EPSILON = 1e-3
"""Colour variance, for colours 0..1, below which the guided filter takes a window as flat."""
WORKING_SIDE = 512
"""Pixels of the longer side at which the matte is found: as it is a smooth function of the colours, more only take longer."""
CERTAIN_NONE, CERTAIN_FULL = 0.35, 0.9
"""Filtered output of the network, 0..1, up to which a pixel is background, and from which it is the person."""
GROWTH = 9
"""Side of the square, in pixels of the network's mask, that the component with the face is dilated by."""

SEAM_INSIDE, SEAM_OUTSIDE = 7 / 250, 8 / 250
"""How far the unknown seam reaches into the person, and out of it, in face heights."""
HOLE_REACH = 30 / 250
"""Depth in the person, in face heights, up to which the network takes what shows between locks of hair for hair."""
HOLE_LIKENESS = 0.10
"""Difference from the background, in colours 0..1, below which a pixel within HOLE_REACH is unknown, too."""
MATTING_RADIUS = 2
"""Radius of the windows of matting, in pixels: larger than in Levin et al., "A Closed-Form Solution to Natural Image Matting",
2008, which halves the number of steps and smooths over the grain of paintings."""
MATTING_EPSILON = 1e-5
"""Colour variance, for colours 0..1, below which matting takes a window as flat, as in Levin et al., 2008."""
HAZE = 0.06
"""Range of alpha at either end that is error of the matting: it is cut off, and the rest is stretched to 0..1."""


def person(picture: np.ndarray, points: np.ndarray) -> np.ndarray:
    """float32 (H, W), 0..1: the matte of the person whose face has these landmarks.

    picture: BGR uint8 (H, W, 3). points: (478, 3), in pixels. The oval of the face always belongs to the person.
    """
    height, width = picture.shape[:2]
    factor = min(1.0, WORKING_SIDE / max(height, width))
    size = (max(1, round(width * factor)), max(1, round(height * factor)))
    small = cv2.resize(picture, size, interpolation=cv2.INTER_AREA).astype(np.float32) / 255.0
    oval = np.zeros(size[::-1], np.uint8)
    cv2.fillPoly(oval, [(points[FACE_OVAL, :2] * factor).astype(np.int32)], 1)
    mask = cv2.resize(rough(picture, points), size)
    unit = face_height(points) * factor
    alpha = _refined(small, mask, oval, unit)
    if factor < 1.0:
        alpha = enlarged(Windows(small, MATTING_RADIUS, GUIDE_EPSILON), alpha, picture.astype(np.float32) / 255.0)
        oval = cv2.resize(oval, (width, height), interpolation=cv2.INTER_NEAREST)
    return np.maximum(np.clip((alpha - HAZE) / (1.0 - 2.0 * HAZE), 0.0, 1.0), oval).astype(np.float32)


def rough(picture: np.ndarray, points: np.ndarray) -> np.ndarray:
    """float32 (256, 256), 0..1: the mask of the person as the network sees it, whatever the size of the picture."""
    return _component(_segment(picture), points, picture.shape[1], picture.shape[0])


def _refined(picture: np.ndarray, mask: np.ndarray, oval: np.ndarray, unit: float) -> np.ndarray:
    """float32 (H, W), 0..1: the matte by the network's mask, float32 (H, W).

    picture: float32 (H, W, 3), 0..1. oval: uint8 (H, W), 1 in the oval of the face. unit: height of the face in pixels.
    """
    covered = np.maximum(mask, oval).astype(np.float32)
    filtered = Windows(picture, max(1, int(GUIDE_RADIUS * unit)), GUIDE_EPSILON).filtered(covered)
    guess = smoothstep(CERTAIN_NONE, CERTAIN_FULL, filtered)
    outside = _shrunk(np.maximum(guess, mask) < 0.05, SEAM_OUTSIDE * unit)
    inside = _shrunk(guess > 0.95, SEAM_INSIDE * unit)
    holes = _like_background(picture, outside) & ~_shrunk(guess > 0.95, HOLE_REACH * unit)
    inside = (inside & ~holes) | (oval > 0)
    outside &= ~inside
    known = inside | outside
    guess = np.where(known, inside, guess).astype(np.float32)
    return solve(Windows(picture, MATTING_RADIUS, MATTING_EPSILON), guess, known.astype(np.float32))


def _shrunk(flags: np.ndarray, distance: float) -> np.ndarray:
    """bool (H, W): flags eroded by `distance` pixels, but not from the border of the picture."""
    side = 2 * int(distance) + 1
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    return cv2.erode(flags.astype(np.uint8), kernel, borderType=cv2.BORDER_REPLICATE) > 0


def _like_background(picture: np.ndarray, outside: np.ndarray) -> np.ndarray:
    """bool (H, W): where the picture looks like the background, filled in from `outside`."""
    smooth = push_pull(picture, outside.astype(np.float32))
    return (np.abs(picture - smooth) < HOLE_LIKENESS).all(axis=2)


def _segment(picture: np.ndarray) -> np.ndarray:
    """float32 (256, 256), 0..1: where the network sees people.

    On one side of a head it misses hair that it finds on the other, so it is also shown the mirror image.
    Source: MediaPipe Selfie Segmentation; its graph squeezes any picture into the square.
    """
    interpreter = bundle.selfie_segmentation()
    (given,), (result,) = interpreter.get_input_details(), interpreter.get_output_details()
    side = tuple(given["shape"][2:0:-1])
    small = cv2.cvtColor(cv2.resize(picture, side, interpolation=cv2.INTER_AREA), cv2.COLOR_BGR2RGB)

    def seen(image: np.ndarray) -> np.ndarray:
        interpreter.set_tensor(given["index"], image[None].astype(np.float32) / 255.0)
        interpreter.invoke()
        return interpreter.get_tensor(result["index"])[0, :, :, 0]

    return np.maximum(seen(small), seen(small[:, ::-1])[:, ::-1])


def _component(mask: np.ndarray, points: np.ndarray, width: int, height: int) -> np.ndarray:
    """Return the mask without other people: only the component that holds the nose; all of it where none does."""
    rows, columns = mask.shape
    _, labels = cv2.connectedComponents((mask > 0.5).astype(np.uint8))
    x = int(np.clip(points[NOSE_TIP, 0] * columns / width, 0, columns - 1))
    y = int(np.clip(points[NOSE_TIP, 1] * rows / height, 0, rows - 1))
    if labels[y, x] == 0:
        return mask
    part = cv2.dilate((labels == labels[y, x]).astype(np.uint8), np.ones((GROWTH, GROWTH), np.uint8))
    return mask * part

"""Which part of the picture is the person: the coverage of each pixel, found once per avatar.

A network says roughly where the person is. What is well inside of that is the person, what is well outside is not, and
the seam between, hair above all, is found by matting.
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
"""Radius of the guided filter in face heights: a few pixels more than the network's mask is off."""
GUIDE_EPSILON = 1e-3
"""Colour variance below which the filter takes a region as flat, for colours 0..1."""
WORKING_SIDE = 512
"""The linear functions of the colours are smooth: more pixels than these on the longer side change only the time."""
CERTAIN_NONE, CERTAIN_FULL = 0.35, 0.9
"""Filtered network output that counts as background, and as person."""
GROWTH = 9
"""Pixels of the network's mask around the component with the face that still belong to it."""

SEAM_INSIDE, SEAM_OUTSIDE = 7 / 250, 8 / 250
"""How far the seam, in which nothing is certain, reaches into the person, and out of it, in face heights."""
HOLE_REACH = 30 / 250
"""Up to this depth the network takes what is seen between locks of hair for hair;"""
HOLE_LIKENESS = 0.10
"""there a pixel that differs from the background by less than this, in 0..1, is uncertain, too."""
MATTING_RADIUS, MATTING_EPSILON = 2, 1e-5
"""Source: the second as in Levin et al., "A Closed-Form Solution to Natural Image Matting", 2008; the first is larger than
there, which takes half as many steps and smooths over the grain of paintings."""
HAZE = 0.06
"""So much of matting's alpha next to either end is error."""


def person(picture: np.ndarray, points: np.ndarray) -> np.ndarray:
    """float32 (H, W), 0..1: how far each pixel shows the person whose face the landmarks are.

    picture: BGR uint8 (H, W, 3). points: (478, 3), pixels. The oval of the face is always part of the person.
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
    """As `person`, but only as the network sees it: float32 (256, 256), of any picture."""
    return _component(_segment(picture), points, picture.shape[1], picture.shape[0])


def _refined(picture: np.ndarray, mask: np.ndarray, oval: np.ndarray, unit: float) -> np.ndarray:
    """float32 (H, W), 0..1: the coverage of a picture, float32 (H, W, 3), by the network's mask.

    unit: the height of the face in pixels.
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
    """bool (H, W): `flags` without what lies within `distance` pixels of their edge; the picture's border is none."""
    side = 2 * int(distance) + 1
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    return cv2.erode(flags.astype(np.uint8), kernel, borderType=cv2.BORDER_REPLICATE) > 0


def _like_background(picture: np.ndarray, outside: np.ndarray) -> np.ndarray:
    """bool (H, W): where the picture looks as the background around it."""
    smooth = push_pull(picture, outside.astype(np.float32))
    return (np.abs(picture - smooth) < HOLE_LIKENESS).all(axis=2)


def _segment(picture: np.ndarray) -> np.ndarray:
    """float32 (256, 256), 0..1: the network's view of where people are.

    It misses hair at one side of a head that it finds at the other, so it also looks at the mirror image.
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
    """`mask` without the other people: only the connected part that holds the nose, if it holds any."""
    rows, columns = mask.shape
    _, labels = cv2.connectedComponents((mask > 0.5).astype(np.uint8))
    x = int(np.clip(points[NOSE_TIP, 0] * columns / width, 0, columns - 1))
    y = int(np.clip(points[NOSE_TIP, 1] * rows / height, 0, rows - 1))
    if labels[y, x] == 0:
        return mask
    part = cv2.dilate((labels == labels[y, x]).astype(np.uint8), np.ones((GROWTH, GROWTH), np.uint8))
    return mask * part

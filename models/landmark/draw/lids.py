"""Lids of plain skin: what the skin around an eye looks like once the eye is shut.

A closing lid is stretched from the few pixels between its margin and its crease. What lies there in the picture would be
stretched, too: lashes and drawn lines to dark streaks, and the rim of eyeball outside of tracked margins, which lie inside
the eyes of many drawn faces, to a white edge. So each eye has a second patch of texture, with skin from further out painted
over all that, which fades in while the eye closes.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from ...cut.imaging import blend, outline_mask, push_pull, smooth_outline
from ...face.measures import eye_frame, eye_width, smoothstep
from ...face.topology import EYES
from ..move.avatar_face import AvatarFace
from .eyeball import EyeParts
from .layers import Layers

RIM = 0.16
"""The rim is searched up to this distance outside the lid margins, in eye widths."""
PALETTE = 64
"""Colours that stand for the eyeball's."""
CLEARLY_NOT_SKIN = 12.0
"""Least difference from the skin, in grey levels."""
LASH_BRIGHTNESS = 0.6
"""Darker parts, relative to the skin, are lashes: they stay."""
LARGEST_RIM = 0.7
"""Where more of the neighbourhood than this looks like eyeball, eye and skin are alike, and nothing is painted."""
UPPER_LID, LOWER_LID = (0.05, 0.30), (0.02, 0.16)
"""Skin is painted fully up to the first distance outside the eye, in eye widths, and not at all from the second on. A short
way from one to the other would be seen as the edge of a patch."""
SKIN_START = 0.10
"""Skin is looked for from this distance outside the eye on, in eye widths."""
SKIN_BRIGHTNESS = (0.75, 0.95)
"""What is darker above an eye than the first, relative to the skin below it, is brow or shade; beyond the second it is skin."""
EDGE = 0.7
"""Softness of the painted part's edge, in pixels."""


@dataclass(frozen=True)
class LidPatch:
    """The part of the foreground around one eye, open and shut: premultiplied BGRA, float32 (h, w, 4)."""

    left: int
    """Place of the patch in the padded foreground."""
    top: int
    open: np.ndarray
    shut: np.ndarray


def patches(layers: Layers, face: AvatarFace, parts: list[EyeParts | None]) -> list[LidPatch | None]:
    """The patch of each eye, or of none where either eye has nothing to hide, or nothing that could be told apart."""
    found = [None if part is None else _patch(layers, face, number, part) for number, part in enumerate(parts)]
    return found if all(found) else [None] * len(parts)  # both eyes alike


def paint(foreground: np.ndarray, patches: list[LidPatch | None], closing: np.ndarray) -> None:
    """Puts the lids into the foreground, uint8 (H, W, 4), in place, as far as each eye is `closing`, (2,), 0..1."""
    for patch, share in zip(patches, closing):
        if patch is not None:
            height, width = patch.open.shape[:2]
            place = foreground[patch.top:patch.top + height, patch.left:patch.left + width]
            np.rint(patch.open + (patch.shut - patch.open) * np.float32(share), out=place, casting="unsafe")


def _patch(layers: Layers, face: AvatarFace, number: int, part: EyeParts) -> LidPatch | None:
    height, width = part.picture.shape[:2]
    eye = EYES[number]
    inside = outline_mask(smooth_outline(face.points[eye.outline, :2] - (part.left, part.top)), width, height) > 0.5
    near = _grown(inside, round(RIM * eye_width(face.points, eye)))
    if not inside.any() or near.all():
        return None
    rim = _joined(near & _eyeball_like(part.picture, inside, near), inside) & ~inside
    if np.count_nonzero(rim) > LARGEST_RIM * np.count_nonzero(near & ~inside):
        rim = np.zeros_like(rim)
    hidden = _grown(rim | inside, 1)
    middle, _, down, eye_wide = eye_frame(face.points, eye)
    rows, columns = np.indices(inside.shape)
    above = (np.stack([columns + part.left, rows + part.top], axis=-1) - middle) @ down < 0.0
    away = cv2.distanceTransform((~hidden).astype(np.uint8), cv2.DIST_L2, 5) / eye_wide
    weight = 1.0 - np.where(above, smoothstep(*UPPER_LID, away), smoothstep(*LOWER_LID, away)).astype(np.float32)
    weight = cv2.GaussianBlur(weight, (0, 0), EDGE)
    skin = _skin(part.picture, away, above)
    top, left = part.top + layers.pad, part.left + layers.pad
    shown = layers.foreground[top:top + height, left:left + width].astype(np.float32)
    painted = np.dstack([blend(part.picture, skin, weight), np.full((height, width), 255.0)]).astype(np.float32)
    # Around an eye the foreground is opaque; where the background shows through a strand, it stays as it is.
    return LidPatch(left, top, shown, np.where(shown[..., 3:] >= 255.0, painted, shown))


def _skin(picture: np.ndarray, away: np.ndarray, above: np.ndarray) -> np.ndarray:
    """float32 (h, w, 3): plain skin all over the patch of an eye.

    Spread from below the eye, whose light the lid will be in once it is shut; and from above it where it is as bright there:
    brows, lashes and the shade of the brow's ridge would make a dark lid.
    """
    below = (~above & (away > SKIN_START)).astype(np.float32)
    light = push_pull(picture, below).mean(axis=2)
    bright = smoothstep(*SKIN_BRIGHTNESS, picture.mean(axis=2) / np.maximum(light, 1.0)).astype(np.float32)
    return push_pull(picture, np.where(above & (away > SKIN_START), bright, below))


def _eyeball_like(picture: np.ndarray, inside: np.ndarray, near: np.ndarray) -> np.ndarray:
    """bool (h, w): pixels that look more like the eye than like the skin around it."""
    skin = push_pull(picture, 1.0 - near.astype(np.float32))
    eyeball = picture[inside]
    to_eyeball = np.full(inside.shape, np.inf, np.float32)
    for colour in eyeball[::max(1, len(eyeball) // PALETTE)]:
        np.minimum(to_eyeball, np.linalg.norm(picture - colour, axis=2), out=to_eyeball)
    to_skin = np.linalg.norm(picture - skin, axis=2)
    bright = picture.mean(axis=2) > LASH_BRIGHTNESS * skin.mean(axis=2)
    return (to_eyeball < to_skin) & (to_skin > CLEARLY_NOT_SKIN) & bright


def _joined(candidates: np.ndarray, inside: np.ndarray) -> np.ndarray:
    """bool (h, w): candidates that hang together with the inside, not with a lid on the other side of the lashes."""
    _, labels = cv2.connectedComponents((candidates | inside).astype(np.uint8), connectivity=4)
    return labels == np.bincount(labels[inside]).argmax()


def _grown(mask: np.ndarray, distance: int) -> np.ndarray:
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * distance + 1, 2 * distance + 1))
    return cv2.dilate(mask.astype(np.uint8), kernel) > 0

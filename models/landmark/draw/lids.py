"""Lids of plain skin: what the skin around an eye looks like once the eye is shut.

A closing lid is stretched from the few pixels between its margin and its crease. Whatever lies there is stretched, too:
lashes and drawn lines become dark streaks, and a rim of eyeball outside the tracked margins, which run inside the eyes of many
drawn faces, becomes a white edge. So each eye has a second patch of texture, with all that painted over by skin from further
out, which fades in while the eye closes.
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
"""Distance outside the lid margins, in eye widths, within which a rim of eyeball is looked for."""
PALETTE = 64
"""Number of colours that stand for those of the eyeball."""
CLEARLY_NOT_SKIN = 12.0
"""Least difference from the skin, in grey levels, of a pixel that is taken for eyeball."""
LASH_BRIGHTNESS = 0.6
"""Brightness, in parts of the skin's, below which pixels are lashes, and not eyeball."""
LARGEST_RIM = 0.7
"""Share of the neighbourhood that looks like eyeball beyond which eye and skin are too alike for a rim to be told."""
UPPER_LID, LOWER_LID = (0.05, 0.30), (0.02, 0.16)
"""Distances outside the eye, in eye widths, up to which skin is painted fully, and from which it is not. If they were close
together, the edge of the patch would be seen."""
SKIN_START = 0.10
"""Distance outside the eye, in eye widths, from which skin is sampled."""
SKIN_BRIGHTNESS = (0.75, 0.95)
"""Brightness above an eye, in parts of the skin's below it: up to the first it is brow or shade, from the second on skin."""
EDGE = 0.7
"""Softness of the edge of the painted part, in pixels (standard deviation)."""


@dataclass(frozen=True)
class LidPatch:
    """The part of the foreground around one eye, open and shut."""

    left: int
    """Column of the padded foreground at which the patch begins."""
    top: int
    """Row of the padded foreground at which the patch begins."""
    open: np.ndarray
    """float32 (h, w, 4), premultiplied BGRA, 0..255: the patch as the picture shows it."""
    shut: np.ndarray
    """float32 (h, w, 4), premultiplied BGRA, 0..255: the patch with a lid of plain skin."""


def patches(layers: Layers, face: AvatarFace, parts: list[EyeParts | None]) -> list[LidPatch | None]:
    """Return the patch of each eye; None for both where either eye is missing or cannot be told from what is around it."""
    found = [None if part is None else _patch(layers, face, number, part) for number, part in enumerate(parts)]
    return found if all(found) else [None] * len(parts)  # one lid painted and one stretched would not match


def paint(foreground: np.ndarray, patches: list[LidPatch | None], closing: np.ndarray) -> None:
    """Paint the lids into the foreground, uint8 (H, W, 4), in place, as far as each eye is `closing`, (2,), 0..1."""
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
    # The foreground around an eye is opaque, except where the background shows through a strand: that stays as it is.
    return LidPatch(left, top, shown, np.where(shown[..., 3:] >= 255.0, painted, shown))


def _skin(picture: np.ndarray, away: np.ndarray, above: np.ndarray) -> np.ndarray:
    """float32 (h, w, 3): plain skin all over the patch of an eye.

    It is filled in from below the eye, which is lit as the shut lid will be, and from above it only where it is as bright:
    brows, lashes and the shadow of the brow ridge would darken the lid.
    """
    below = (~above & (away > SKIN_START)).astype(np.float32)
    light = push_pull(picture, below).mean(axis=2)
    bright = smoothstep(*SKIN_BRIGHTNESS, picture.mean(axis=2) / np.maximum(light, 1.0)).astype(np.float32)
    return push_pull(picture, np.where(above & (away > SKIN_START), bright, below))


def _eyeball_like(picture: np.ndarray, inside: np.ndarray, near: np.ndarray) -> np.ndarray:
    """bool (h, w): pixels that look more like the eyeball than like the skin around the eye."""
    skin = push_pull(picture, 1.0 - near.astype(np.float32))
    eyeball = picture[inside]
    to_eyeball = np.full(inside.shape, np.inf, np.float32)
    for colour in eyeball[::max(1, len(eyeball) // PALETTE)]:
        np.minimum(to_eyeball, np.linalg.norm(picture - colour, axis=2), out=to_eyeball)
    to_skin = np.linalg.norm(picture - skin, axis=2)
    bright = picture.mean(axis=2) > LASH_BRIGHTNESS * skin.mean(axis=2)
    return (to_eyeball < to_skin) & (to_skin > CLEARLY_NOT_SKIN) & bright


def _joined(candidates: np.ndarray, inside: np.ndarray) -> np.ndarray:
    """bool (h, w): the candidates connected with the inside, not those of a lid on the other side of the lashes."""
    _, labels = cv2.connectedComponents((candidates | inside).astype(np.uint8), connectivity=4)
    return labels == np.bincount(labels[inside]).argmax()


def _grown(mask: np.ndarray, distance: int) -> np.ndarray:
    """bool (h, w): a mask dilated by `distance` pixels."""
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * distance + 1, 2 * distance + 1))
    return cv2.dilate(mask.astype(np.uint8), kernel) > 0

"""Who else is in the picture: with two faces, the one that was driving keeps driving.

A face is followed from where it was in the frame before, so it can be lost to another one in two ways. While it is hidden
for a moment, the other is the only one that is found; and when the two cross, what follows the one may slide onto the
other. For the first it is remembered where the others are; for the second, what the driver looks like.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import hypot

import cv2
import numpy as np

from .landmarks import Landmarks
from .region import Region

LOOK_ALONE, LOOK_IN_COMPANY = 12, 3
"""Every so many frames all of the picture is searched: while nobody else is known, and while somebody is. In frames, as
nothing here knows the time."""
SAME_PLACE, APART = 0.5, 0.7
"""Two faces whose middles are closer than the first, in sides of the larger region, are taken for one; the second and
further, they are two that do not hide each other."""
HOLD = 60
"""For so many frames nobody else takes the place of a driver who is out of sight."""
THUMB = 24
"""Side of the picture that is kept of the driver's face, in pixels."""
INNER = 0.6
"""How much of a face's region that picture shows: no hair and no wall, which somebody else covers first."""
LEARNING = 0.05
"""Share of a new frame in that picture."""
CLEARLY_LIKER = 0.8
"""Another face is the driver, if its difference from that picture is at most this part of the followed face's."""


class Bystanders:
    """The faces in the picture beside the driver's. All regions are of one face, in pixels of the picture."""

    def __init__(self) -> None:
        self.others: list[Region] = []
        """Where they were last."""
        self._thumb: np.ndarray | None = None
        self._frame = 0
        self._missing = 0
        self._mixed = False
        """Whether somebody else was so close that they may have been taken for the driver."""

    def wants_look(self) -> bool:
        """Call it with every frame in which the driver is followed. Whether all faces of the frame are wanted."""
        self._missing = 0
        self._frame += 1
        return self._frame % (LOOK_IN_COMPANY if self.others or self._mixed else LOOK_ALONE) == 1

    def see(self, picture: np.ndarray, driver: Region, faces: Sequence[Region]) -> Region | None:
        """All faces of a frame in which `driver` is followed; one of them, if that one may be the driver instead."""
        before, self.others = self.others, [face for face in faces if _distance(face, driver) > SAME_PLACE]
        apart = all(_distance(face, driver) > APART for face in self.others)
        if any(_distance(face, driver) <= APART for face in [*before, *self.others]):
            self._mixed = True
        if self.others and apart and (self._mixed or not before):  # whoever is new may have passed by between two looks
            self._mixed = False
            return min(self.others, key=lambda face: _distance(face, driver))
        if not self._mixed:
            self._learn(picture, driver)
        return None

    def is_driver_rather(self, picture: np.ndarray, face: Region, followed: Region) -> bool:
        """Whether the driver's picture is more like `face` than like the followed one."""
        if self._thumb is None:
            return False
        return self._unlikeness(picture, face) < CLEARLY_LIKER * self._unlikeness(picture, followed)

    def miss(self) -> None:
        """The driver is out of sight, in one more frame."""
        self._missing += 1

    def strangers(self, faces: Iterable[Landmarks]) -> Iterable[Landmarks]:
        """Of the faces seen while the driver is out of sight, those that are none of the others who were there before."""
        if not self.others:
            return faces
        faces = list(faces)
        regions = [face.region() for face in faces]
        pairs = sorted((_distance(region, other), here, there) for here, region in enumerate(regions)
                       for there, other in enumerate(self.others))
        known: dict[int, int] = {}  # who is where: each of the others is one face at most, the nearest one
        for distance, here, there in pairs:
            if distance < APART and here not in known and there not in known.values():
                known[here] = there
        for here, there in known.items():
            self.others[there] = regions[here]
        return [face for here, face in enumerate(faces) if here not in known]

    @property
    def waits(self) -> bool:
        """Whether the driver may come back."""
        return self._missing <= HOLD

    def _unlikeness(self, picture: np.ndarray, face: Region) -> float:
        return float(np.abs(_thumb(picture, face) - self._thumb).mean())

    def _learn(self, picture: np.ndarray, driver: Region) -> None:
        seen = _thumb(picture, driver)
        self._thumb = seen if self._thumb is None else self._thumb + LEARNING * (seen - self._thumb)


def _distance(one: Region, other: Region) -> float:
    return hypot(one.center_x - other.center_x, one.center_y - other.center_y) / max(one.side, other.side, 1e-6)


def _thumb(picture: np.ndarray, region: Region) -> np.ndarray:
    """float32 (THUMB, THUMB, 3): a face without how brightly it is lit."""
    inner = Region(region.center_x, region.center_y, region.side * INNER, region.rotation)
    part, averaged = inner.averaged(picture, THUMB)
    small = np.empty((THUMB, THUMB, 3), np.uint8)
    part.cut(averaged, small, cv2.BORDER_REPLICATE)
    shown = small.astype(np.float32)
    return shown / max(float(shown.mean()), 1.0)

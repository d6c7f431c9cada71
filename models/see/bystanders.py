"""Who else is in the picture: among several faces, the one that was driving keeps driving.

A face is followed from its place in the previous frame, so it can be lost to another one in two ways. While it is occluded
for a moment, only the other is found; and when the two cross, the tracker may slip from one to the other. Against the first,
the places of the others are remembered; against the second, a thumbnail of the driver.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import hypot

import cv2
import numpy as np

from .landmarks import Landmarks
from .region import Region

DETECT_ALONE, DETECT_IN_COMPANY = 12, 3
"""Frames from one search of the whole picture to the next: while nobody else is known, and while somebody is. They are frames
because nothing here knows the time."""
SAME_PLACE, APART = 0.5, 0.7
"""Distances between the centres of two faces, in sides of the larger region: up to the first they are taken for one face,
beyond the second they do not occlude each other."""
HOLD = 60
"""Number of frames for which nobody else takes the place of a driver who is out of sight."""
THUMB = 24
"""Side of the thumbnail of the driver's face, in pixels."""
INNER = 0.6
"""Share of a face's region, by its side, that the thumbnail shows: no hair and no wall, which others occlude first."""
LEARNING = 0.05
"""Weight of a new frame in the thumbnail."""
CLEARLY_CLOSER = 0.8
"""Another face is the driver if it differs from the thumbnail by less than this share of what the followed face does."""


class Bystanders:
    """The faces in the picture besides the driver's. Each region is that of one face, in pixels of the picture."""

    def __init__(self) -> None:
        self.others: list[Region] = []
        """Where the others were seen last."""
        self._thumb: np.ndarray | None = None
        self._frame = 0
        self._missing = 0
        self._mixed = False
        """Whether somebody else came so close that they may have been taken for the driver."""

    def wants_detection(self) -> bool:
        """Return whether all faces of this frame are to be detected. Call it once for every frame that follows the driver."""
        self._missing = 0
        self._frame += 1
        return self._frame % (DETECT_IN_COMPANY if self.others or self._mixed else DETECT_ALONE) == 1

    def see(self, picture: np.ndarray, driver: Region, faces: Sequence[Region]) -> Region | None:
        """Take note of all faces of a frame that follows `driver`; return the one that may be the driver instead, if any."""
        before, self.others = self.others, [face for face in faces if _distance(face, driver) > SAME_PLACE]
        apart = all(_distance(face, driver) > APART for face in self.others)
        if any(_distance(face, driver) <= APART for face in [*before, *self.others]):
            self._mixed = True
        if self.others and apart and (self._mixed or not before):  # a newcomer may have crossed between two searches
            self._mixed = False
            return min(self.others, key=lambda face: _distance(face, driver))
        if not self._mixed:
            self._learn(picture, driver)
        return None

    def resembles_driver_more(self, picture: np.ndarray, face: Region, followed: Region) -> bool:
        """Return whether `face` is clearly closer to the driver's thumbnail than the followed face is."""
        if self._thumb is None:
            return False
        return self._unlikeness(picture, face) < CLEARLY_CLOSER * self._unlikeness(picture, followed)

    def miss(self) -> None:
        """Count a frame in which the driver is out of sight."""
        self._missing += 1

    def strangers(self, faces: Iterable[Landmarks]) -> Iterable[Landmarks]:
        """Of the faces seen while the driver is out of sight, those that are not known as somebody else's."""
        if not self.others:
            return faces
        faces = list(faces)
        regions = [face.region() for face in faces]
        pairs = sorted((_distance(region, other), here, there) for here, region in enumerate(regions)
                       for there, other in enumerate(self.others))
        known: dict[int, int] = {}  # face to other; each of the others is at most one face, the nearest
        for distance, here, there in pairs:
            if distance < APART and here not in known and there not in known.values():
                known[here] = there
        for here, there in known.items():
            self.others[there] = regions[here]
        return [face for here, face in enumerate(faces) if here not in known]

    @property
    def waits(self) -> bool:
        """Whether the driver is still expected to come back."""
        return self._missing <= HOLD

    def _unlikeness(self, picture: np.ndarray, face: Region) -> float:
        """Return the mean absolute difference of a face from the driver's thumbnail."""
        return float(np.abs(_thumb(picture, face) - self._thumb).mean())

    def _learn(self, picture: np.ndarray, driver: Region) -> None:
        seen = _thumb(picture, driver)
        self._thumb = seen if self._thumb is None else self._thumb + LEARNING * (seen - self._thumb)


def _distance(one: Region, other: Region) -> float:
    """Return the distance between the centres of two faces, in sides of the larger region."""
    return hypot(one.center_x - other.center_x, one.center_y - other.center_y) / max(one.side, other.side, 1e-6)


def _thumb(picture: np.ndarray, region: Region) -> np.ndarray:
    """float32 (THUMB, THUMB, 3): the thumbnail of a face, RGB, divided by its mean so that brightness does not count."""
    inner = Region(region.center_x, region.center_y, region.side * INNER, region.rotation)
    part, averaged = inner.averaged(picture, THUMB)
    small = np.empty((THUMB, THUMB, 3), np.uint8)
    part.cut(averaged, small, cv2.BORDER_REPLICATE)
    shown = small.astype(np.float32)
    return shown / max(float(shown.mean()), 1.0)

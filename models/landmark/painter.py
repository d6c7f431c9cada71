"""The built-in painter: moves a still picture by tracked face landmarks, on any processor and without a download.

It resamples the picture itself, so the result stays as sharp as the picture; it invents only what the picture cannot show:
eyeballs behind lids, the inside of the mouth, the background behind the head.
"""

from __future__ import annotations

import hashlib
from concurrent.futures import Executor, Future
from types import ModuleType
from typing import TYPE_CHECKING, Callable

import cv2
import numpy as np

from core.shared.settings import BUILT_IN_ENGINE

from ..cache import Cache
from ..contract import Drawn, DrawnFace, MotionOptions, Observation
from ..cut.imaging import bounds
from ..see import still
from ..wishes import Wishes
from .avatar import Avatar, build, packed, straight, unpacked
from .draw import eyes, lids, mouth
from .draw.mouth_source import DriverMouth
from .move.avatar_face import Placement
from .move.placing import Placing

if TYPE_CHECKING:
    from .draw import raster

FACE_MARGIN = 8
"""The margin around the face, in pixels, that is smoothed with it."""


def opened(wishes: Wishes) -> LandmarkPainter:
    """Return the built-in painter; of the wishes, only the cache and the helper matter to it."""
    return LandmarkPainter(wishes.cache, wishes.helper)


class LandmarkPainter:
    """The painter of the built-in engine; see models.contract.Painter.

    `cache` keeps prepared avatars, if it is given; `helper` compiles the rasteriser meanwhile.
    """

    id = BUILT_IN_ENGINE
    runs = ""
    drawn_per_second = 0.0
    cuts_out = True

    def __init__(self, cache: Cache | None = None, helper: Executor | None = None) -> None:
        self._cache = cache
        self._compiling: Future[ModuleType] | None = helper.submit(_compiled) if helper is not None else None
        self._raster: raster.Raster | None = None
        self._out = np.empty((0, 0, 4), np.uint8)
        self._placing = Placing()
        self._mouth = DriverMouth()

    def prepare(self, picture: np.ndarray, face: Observation | None = None, person: np.ndarray | None = None) -> Avatar:
        """Return the prepared avatar; see models.contract.Painter.prepare. Raises FaceNotFound."""
        kind = "avatar" + _fingerprint(None if face is None else face.keypoints, person)
        avatar = self._kept(kind, picture)
        if avatar is None:
            seen = face or still.find(np.ascontiguousarray(picture[..., :3]))
            avatar = build(picture, still.large_enough(seen), person)
            if self._cache:
                self._cache.store(kind, picture, packed(avatar))
        self._drawing()  # a damaged compiler is reported now, not at the first frame
        return avatar

    def before(self, avatar: Avatar, change: Callable[[np.ndarray], np.ndarray]) -> Avatar:
        """Return the avatar in front of another background; see models.contract.Painter.before."""
        return avatar.before(change)

    def read(self, face: Observation | None) -> Observation | None:
        """Return the face as it is: this painter is driven by the landmarks themselves."""
        return face

    def forget(self) -> None:
        """Measure the light in the driver's mouth anew from the next frame on."""
        self._mouth = DriverMouth()

    def animate(self, avatar: Avatar, driving: Observation | None, reference: Observation | None,
                options: MotionOptions) -> Drawn:
        """Return the avatar as `driving` moves it; see models.contract.Painter.animate."""
        height, width = avatar.still.shape[:2]
        if self._raster is None or self._out.shape[:2] != (height, width):
            self._out = np.empty((height, width, 4), np.uint8)
            self._raster = self._drawing().Raster(width, height)
        placement = None
        if driving is not None:
            placement = self._placing.place(avatar.face, (width, height), driving, reference, options)
        if driving is None or placement is None:
            np.copyto(self._out, avatar.still)
            return Drawn(self._out, DrawnFace(avatar.observation.keypoints, avatar.observation.pose))
        self._draw(avatar, placement, driving, options, self._raster)
        return Drawn(self._out, DrawnFace(placement.points, placement.rigid.rotation @ avatar.face.rotation))

    def _kept(self, kind: str, picture: np.ndarray) -> Avatar | None:
        """Return the avatar as it was prepared before, or None if there is none in the cache that can be used."""
        kept = self._cache.load(kind, picture) if self._cache else None
        if kept is None:
            return None
        try:
            return unpacked(picture, kept)
        except (KeyError, ValueError, TypeError, IndexError):
            return None

    def _drawing(self) -> ModuleType:
        """Return the module draw.raster once it is compiled."""
        return self._compiling.result() if self._compiling is not None else _compiled()

    def _draw(self, avatar: Avatar, placement: Placement, driving: Observation, options: MotionOptions,
              drawing: raster.Raster) -> None:
        closing = eyes.closing(avatar.eyes, placement)
        source = avatar.mesh.textured(closing)
        lids.paint(avatar.layers.foreground, avatar.lids, closing)
        drawing.draw(avatar.mesh.place(avatar.face, placement), source, avatar.mesh.triangles,
                     avatar.layers.foreground, avatar.layers.background, self._out, self._face_box(placement))
        eyes.draw(self._out, avatar.eyes, avatar.face, placement)
        mouth.draw(self._out, avatar.mouth, avatar.face, placement, driving, self._mouth, options.mouth)
        if not avatar.opaque:
            straight(self._out)

    def _face_box(self, placement: Placement) -> tuple[int, int, int, int]:
        """Return the (left, top, right, bottom) of the face with a margin, in pixels: the only part that folds over itself."""
        height, width = self._out.shape[:2]
        return bounds(placement.points[:, :2], FACE_MARGIN, width, height)


def _compiled() -> ModuleType:
    """Return the rasteriser's module, compiled. It is imported only here: Numba takes longer to start than all the rest."""
    from .draw import raster
    raster.warm_up()
    for there_or_back in cv2.COLOR_BGR2LAB, cv2.COLOR_LAB2BGR:  # OpenCV fills its tables at the first use, in 80 ms
        cv2.cvtColor(np.zeros((1, 1, 3), np.float32), there_or_back)
    return raster


def _fingerprint(*given: np.ndarray | None) -> str:
    """Return a suffix that depends on the given landmarks and matte of an avatar; empty if none are given."""
    digest = hashlib.sha256()
    for part in given:
        digest.update(b"-" if part is None else np.ascontiguousarray(part).tobytes())
    return "" if all(part is None for part in given) else "-" + digest.hexdigest()[:16]

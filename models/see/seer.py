"""Sees faces in pictures and follows the driver's from frame to frame, for all painters alike; see contract.Seer."""

from __future__ import annotations

from concurrent.futures import Executor, Future

import numpy as np

from ..cache import Cache
from ..contract import Observation
from ..face.pose import misfit
from . import still
from .kept_face import kept, restored
from .tracker import Tracker

NO_FACE = 0.20
"""The pose.misfit above which landmarks are scattered over something that is not a face. Real faces reach 0.13, cartoons and
faces half hidden by a hand 0.15."""
_KIND = "face"


class Seer:
    """The one seer; see models.contract.Seer.

    `cache` keeps the faces of still pictures, if it is given; `helper` loads the models meanwhile.
    """

    def __init__(self, cache: Cache | None = None, helper: Executor | None = None) -> None:
        self._cache = cache
        self._loading: Future[Tracker] | None = helper.submit(Tracker) if helper is not None else None
        self._loaded: Tracker | None = None

    def ready(self) -> None:
        """Return once the models are loaded. Raises shipped.bundle.DamagedModel."""
        _ = self._tracker

    def find(self, picture: np.ndarray) -> tuple[Observation, int]:
        """Return the largest face in a still picture, BGR (H, W, 3), and how many faces there are. Raises FaceNotFound."""
        found = self._cache.load(_KIND, picture) if self._cache else None
        before = restored(found) if found is not None else None
        if before is not None:
            return before
        face, faces = still.find(picture), max(1, Tracker().faces_in(picture))
        if self._cache:
            self._cache.store(_KIND, picture, kept(face, faces))
        return face, faces

    def observe(self, frame: np.ndarray) -> list[Observation]:
        """Return the driver's face in a driving frame, BGR (H, W, 3), as a list of one; empty if it is not seen."""
        observation = self._tracker.observe(frame)
        if observation is None:
            return []
        if misfit(observation.keypoints) > NO_FACE:
            self._tracker.forget()  # a hand or a pattern is being followed, so a face has to be searched for again
            return []
        return [observation]

    def see_expressions(self) -> None:
        """Let observations carry the 52 blendshape coefficients from now on."""
        self._tracker.see_expressions()

    def forget(self) -> None:
        """Search the whole of the next frame, because it comes from somewhere else."""
        self._tracker.forget()

    @property
    def _tracker(self) -> Tracker:
        if self._loaded is None:
            self._loaded = self._loading.result() if self._loading is not None else Tracker()
        return self._loaded

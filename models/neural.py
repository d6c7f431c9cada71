"""Opens the neural engine, or says in a sentence what it lacks: PyTorch, or the weights."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Callable

import cv2

from . import weights
from .engine import Engine, EngineUnavailable

WEIGHTS = ("vox-adv-256", "vox-256")
"""In the order in which they are preferred: the first was trained to look sharper."""

SHIPPED_AVATARS = Path(__file__).resolve().parent.parent / "avatars"


def open_fomm(report: Callable[[object], None] = lambda _: None) -> Engine:
    """The First Order Motion Model with the best weights that are here. Raises EngineUnavailable."""
    if importlib.util.find_spec("torch") is None:
        raise EngineUnavailable("The neural engine is not installed. Run  python3 obs_avatar.py setup --neural")
    path = _weights()
    from .fomm.checkpoint import CheckpointError
    from .fomm.engine import open_engine
    try:
        return open_engine(path, [cv2.imread(str(file)) for file in sorted(SHIPPED_AVATARS.glob("*.png"))], report)
    except CheckpointError as error:
        raise EngineUnavailable(str(error)) from error


def _weights() -> Path:
    sentences = []
    for name in WEIGHTS:
        try:
            return weights.path(name)
        except weights.WeightsError as error:
            sentences.append(str(error))
    raise EngineUnavailable(sentences[0])

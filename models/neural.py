"""Opens the neural engine, or says in a sentence what it lacks: PyTorch, the weights, or a device that is fast enough."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import cv2

from core.shared import places
from core.shared.texts import text

from . import weights
from .contract import EngineUnavailable, Painter
from .wishes import AUTO, Wishes

WEIGHTS = ("vox-adv-256", "vox-256")
"""In the order in which they are preferred: the first was trained to look sharper, and is the one that can be downloaded."""

LEAST_FPS = 20.0
"""Auto takes the neural engine only where the network itself draws so many pictures a second."""
IN_BETWEEN_BELOW = 25.0
"""Pictures a second: a device that draws as many as a camera delivers needs none in between, which would be a picture late."""


def opened(wishes: Wishes) -> Painter:
    """Return the First Order Motion Model with the best weights that are here. Raises EngineUnavailable.

    With the device "auto" it has to reach LEAST_FPS; a device that was chosen is taken as it is. A live one that is slow
    carries its pictures on until the next one is there.
    """
    if importlib.util.find_spec("torch") is None:
        raise EngineUnavailable(text("Neural.NotInstalled"))
    path = _weights()
    try:
        from .fomm import devices
        from .fomm.checkpoint import CheckpointError
        from .fomm.painter import FommPainter, open_model
    except (ImportError, OSError) as error:  # a part of it is missing, or a library of PyTorch does not load
        raise EngineUnavailable(text("Neural.Incomplete", error=error)) from error
    try:
        pictures = [picture for file in sorted(places.SHIPPED_AVATARS.glob("*.png"))
                    if (picture := cv2.imread(str(file))) is not None]
        model = open_model(path, pictures, wishes.device, wishes.report)
    except CheckpointError as error:
        raise EngineUnavailable(str(error)) from error
    used, fps = devices.of(model.result.candidate), 1000 / max(model.result.milliseconds, 1e-3)
    if wishes.device == AUTO and fps < LEAST_FPS:
        slow = text("Neural.Slow", fps=fps, least=LEAST_FPS, device=devices.name(used))
        raise EngineUnavailable(" ".join([slow, *devices.all_unsupported()]))
    return FommPainter(model, in_between=wishes.live and fps < IN_BETWEEN_BELOW, device=used)


def devices() -> list[tuple[str, str]]:
    """(id, name) of each device that the neural engine can run on here, the processor first; nothing where it is not
    installed. Loads PyTorch and the other runtimes, which takes seconds."""
    try:
        from .fomm import devices as found
        return [(device.id, device.name) for device in found.devices()]
    except (ImportError, OSError):
        return []


def _weights() -> Path:
    """Return the published weights where they are here, else the user's own."""
    sentences = []
    for name in WEIGHTS:
        try:
            return weights.path(name)
        except weights.WeightsError as error:
            sentences.append(str(error))
    for status in weights.everything():
        if status.state is weights.State.READY:
            return weights.path(status.name)
    raise EngineUnavailable(sentences[0])

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
"""The names of the weights in order of preference; the first were trained to look sharper and can be downloaded."""

LEAST_FPS = 20.0
"""The least number of pictures per second that the network must draw for the device "auto" to use the neural engine."""
IN_BETWEEN_BELOW = 25.0
"""The pictures per second below which pictures are carried on in between, which makes them a frame late."""


def opened(wishes: Wishes) -> Painter:
    """Return a painter of the First Order Motion Model with the best weights that are here. Raises EngineUnavailable.

    With the device "auto", it has to reach LEAST_FPS; any other device is used however slow it is. A live painter below
    IN_BETWEEN_BELOW carries each picture on until the next one is drawn.
    """
    if importlib.util.find_spec("torch") is None:
        raise EngineUnavailable(text("Neural.NotInstalled"))
    path = _weights()
    try:
        from .fomm import devices
        from .fomm.checkpoint import CheckpointError
        from .fomm.painter import FommPainter, open_model
    except (ImportError, OSError) as error:  # part of it is missing, or a library of PyTorch does not load
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
    """Return the (id, name) of each device that can run the neural engine here, the processor first; empty if it is not
    installed. This loads PyTorch and the other runtimes, which takes seconds."""
    try:
        from .fomm import devices as found
        return [(device.id, device.name) for device in found.devices()]
    except (ImportError, OSError):
        return []


def _weights() -> Path:
    """Return the path of the published weights if they are here, or else of the user's own. Raises EngineUnavailable."""
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

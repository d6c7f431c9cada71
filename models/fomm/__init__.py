"""First Order Motion Model (Siarohin et al., NeurIPS 2019): the neural engine.

    model = FirstOrderMotionModel.from_checkpoint("vox-adv-cpk.pth.tar")
    source, initial = model.encode(picture), model.detect(first_frame)
    drawn = model.animate(source, transfer(source.keypoints, model.detect(frame), initial))

models.fomm.fast.load gives a model with the same three methods on the fastest runtime of the machine;
models.fomm.painter is the painter that the program uses.

PyTorch is imported when one of the names below is first used, so importing the package costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

_HOMES = {"FirstOrderMotionModel": "model", "EncodedSource": "model", "Keypoints": "keypoints",
          "transfer": "motion_transfer", "CheckpointError": "checkpoint", "Config": "config"}

__all__ = sorted(_HOMES)  # noqa: PLE0605 (a list all the same)


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(import_module("." + _HOMES[name], __name__), name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})

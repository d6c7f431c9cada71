"""Weights for the neural engine that draw its picture back: made here, small, with nothing learned from anybody.

A network of random weights draws noise, in which no test can tell the avatar from a fault. These let the colours through
softened, and carry them the way that the face goes, so what is recorded is an avatar that moves.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from core.shared import places

NAME = "made-up"
CONFIG = Path(__file__).resolve().parent.parent / "data" / "fomm" / "small-64.config.json"
GAIN = 4.0
"""Of the last layer, whose curve then is nearest to a straight line from black to white."""
POINTEDNESS = 3.0
"""How much more a bright place draws the keypoints than a dark one."""

AROUND = [(0, 0), (0, 3), (0, 6), (3, 6), (6, 6), (6, 3), (6, 0), (3, 0), (1, 4), (5, 2)]
"""Where each keypoint looks, in a window of 7 x 7: apart from the others, since the size of them all is measured."""


def install(user_data_home: Path) -> None:
    """For an OBS whose XDG_DATA_HOME is that folder; as a user does it who has a checkpoint."""
    user_data_home.mkdir(parents=True, exist_ok=True)
    checkpoint = user_data_home / "made-up.pth.tar"
    _write(checkpoint)
    subprocess.run([sys.executable, str(places.ROOT / "obs_avatar.py"), "models", "import", str(checkpoint), "--as", NAME],
                   env={**os.environ, "XDG_DATA_HOME": str(user_data_home)}, check=True, capture_output=True)
    checkpoint.unlink()


def _write(path: Path) -> None:
    import torch  # here: the other faults need none

    from models.fomm import made_up
    from models.fomm.config import Config
    state = made_up.state(Config.from_dict(json.loads(CONFIG.read_text("utf-8"))))
    for key, tensor in state["generator"].items():
        if not key.endswith((".down.weight", "running_var", "num_batches_tracked")):
            tensor.zero_()
        if key.endswith(("norm.weight", "norm1.weight", "norm2.weight")):
            tensor.fill_(1)
        if key.endswith("running_var"):
            tensor.fill_(1)
        if not key.startswith(("dense_motion", "bottleneck")) and key.endswith(("conv.weight", "final.weight")):
            _pass_on(tensor)
    state["generator"]["final.weight"] *= GAIN
    state["generator"]["final.bias"].fill_(-GAIN / 2)
    state["generator"]["dense_motion_network.occlusion.bias"].fill_(9)  # nothing of the picture is hidden
    detector = state["kp_detector"]
    for name in ("kp", "jacobian"):
        detector[f"{name}.weight"].zero_()
    detector["jacobian.bias"].copy_(torch.tensor([1.0, 0, 0, 1]).repeat(len(detector["kp.bias"])))
    for number, (row, column) in enumerate(AROUND[:len(detector["kp.bias"])]):
        detector["kp.weight"][number, -3:, row, column] = POINTEDNESS / 3  # the picture's own colours come in last
    torch.save(state, path)


def _pass_on(weights) -> None:
    """Each of the three colours goes on as it is."""
    middle = weights.shape[-1] // 2
    for colour in range(3):
        weights[colour, colour, middle, middle] = 1

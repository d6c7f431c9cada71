"""A small model of random weights, with numbers that its authors' code gave for it.

Without PyTorch these tests fail: models/fomm/requirements.txt says what they need.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from models.fomm import made_up
from models.fomm.config import Config

# Where something else runs too, threads that wait for one another take many times as long.
torch.set_num_threads(1)

DATA = Path(__file__).resolve().parents[2] / "data" / "fomm"
SIZE = 64
SOURCE, INITIAL, DRIVING = 0.3, 0.9, 2.0
"""Phases of the pictures that the numbers were made with."""


@pytest.fixture(scope="session")
def config() -> Config:
    return Config.from_dict(json.loads((DATA / "small-64.config.json").read_text("utf-8")))


@pytest.fixture(scope="session")
def state(config: Config) -> dict[str, dict[str, torch.Tensor]]:
    """Two state dicts, which no test may change."""
    return made_up.state(config)


@pytest.fixture(scope="session")
def checkpoint_file(state: dict[str, dict[str, torch.Tensor]], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkpoint file as published: besides the weights it holds what training needs."""
    path = tmp_path_factory.mktemp("checkpoint") / "small-cpk.pth.tar"
    torch.save({**state, "discriminator": {"conv.weight": torch.zeros(2)}, "epoch": 99,
                "optimizer_generator": {"state": {0: {"step": 5}}, "param_groups": [{"lr": 2e-4}]}}, path)
    return path


@pytest.fixture(params=["small-64", "small-64-aligned"])
def expected(request: pytest.FixtureRequest) -> dict[str, np.ndarray]:
    """The authors' numbers, and how pictures were warped for them under "aligned"."""
    with np.load(DATA / f"{request.param}.npz") as arrays:
        return {**arrays, "aligned": np.array(request.param.endswith("aligned"))}


@pytest.fixture(scope="session")
def pictures() -> dict[str, torch.Tensor]:
    return {name: made_up.picture(SIZE, phase)
            for name, phase in (("source", SOURCE), ("initial", INITIAL), ("driving", DRIVING))}

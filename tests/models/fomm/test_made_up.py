"""The made-up checkpoint is reproducible."""

from __future__ import annotations

import zlib

import numpy as np
import torch

from models.fomm import made_up


def test_a_weight_depends_on_its_own_name_only(state: dict) -> None:
    random = np.random.RandomState(zlib.crc32(b"generator.final.weight"))
    wanted = 1.4 * random.standard_normal((3, 8, 7, 7)) / np.sqrt(8 * 7 * 7)
    np.testing.assert_allclose(state["generator"]["final.weight"].numpy(), wanted, rtol=1e-6)


def test_pictures_are_rgb_from_0_to_1() -> None:
    picture = made_up.picture(32, 0.3)
    assert picture.shape == (1, 3, 32, 32) and picture.dtype == torch.float32
    assert 0 <= picture.min() < 0.1 and 0.9 < picture.max() <= 1

"""The names that other code uses."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import torch

import models.fomm
from models.fomm import FirstOrderMotionModel, Keypoints, transfer
from models.fomm.keypoints import inverse


def test_importing_the_package_does_not_import_torch() -> None:
    code = "import sys, models.fomm, models.fomm.fast, models.fomm.config; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).resolve().parents[3]).returncode == 0


def test_every_offered_name_is_there() -> None:
    assert all(getattr(models.fomm, name) for name in models.fomm.__all__)
    assert callable(transfer) and models.fomm.transfer is transfer
    with pytest.raises(AttributeError):
        models.fomm.nothing  # noqa: B018


@pytest.mark.parametrize("shape", [(3, 64, 64), (1, 1, 64, 64), (1, 3, 65, 64), (1, 3, 64, 63)])
def test_a_picture_of_another_shape_is_named_as_such(shape: tuple, checkpoint_file: Path) -> None:
    model = FirstOrderMotionModel.from_checkpoint(checkpoint_file)
    with pytest.raises(ValueError, match=r"a picture of shape \(B, 3, H, W\) is needed, H and W multiples of 32"):
        model.detect(torch.zeros(shape))


def test_relative_motion_without_a_reference_is_named_as_such() -> None:
    keypoints = Keypoints(torch.zeros(1, 4, 2), torch.eye(2).expand(1, 4, 2, 2))
    with pytest.raises(ValueError, match="reference frame"):
        transfer(keypoints, keypoints, None)


def test_the_closed_form_inverse_is_the_inverse() -> None:
    matrices = torch.randn(50, 2, 2, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    torch.testing.assert_close(inverse(matrices), torch.linalg.inv(matrices))


def test_a_driver_twice_as_large_moves_the_source_half_as_far() -> None:
    square = torch.tensor([[[-0.2, -0.2], [0.2, -0.2], [0.2, 0.2], [-0.2, 0.2]]])
    still = torch.eye(2).expand(1, 4, 2, 2)
    source, initial = Keypoints(square, still), Keypoints(2 * square, still)
    driving = Keypoints(2 * square + 0.1, still)
    torch.testing.assert_close(transfer(source, driving, initial).value, square + 0.05)
    torch.testing.assert_close(transfer(source, driving, initial, adapt_scale=False).value, square + 0.1)
    assert transfer(source, driving, None, relative=False) is driving

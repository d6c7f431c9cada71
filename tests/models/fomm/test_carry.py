"""Pictures in between: the last one is moved as its keypoints moved, and left alone where moving it makes it worse."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
import torch

from models.fomm import Keypoints, carry
from models.fomm.carry import FURTHEST, STILL, Drawn, carried
from models.fomm.dense_motion import sparse_motions
from models.fomm.keypoints import coordinate_grid

SIDE, SMALL, PLACES = 128, 32, 4


def points(shift: tuple = (0.0, 0.0), turn: float = 0.0) -> Keypoints:
    """Four keypoints around the middle, moved in half picture sides and turned in radians about it."""
    c, s = np.cos(turn), np.sin(turn)
    rotation = torch.tensor([[c, -s], [s, c]], dtype=torch.float32)
    corners = 0.4 * torch.tensor([[-1.0, -1], [1, -1], [-1, 1], [1, 1]])
    return Keypoints((corners @ rotation.T + torch.tensor(shift, dtype=torch.float32))[None],
                     rotation.expand(1, PLACES, 2, 2).clone())


@pytest.fixture(scope="module")
def picture() -> np.ndarray:
    """A smooth picture, so that resampling it twice is like resampling it once."""
    noise = np.random.default_rng(1).integers(0, 256, (SIDE, SIDE, 3)).astype(np.float32)
    smooth = cv2.GaussianBlur(noise, (0, 0), 6)
    return cv2.normalize(smooth, None, 0, 255, cv2.NORM_MINMAX).astype(np.uint8)


def drawn(picture: np.ndarray, keypoints: Keypoints | None = None, mask: np.ndarray | None = None) -> Drawn:
    """By default all of it moves with the keypoints, each of them with the same weight."""
    if mask is None:
        mask = np.full((PLACES + 1, SMALL, SMALL), 1 / PLACES, np.float32)
        mask[0] = 0
    return Drawn(None, keypoints or points(), picture, mask)


def psnr(one: np.ndarray, other: np.ndarray, border: int = 24) -> float:
    inner = slice(border, -border)
    error = np.mean((one[inner, inner].astype(float) - other[inner, inner]) ** 2)
    return float(10 * np.log10(255 ** 2 / max(error, 1e-9)))


@pytest.mark.parametrize(("shift", "turn"), [((0.1, 0.0), 0.0), ((-0.05, 0.12), 0.0), ((0.0, 0.0), 0.2), ((0.06, -0.03), -0.1)])
def test_a_picture_whose_keypoints_move_as_one_is_moved_as_one(picture: np.ndarray, shift: tuple, turn: float) -> None:
    middle = (SIDE - 1) / 2
    matrix = cv2.getRotationMatrix2D((middle, middle), -np.degrees(turn), 1.0)
    matrix[:, 2] += np.array(shift) * middle
    wanted = cv2.warpAffine(picture, matrix, (SIDE, SIDE), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    found = carried(drawn(picture), points(shift, turn))
    assert psnr(found, wanted) > 38 > 30 > psnr(picture, wanted)


def test_the_flow_is_the_networks_own_with_the_mask_that_came_along() -> None:
    random = np.random.default_rng(2)
    mask = cv2.GaussianBlur(random.random((SMALL, SMALL, PLACES + 1)).astype(np.float32), (0, 0), 3).transpose(2, 0, 1)
    mask /= mask.sum(axis=0)
    then, now = points(), points((0.05, -0.08), 0.15)
    grid = coordinate_grid(SMALL, SMALL, torch.device("cpu"))
    motions = sparse_motions(grid, then, now)
    first = (torch.from_numpy(mask)[None, ..., None] * motions).sum(dim=1)
    moved = torch.nn.functional.grid_sample(torch.from_numpy(mask)[None], first, padding_mode="border", align_corners=True)
    wanted = ((moved[..., None] * motions).sum(dim=1)[0] - grid).numpy()
    found = carry._displacement(mask, carry._motions(*(each[0].double().numpy() for each in (*then, *now))))
    np.testing.assert_allclose(found, wanted, atol=2e-3)  # OpenCV interpolates in steps of 1 / 32


def test_the_background_stays(picture: np.ndarray) -> None:
    mask = np.zeros((PLACES + 1, SMALL, SMALL), np.float32)
    mask[0] = 1
    assert psnr(carried(drawn(picture, mask=mask), points((0.2, 0.1))), picture) > 60


def test_what_hardly_moves_is_left_as_it_is_and_the_step_from_there_is_small(picture: np.ndarray) -> None:
    assert carried(drawn(picture), points((STILL * 0.99, 0))) is picture
    shares = [carry._share(moved) * moved for moved in np.linspace(0, 0.05, 200)]
    assert np.diff(shares).min() >= 0 and np.diff(shares).max() < 0.002


def test_beyond_the_limit_it_goes_no_further(picture: np.ndarray) -> None:
    far, further = (carried(drawn(picture), points((FURTHEST * times, 0))) for times in (1, 2))
    assert np.array_equal(far, further)


def test_nonsense_does_not_tear_the_program(picture: np.ndarray) -> None:
    flat = Keypoints(points((0.1, 0)).value, torch.zeros(1, PLACES, 2, 2))
    assert carried(drawn(picture), flat).shape == picture.shape
    nowhere = Keypoints(torch.full((1, PLACES, 2), float("nan")), points().jacobian)
    assert carried(drawn(picture), nowhere) is picture

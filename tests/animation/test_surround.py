"""What an Avatar filter shows fills the place of the camera, and the avatar in it is untouched."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.animation.compose.surround import SEAM, Surround

PICTURE = np.random.default_rng(1).integers(0, 256, (96, 96, 4), np.uint8)
PICTURE[..., 3] = 255


@given(st.floats(0.01, 100), st.integers(16, 96), st.integers(16, 96))
def test_the_place_is_filled_in_its_shape_within_limits_and_nothing_is_cut_off(aspect, width, height):
    whole = Surround(None).fill(PICTURE[:height, :width], aspect)
    assert whole.shape[0] >= height and whole.shape[1] >= width and min(whole.shape[0] - height, whole.shape[1] - width) == 0
    limited = min(max(aspect, 0.5), 2.0)
    assert whole.shape[1] / whole.shape[0] == pytest.approx(limited, abs=2.5 / min(width, height))
    assert whole[..., 3].min() == 255


@pytest.mark.parametrize("aspect", [16 / 9, 9 / 16])
def test_the_avatar_stands_in_the_middle_as_it_is(aspect):
    whole = Surround(None).fill(PICTURE, aspect)
    seam = round(SEAM * 96)
    left, top = (whole.shape[1] - 96) // 2, (whole.shape[0] - 96) // 2
    inner = whole[top:top + 96, left:left + 96]
    assert (inner[seam:-seam, seam:-seam] == PICTURE[seam:-seam, seam:-seam]).all()


def test_beside_the_avatar_is_its_background_without_the_person():
    person, background = np.full((64, 64, 4), 255, np.uint8), np.full((64, 64, 4), (10, 200, 30, 255), np.uint8)
    whole = Surround(background).fill(person, 2.0)
    assert (whole[:, :32] == (10, 200, 30, 255)).all() and (whole[:, -32:] == (10, 200, 30, 255)).all()


def test_beside_a_cut_out_avatar_nothing_is_seen():
    cut_out = np.zeros((64, 64, 4), np.uint8)
    cut_out[20:, 20:40] = 255
    assert Surround(None).fill(cut_out, 2.0)[:, :20, 3].max() < 10

"""Drawings before one plain colour are cut out exactly; everything else is left to the network."""

import cv2
import numpy as np
import pytest

from core.pictures.plain_backdrop import coverage
from core.pictures.reading import read
from core.shared import avatars

PAPER = (200, 220, 240)


def drawing(side=300):
    picture = np.full((side, side, 3), PAPER, np.uint8)
    cv2.circle(picture, (side // 2, side // 3), side // 4, (60, 90, 180), -1)
    cv2.ellipse(picture, (side // 2, side), (side // 3, side // 2), 0, 0, 360, (60, 140, 90), -1)
    cv2.circle(picture, (side // 2, side // 3), side // 12, PAPER, -1)  # an eye in the colour of the paper
    return picture


def test_the_figure_is_covered_with_all_that_it_encloses_and_nothing_else():
    cover = coverage(drawing())
    truth = np.zeros((300, 300), np.uint8)
    cv2.circle(truth, (150, 100), 75, 1, -1)
    cv2.ellipse(truth, (150, 300), (100, 150), 0, 0, 360, 1, -1)
    assert np.abs(cover - truth).mean() < 0.01
    assert cover[100, 150] == 1


def test_a_drawing_saved_as_jpeg_is_cut_out_too(tmp_path):
    path = tmp_path / "x.jpg"
    cv2.imwrite(str(path), drawing(), (cv2.IMWRITE_JPEG_QUALITY, 90))
    assert np.abs(read(path).coverage - coverage(drawing())).mean() < 0.02


@pytest.mark.parametrize("picture", [
    np.full((200, 200, 3), PAPER, np.uint8),
    np.random.default_rng(0).integers(0, 255, (200, 200, 3)).astype(np.uint8),
    cv2.copyMakeBorder(np.random.default_rng(0).integers(0, 255, (160, 160, 3)).astype(np.uint8), 20, 20, 20, 20,
                       cv2.BORDER_CONSTANT, value=(0, 0, 0)),
    np.tile(np.linspace(80, 160, 200).astype(np.uint8)[:, None, None], (1, 200, 3)),
], ids=("one colour", "noise", "a photo in a frame", "a gradient"))
def test_what_is_no_figure_before_a_plain_colour_is_left_alone(picture):
    assert coverage(picture) is None


def test_rendered_portraits_are_left_to_the_network():
    assert all(read(avatars.find(id).path).coverage is None for id in ("nora", "marcus"))

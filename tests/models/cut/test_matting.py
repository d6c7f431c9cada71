"""The matte: a known one is recovered, hair included."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from models.cut import matte
from models.cut.matting import Windows, enlarged, solve
from models.landmark.draw import layers
from models.see.tracker import Tracker

from ..see.faces import AVATARS, picture, seen

SIDE = 120


def mixed(alpha, seed=3):
    """A picture of two smooth colour fields, mixed by alpha, with a camera's noise."""
    random = np.random.default_rng(seed)
    corners = [random.uniform(low, low + 0.15, (3, 3, 3)).astype(np.float32) for low in (0.1, 0.6)]
    fields = [cv2.resize(each, (SIDE, SIDE), interpolation=cv2.INTER_CUBIC) for each in corners]
    clean = fields[0] * alpha[..., None] + fields[1] * (1 - alpha[..., None])
    return (clean + random.normal(0, 0.008, clean.shape)).astype(np.float32)


@pytest.fixture
def strands():
    """float32 (SIDE, SIDE): a solid block with soft strands that reach out of it."""
    alpha = np.zeros((SIDE, SIDE), np.float32)
    alpha[:, :40] = 1
    for row in range(8, SIDE, 12):
        cv2.line(alpha, (38, row), (80, row + 6), 0.8, 2, cv2.LINE_AA)
    return cv2.GaussianBlur(alpha, (0, 0), 0.8)


def test_strands_of_hair_are_found_where_only_block_and_wall_are_known(strands):
    known = np.zeros((SIDE, SIDE), np.float32)
    known[:, :30] = known[:, 95:] = 1
    guess = np.where(known > 0, strands > 0.5, 0.5).astype(np.float32)
    found = solve(Windows(mixed(strands), 2, 1e-5), guess, known)
    assert np.abs(found - strands).mean() < 0.02
    assert np.abs(found - strands).max() < 0.3


def test_an_alpha_that_is_linear_in_the_colours_fits_without_a_rest():
    alpha = np.tile(np.linspace(0, 1, SIDE, dtype=np.float32), (SIDE, 1))
    image = np.ascontiguousarray(np.dstack([alpha, 1 - alpha, 0.5 * alpha]).astype(np.float32))
    assert np.abs(Windows(image, 2, 1e-6).misfit(alpha)).max() < 1e-3


def test_an_enlarged_matte_follows_the_edges_of_the_large_picture(strands):
    small = cv2.resize(mixed(strands), (SIDE // 2, SIDE // 2), interpolation=cv2.INTER_AREA)
    coarse = cv2.resize(strands, (SIDE // 2, SIDE // 2), interpolation=cv2.INTER_AREA)
    large = enlarged(Windows(small, 2, 1e-3), coarse, mixed(strands))
    assert np.abs(large - strands).mean() < np.abs(cv2.resize(coarse, (SIDE, SIDE)) - strands).mean()


@pytest.mark.parametrize("name", AVATARS)
def test_a_person_before_a_new_wall_is_cut_out_as_before_the_old_one(avatars, name):
    """The cutout is laid over a wall of other colours and cut out again: shape and colours have to come back."""
    avatar = avatars[name]
    pad, (height, width) = avatar.layers.pad, avatar.still.shape[:2]
    cut = avatar.layers.cutout[pad:pad + height, pad:pad + width].astype(np.float32)
    alpha = cut[..., 3:] / 255
    across = np.linspace(60, 200, width, dtype=np.float32)[None, :, None]
    wall = np.concatenate([across * np.ones((height, 1, 1), np.float32) * share for share in (0.9, 0.6, 0.3)], axis=2)
    scene = np.rint(cut[..., :3] + (1 - alpha) * wall).clip(0, 255).astype(np.uint8)
    points = Tracker().observe(scene).keypoints.astype(np.float64)
    again = matte.person(scene, points)
    assert np.abs(again - alpha[..., 0]).mean() < 0.012
    parts = layers.separate(scene, again, points)
    recut = parts.cutout[parts.pad:parts.pad + height, parts.pad:parts.pad + width].astype(np.float32)
    white = [each[..., :3] + 255 - each[..., 3:] for each in (cut, recut)]
    assert np.abs(white[0] - white[1]).mean() < 2.5


def test_between_locks_of_hair_the_wall_is_not_hair():
    """clay's hair stands in spikes; the network takes the wall between them for hair."""
    clay = picture("clay", 512)
    person = matte.person(clay, Tracker().observe(clay).keypoints.astype(np.float64))
    yellow = (np.abs(clay[:150].astype(int) - (90, 155, 202)).max(axis=2) < 40)
    assert yellow.mean() > 0.3
    assert (person[:150][yellow] > 0.6).mean() < 0.02  # some skin is as yellow


@pytest.mark.parametrize("name", AVATARS)
def test_the_cutout_is_the_picture_where_the_person_is_whole(avatars, name):
    avatar = avatars[name]
    pad, (height, width) = avatar.layers.pad, avatar.still.shape[:2]
    cut = avatar.layers.cutout[pad:pad + height, pad:pad + width]
    whole = cut[..., 3] == 255
    assert 0.15 < whole.mean() < 0.8
    assert np.abs(cut[whole][:, :3].astype(int) - avatar.still[whole][:, :3]).max() <= 1


def test_a_mirrored_picture_has_the_mirrored_matte():
    """The network alone misses the elf's hair at her left shoulder, and in her mirror image that at the right one."""
    image = picture("elf", 512)
    points = seen(image).keypoints
    flipped = points * np.float32([-1, 1, 1]) + np.float32([511, 0, 0])
    matte_of_mirror = matte.person(np.ascontiguousarray(image[:, ::-1]), flipped)
    found = matte.person(image, points)
    assert np.abs(found - matte_of_mirror[:, ::-1]).mean() < 0.004
    assert found[300:340, 300:345].mean() > 0.5 and found[300:340, 167:212].mean() > 0.5

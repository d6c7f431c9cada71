"""The engine between the program and the model: framing, coordinates, and the picture around what the network draws."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from models.contract import Engine, EngineUnavailable, FaceNotFound, MotionOptions
from models.fomm import FirstOrderMotionModel, Keypoints
from models.fomm.framing import Square, cut, pixels, seam, tensor
from models.fomm.painter import Avatar, FommPainter
from models.see.seer import Seer

from ...support.waiting import PATIENCE
from .conftest import SIZE

ROOT = Path(__file__).resolve().parents[3]
RELATIVE, ABSOLUTE = MotionOptions(relative=True), MotionOptions(relative=False)


@pytest.fixture(scope="module")
def portrait() -> np.ndarray:
    return cv2.imread(str(ROOT / "avatars" / "nora.png"), cv2.IMREAD_COLOR)


@pytest.fixture(scope="module")
def engine(checkpoint_file: Path) -> Engine:
    return Engine(Seer(), FommPainter(FirstOrderMotionModel.from_checkpoint(checkpoint_file), SIZE))


@pytest.fixture(scope="module")
def wide(portrait: np.ndarray) -> np.ndarray:
    """The portrait in a much wider picture."""
    side = portrait.shape[0]
    return cv2.copyMakeBorder(portrait, 0, 0, side, side, cv2.BORDER_REPLICATE)


@pytest.fixture(scope="module")
def avatar(engine: Engine, wide: np.ndarray) -> Avatar:
    return engine.painter.prepare(wide)


def test_a_picture_without_a_face_is_named_as_such(engine: Engine) -> None:
    with pytest.raises(FaceNotFound, match="No face was found"):
        engine.painter.prepare(np.full((200, 200, 3), 128, np.uint8))
    assert engine.observe(np.full((200, 200, 3), 128, np.uint8)) is None


def test_without_a_driver_the_avatar_is_its_picture(engine: Engine, avatar: Avatar, wide: np.ndarray) -> None:
    still = engine.painter.animate(avatar, None, None, RELATIVE).picture
    assert np.array_equal(still[..., :3], wide) and (still[..., 3] == 255).all()
    unreferenced = engine.painter.animate(avatar, avatar.observation, None, RELATIVE).picture
    assert np.array_equal(unreferenced, still), "nor without a reference"


def test_only_the_square_around_the_face_is_drawn_and_fades_into_the_picture(engine: Engine, avatar: Avatar,
                                                                             wide: np.ndarray) -> None:
    drawn = engine.painter.animate(avatar, avatar.observation, avatar.observation, RELATIVE).picture[..., :3].astype(int)
    left, top, side = (int(each) for each in (avatar.square.left, avatar.square.top, avatar.square.side))
    changed = np.abs(drawn - wide).max(axis=2)
    outside = np.ones(changed.shape, bool)
    outside[top:top + side, left:left + side] = False
    assert outside.any() and not changed[outside].any()
    assert changed[top + side // 2, left + side // 2] > 5
    assert changed[top + side // 2, [left, left + side - 1]].max() <= 2


def test_the_same_face_gives_the_avatars_own_keypoints_in_both_kinds_of_motion(engine: Engine, avatar: Avatar,
                                                                               wide: np.ndarray) -> None:
    engine.forget()
    seen = engine.observe(wide)
    assert seen is not None and seen.frame_size == (wide.shape[1], wide.shape[0])
    relative = engine.painter.animate(avatar, seen, seen, RELATIVE).picture.astype(int)
    absolute = engine.painter.animate(avatar, avatar.observation, None, ABSOLUTE).picture.astype(int)
    assert np.abs(relative - absolute).max() <= 2


def test_a_face_that_moves_through_the_frame_is_followed_without_losing_its_movement(engine: Engine,
                                                                                     wide: np.ndarray) -> None:
    """The square may follow the face, as points are given in pixels of the frame."""
    engine.forget()
    shifts = range(0, 60, 6)
    seen = [engine.observe(np.roll(wide, shift, axis=1)) for shift in shifts]
    count = len(seen[0].keypoints) // 3
    moved = [(each.keypoints - seen[0].keypoints)[:count, 0].mean() for each in seen]
    scale = engine.painter._square.side / SIZE  # what one pixel of the network is in the frame
    assert np.abs(np.array(moved) - shifts).max() < 3 * scale


def test_observations_of_another_engine_or_of_nonsense_leave_the_avatar_at_rest(engine: Engine,
                                                                                avatar: Avatar) -> None:
    landmarks, _ = engine.seer.find(avatar.still[..., :3].copy())
    nonsense = replace(avatar.observation, keypoints=np.full_like(avatar.observation.keypoints, np.nan))
    zeros = replace(avatar.observation, keypoints=np.zeros_like(avatar.observation.keypoints))
    for driving, reference in ((landmarks, landmarks), (nonsense, avatar.observation), (avatar.observation, zeros)):
        assert np.array_equal(engine.painter.animate(avatar, driving, reference, RELATIVE).picture, avatar.still)


def test_keypoints_that_are_no_numbers_are_no_observation(engine: Engine, wide: np.ndarray) -> None:
    class Overflown:
        def detect(self, image: Any) -> Keypoints:
            return Keypoints(*(torch.full_like(each, torch.nan) for each in engine.painter._model.detect(image)))

    assert Engine(Seer(), FommPainter(Overflown(), SIZE)).observe(wide) is None


@given(left=st.floats(-500, 500), top=st.floats(-500, 500), side=st.floats(2, 900))
def test_pixels_and_the_networks_coordinates_are_inverse(left: float, top: float, side: float) -> None:
    square, points = Square(left, top, side), np.array([[-1.0, 1.0], [0.3, -0.2]])
    np.testing.assert_allclose(square.from_pixels(square.to_pixels(points)), points, atol=1e-9)


@given(left=st.floats(-3000, 3000), top=st.floats(-3000, 3000), side=st.floats(0, 3000))
def test_any_square_can_be_cut_from_a_picture(left: float, top: float, side: float) -> None:
    picture = np.full((30, 50, 3), 77, np.uint8)
    found, where = cut(picture, Square(left, top, side), 16)
    assert found.shape == (16, 16, 3) and (found == 77).all() and where.side >= 2


@given(left=st.floats(-100, 100), top=st.floats(-100, 100), side=st.floats(1, 300), width=st.integers(2, 90),
       height=st.integers(2, 90))
def test_an_avatars_square_lies_in_its_picture(left: float, top: float, side: float, width: int, height: int) -> None:
    square = Square(left, top, side).within(width, height)
    assert 0 <= square.left <= width - square.side and 0 <= square.top <= height - square.side and square.side >= 1


def test_the_seam_fades_only_where_the_picture_goes_on() -> None:
    whole = seam(Square(0, 0, 50), 50, 50)
    assert (whole == 1).all()
    right = seam(Square(50, 0, 50), 100, 50)
    assert right[25, 0] < 0.05 and right[25, 25] == 1 and right[25, -1] == 1 and right[0, 25] == 1


def test_pictures_survive_the_way_to_the_network_and_back() -> None:
    picture = np.random.default_rng(0).integers(0, 256, (8, 8, 3), dtype=np.uint8)
    assert np.array_equal(pixels(tensor(picture)), picture)
    assert isinstance(tensor(picture), torch.Tensor) and Keypoints._fields == ("value", "jacobian")


class Slow:
    """A model that draws once it is released, and fails when told to."""

    def __init__(self, model: FirstOrderMotionModel) -> None:
        self.model, self.go_on, self.error, self.drawings = model, threading.Event(), None, 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self.model, name)

    def draw(self, *arguments: Any) -> Any:
        assert self.go_on.wait(PATIENCE)
        if self.error is not None:
            raise self.error
        self.drawings += 1
        return self.model.draw(*arguments)


@pytest.fixture
def slow(engine: Engine) -> Slow:
    return Slow(engine.painter._model)


def moved(avatar: Avatar, pixels_right: float) -> Any:
    return replace(avatar.observation, keypoints=avatar.observation.keypoints + np.float32([pixels_right, 0, 0]))


def until_drawn(between: FommPainter, avatar: Avatar, driving: Any) -> np.ndarray:
    end = time.monotonic() + PATIENCE
    while np.array_equal(shown := between.animate(avatar, driving, avatar.observation, RELATIVE).picture, avatar.still):
        assert time.monotonic() < end
        time.sleep(0.005)
    return shown.copy()


def test_in_between_nobody_waits_and_the_last_picture_is_carried_on(engine: Engine, avatar: Avatar, slow: Slow) -> None:
    between = FommPainter(slow, SIZE, in_between=True)
    own = avatar.observation
    first = between.animate(avatar, own, own, RELATIVE).picture
    assert np.array_equal(first, avatar.still), "at rest until there is a picture"
    slow.go_on.set()
    here = until_drawn(between, avatar, own)
    alone = engine.painter.animate(avatar, own, own, RELATIVE).picture
    assert np.array_equal(here, alone), "the same picture where nothing moved"
    until_stays = slow.drawings
    slow.go_on.clear()
    there = between.animate(avatar, moved(avatar, 0.1 * avatar.square.side), own, RELATIVE).picture
    assert slow.drawings <= until_stays + 1
    assert np.abs(there.astype(int) - here).max() > 3, "it moves without the network"
    slow.go_on.set()
    between.close()


def test_in_between_after_a_rest_no_old_pose_is_shown(avatar: Avatar, slow: Slow) -> None:
    between = FommPainter(slow, SIZE, in_between=True)
    slow.go_on.set()
    until_drawn(between, avatar, avatar.observation)
    assert np.array_equal(between.animate(avatar, None, None, RELATIVE).picture, avatar.still)
    slow.go_on.clear()
    assert np.array_equal(between.animate(avatar, avatar.observation, avatar.observation, RELATIVE).picture, avatar.still)
    slow.go_on.set()
    between.close()


@pytest.mark.parametrize("in_between", [False, True])
def test_a_device_that_fails_while_pictures_are_drawn_is_told(avatar: Avatar, slow: Slow, in_between: bool) -> None:
    failing = FommPainter(slow, SIZE, in_between=in_between, device="cuda:0")
    slow.error = RuntimeError("CUDA error: device lost")
    slow.go_on.set()
    with pytest.raises(EngineUnavailable, match="CUDA error: device lost"):
        for _ in range(500):
            failing.animate(avatar, avatar.observation, avatar.observation, RELATIVE)
            time.sleep(0.01)
    failing.close()


def test_a_device_that_fails_while_faces_are_observed_or_encoded_is_told(wide: np.ndarray) -> None:
    class Broken:
        def detect(self, image: Any) -> None:
            raise RuntimeError("out of memory")
        encode = detect

    broken = FommPainter(Broken(), SIZE, device="cpu")
    for step in (Engine(Seer(), broken).observe, broken.prepare):
        with pytest.raises(EngineUnavailable, match="too little memory on CPU"):
            step(wide)


def test_an_engine_that_is_dropped_ends_its_thread(slow: Slow) -> None:
    thread = FommPainter(slow, SIZE, in_between=True)._drawer._thread
    thread.join(PATIENCE)
    assert not thread.is_alive()

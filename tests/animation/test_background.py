"""What is behind the avatar: its own wall, nothing, a colour, a blur, another picture; the person is cut out cleanly."""

from dataclasses import replace

import cv2
import numpy as np
import pytest
from PIL import Image

from core.animation.animator import Animator
from core.animation.compose import background, lettering
from core.animation.driving import DrivingFrame
from core.shared import avatars, colours, settings

from ..support.scene import CLIP

RED = colours.read("#FF0000")
WALL = (0.02, 0.15, 0.02, 0.15)
"""Top, bottom, left and right of a part of the shipped pictures that shows wall only, as parts of the picture."""
FACE = (0.35, 0.5, 0.42, 0.58)


def part(picture, where):
    height, width = picture.shape[:2]
    top, bottom, left, right = where
    return picture[round(top * height):round(bottom * height), round(left * width):round(right * width)].astype(int)


def loaded(**values):
    return Animator.of(settings.Settings.of({"size": "256", "badge": False, **values}))


@pytest.fixture(scope="module")
def frames():
    video = cv2.VideoCapture(str(CLIP))
    return [video.read()[1] for _ in range(90)]


@pytest.fixture(scope="module")
def own():
    return loaded().rest().copy()


def moved(animator, frames):
    """The last of a few pictures, in which the head has turned."""
    for number in (0, 70, 73):
        picture = animator.step(DrivingFrame(number / 24, frames[number]))
    return picture


@pytest.mark.parametrize("at_rest", [True, False])
def test_a_transparent_background_is_clear_and_the_face_is_not(frames, own, at_rest):
    animator = loaded(background="transparent")
    picture = animator.rest() if at_rest else moved(animator, frames)
    assert part(picture, WALL)[..., 3].max() == 0
    assert part(picture, FACE)[..., 3].min() == 255
    if at_rest:
        assert np.abs(part(picture, FACE) - part(own, FACE)).max() <= 2


@pytest.mark.parametrize("at_rest", [True, False])
def test_a_colour_is_that_colour_up_to_the_hair(frames, at_rest):
    animator = loaded(background="colour", background_colour=RED)
    picture = animator.rest() if at_rest else moved(animator, frames)
    assert (part(picture, WALL) == (0, 0, 255, 255)).all()
    assert (picture[..., 3] == 255).all()


def test_seams_take_on_nothing_of_the_wall_that_was_behind_them(frames):
    """Straight alpha, laid over a colour, is what is drawn before that colour; so OBS shows what we would."""
    clear, red = (moved(loaded(background=kind, background_colour=RED), frames).astype(float)
                  for kind in ("transparent", "colour"))
    alpha = clear[..., 3:] / 255
    laid = clear[..., :3] * alpha + (1 - alpha) * (0, 0, 255)
    assert np.abs(laid - red[..., :3]).max() <= 3


def test_the_blurred_background_keeps_its_colours_and_shows_nobody(own):
    picture = loaded(background="blurred").rest()
    assert np.abs(part(picture, WALL).mean(axis=(0, 1)) - part(own, WALL).mean(axis=(0, 1))).max() < 6
    assert np.abs(part(picture, FACE) - part(own, FACE)).max() <= 2


@pytest.mark.parametrize("size", [(640, 200), (80, 900), (256, 256)])
def test_a_picture_of_any_shape_fills_the_background(tmp_path, size):
    path = tmp_path / "Küste.png"
    Image.new("RGB", size, (10, 200, 30)).save(path)
    animator = loaded(background="picture", background_file=str(path))
    assert np.abs(part(animator.rest(), WALL)[..., :3] - (30, 200, 10)).max() <= 1
    assert animator.note == ""


@pytest.mark.parametrize(("file", "says"), [("", "No picture is chosen"), ("gone.png", "gone.png")])
def test_without_a_picture_the_avatar_stands_before_its_own_background_and_it_is_said(own, tmp_path, file, says):
    animator = loaded(background="picture", background_file=str(tmp_path / file) if file else "")
    assert np.array_equal(animator.rest(), own)
    assert says in animator.note


def test_a_change_shows_with_the_next_picture_and_back_again_is_as_before(own):
    animator = loaded()
    animator.settings = replace(animator.settings, background="colour", background_colour=RED)
    assert (part(animator.rest(), WALL)[..., :3] == (0, 0, 255)).all()
    animator.settings = replace(animator.settings, background_colour=colours.read("#00FF00"))
    assert (part(animator.rest(), WALL)[..., :3] == (0, 255, 0)).all()
    animator.settings = replace(animator.settings, background="own")
    assert np.array_equal(animator.rest(), own)


def test_the_badge_is_as_readable_before_nothing_as_before_a_wall():
    clear = loaded(background="transparent", badge=True, size="512").rest()
    label = lettering.badge(512)
    margin, (high, wide) = round(lettering.BADGE_MARGIN * 512), label.shape[:2]
    corner = slice(512 - margin - high, 512 - margin), slice(margin, margin + wide)
    assert (clear[corner][..., 3] >= label[..., 3]).all()
    assert clear[corner][label.min(axis=2) > 245][:, :3].min() > 230, "no white letters"
    alone = np.zeros((512, 512, 4), np.uint8)
    lettering.put_badge(alone)
    shown = label[..., 3] > 8
    assert np.abs(alone[corner][shown].astype(int) - label[shown]).max() <= 1


# ---- pictures that are transparent themselves


@pytest.fixture(scope="module")
def cut_out(tmp_path_factory):
    """Nora as a PNG without a wall, as artists deliver avatars."""
    path = tmp_path_factory.mktemp("own") / "cut.png"
    clear = loaded(size="512", background="transparent").rest()
    Image.fromarray(clear[..., [2, 1, 0, 3]]).save(path)
    return path


def test_a_cut_out_picture_stays_cut_out_and_moves(cut_out, frames):
    animator = loaded(avatar="file", avatar_file=str(cut_out))
    still, turned = animator.rest().copy(), moved(animator, frames).copy()
    for picture in (still, turned):
        assert part(picture, WALL)[..., 3].max() == 0 and part(picture, FACE)[..., 3].min() == 255
    assert np.abs(part(still, (0.1, 0.6, 0.3, 0.7)) - part(turned, (0.1, 0.6, 0.3, 0.7))).mean() > 5


def test_a_cut_out_picture_shows_no_grey_edge(cut_out, own):
    animator = loaded(avatar="file", avatar_file=str(cut_out), background="colour", background_colour=RED)
    expected = loaded(background="colour", background_colour=RED).rest()
    assert np.abs(animator.rest().astype(int) - expected).mean() < 1.5


def test_round_corners_do_not_make_a_person_of_the_wall(tmp_path):
    image = Image.open(avatars.picture_path("nora", "")).convert("RGBA").resize((512, 512))
    mask = Image.new("L", image.size, 0)
    mask.paste(255, (20, 20, 492, 492))
    image.putalpha(mask)
    image.save(tmp_path / "framed.png")
    picture = loaded(avatar="file", avatar_file=str(tmp_path / "framed.png"), background="transparent").rest()
    assert part(picture, WALL)[..., 3].max() == 0 and part(picture, FACE)[..., 3].min() == 255


def test_every_choice_of_the_setting_makes_a_background():
    wall = np.full((40, 60, 4), 200, np.uint8)
    for choice in settings.BY_KEY["background"].choices:
        values = settings.Settings.of({"background": choice.id, "background_file": str(avatars.picture_path("clay", ""))})
        assert background.behind(wall, background.Background.of(values)).shape == wall.shape

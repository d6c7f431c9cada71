"""A transparent avatar over a colour in OBS: the colour shows around hair and shoulders, without an edge, below the badge."""

import numpy as np
import pytest

from ..support import pictures
from ..support.scene import AVATAR, DRIVEN, SIZE
from ..support.waiting import PATIENCE

GREEN = 0xFF00FF00
BEHIND = "Behind"
CORNER = (0.02, 0.12, 0.02, 0.12)


@pytest.fixture(scope="module")
def over_green(obs):
    """OBS, whose scene has a green area below the avatar."""
    obs.request("CreateInput", sceneName="Scene", inputName=BEHIND, inputKind="color_source_v3",
                inputSettings={"color": GREEN, "width": SIZE, "height": SIZE}, sceneItemEnabled=True)
    item = obs.request("GetSceneItemId", sceneName="Scene", sourceName=BEHIND)["sceneItemId"]
    obs.request("SetSceneItemIndex", sceneName="Scene", sceneItemId=item, sceneItemIndex=0)
    yield obs
    obs.remove_source(BEHIND)


def scene(obs):
    """What a viewer sees where the avatar is."""
    return obs.screenshot("Scene")[:SIZE, :SIZE]


def with_settings(obs, **values):
    before = obs.status(AVATAR)["frames"]
    obs.replace_settings(AVATAR, {**DRIVEN, **values})
    obs.wait_for(lambda: obs.status(AVATAR).get("frames", 0) > before + 10, PATIENCE, "the setting is taken over")


def is_green(picture):
    return np.abs(pictures.region(pictures.colours(picture), CORNER) - (0, 255, 0)).max() < 6


def test_the_scene_below_shows_around_a_transparent_avatar(over_green):
    obs = over_green
    with_settings(obs)
    assert not is_green(scene(obs))
    with_settings(obs, background="transparent")
    obs.wait_for(lambda: is_green(scene(obs)), PATIENCE, "the colour below shows")
    own = obs.screenshot(AVATAR)
    assert pictures.region(own, CORNER)[..., 3].max() == 0
    assert pictures.region(own, (0.4, 0.5, 0.45, 0.55))[..., 3].min() == 255


def linear(values):
    """sRGB, 0..255, in light, 0..1."""
    share = values / 255
    return np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)


def at_rest(obs):
    """The source's own picture and what a viewer sees, of the same moment: the source looks the same before and after."""
    taken = []

    def is_the_same():
        taken[:] = obs.screenshot(AVATAR), scene(obs), obs.screenshot(AVATAR)
        return np.array_equal(taken[0], taken[2])

    obs.wait_for_state(AVATAR, "error", PATIENCE)  # without its camera
    obs.wait_for(is_the_same, PATIENCE, "the avatar is at rest")
    return taken[:2]


def test_no_fringe_lies_between_the_avatar_and_what_is_below(over_green):
    """OBS mixes at the outline as light mixes, from straight alpha: neither dark nor with the wall's colour."""
    obs = over_green
    still = {"driver": "camera", "camera": "A camera that nobody has", "idle": False}
    with_settings(obs, background="transparent", avatar="marcus", badge=False, **still)
    obs.wait_for(lambda: is_green(scene(obs)), PATIENCE, "the colour below shows")
    own, seen = at_rest(obs)
    alpha = own[..., 3:] / 255
    seam = (alpha[..., 0] > 0.1) & (alpha[..., 0] < 0.9)
    assert seam.sum() > 200
    expected = linear(own[..., :3]) * alpha + linear(np.array([0.0, 255.0, 0.0])) * (1 - alpha)
    assert np.abs(expected - linear(seen[..., :3]))[seam].mean() < 0.02


def test_the_badge_stands_over_what_is_below(over_green):
    obs = over_green
    with_settings(obs, background="transparent", badge=False)
    without = pictures.still([scene(obs) for _ in range(5)])
    with_settings(obs, background="transparent", badge=True)
    with_badge = pictures.still([scene(obs) for _ in range(5)])
    corner = (0.9, 1.0, 0.0, 0.35)
    assert pictures.difference(without, with_badge, corner) > 10
    assert np.percentile(pictures.region(with_badge, corner).min(axis=2), 99) > 180, "no white letters"


def test_the_colour_that_the_panel_stores_is_the_colour_that_shows(over_green):
    obs = over_green
    with_settings(obs, background="colour", background_colour=0xFF0000FF)  # as OBS's colour button stores red

    def shows_red():
        return np.abs(pictures.region(pictures.colours(scene(obs)), CORNER) - (0, 0, 255)).max() < 6

    obs.wait_for(shows_red, PATIENCE, "the background is red")


def test_the_panel_shows_a_colour_button(make_obs):
    """OBS reads the property's type itself; a wrong one would leave the panel without it."""
    obs = make_obs({AVATAR: {**DRIVEN, "background": "colour"}})
    obs.wait_for_state(AVATAR, "live", PATIENCE)
    obs.request("OpenInputPropertiesDialog", inputName=AVATAR)  # nothing closes it again: so not in an OBS that others use
    assert obs.status(AVATAR)["state"] == "live"
    obs.end_cleanly()

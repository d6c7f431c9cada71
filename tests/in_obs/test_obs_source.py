"""Another source in OBS as the driver: a camera that OBS has open already, whether or not a scene shows it."""

import pytest

from ..support import pictures
from ..support.scene import AVATAR, CLIP, LIVE_SECONDS
from ..support.waiting import PATIENCE

DRIVEN_BY_CAMERA = {"avatar": "nora", "size": "256", "driver": "obs_source", "driver_source": "Camera"}


def add_camera(obs):
    """A clip that plays wherever it is, as a camera does."""
    obs.add_media("Camera", CLIP, scene="Elsewhere", restart_on_activate=False)


@pytest.fixture(scope="module")
def driven(obs):
    obs.replace_settings(AVATAR, DRIVEN_BY_CAMERA)
    obs.wait_for_state(AVATAR, "error", LIVE_SECONDS)
    obs.make_scene("Elsewhere")
    add_camera(obs)
    return obs


def test_a_source_that_no_scene_on_air_shows_moves_the_avatar(driven):
    driven.wait_for_state(AVATAR, "live", LIVE_SECONDS)
    driven.wait_for(lambda: pictures.shows_avatar(driven.screenshot(AVATAR), "nora"), PATIENCE, "the avatar is seen")
    taken = driven.screenshots(AVATAR, 15, 5)
    assert all(pictures.shows_avatar(one, "nora") for one in taken)
    assert taken[0].shape == (256, 256, 4)
    assert pictures.most_motion(taken, pictures.MOUTH) > 3


def test_the_panel_offers_the_sources_with_a_picture_and_not_the_avatar_itself(driven):
    found = driven.request("GetInputPropertiesListPropertyItems", inputName=AVATAR, propertyName="driver_source")
    assert [item["itemValue"] for item in found["propertyItems"]] == ["", "Camera"]


def test_the_watched_source_runs_only_while_the_avatar_is_shown(driven):
    """What is watched is what a camera goes by when it decides whether to be on."""
    def is_showing():
        return driven.request("GetSourceActive", sourceName="Camera")["videoShowing"]

    driven.wait_for(is_showing, PATIENCE, "the camera runs")
    driven.make_scene("Empty")
    driven.show_scene("Empty")
    try:
        driven.wait_for(lambda: not is_showing(), PATIENCE, "the camera rests")
    finally:
        driven.show_scene("Scene")
    driven.wait_for_state(AVATAR, "live", LIVE_SECONDS)


def test_a_source_that_is_removed_is_named_and_one_that_comes_back_is_taken(driven):
    driven.remove_source("Camera")
    status = driven.wait_for_state(AVATAR, "error", PATIENCE)
    assert "“Camera”" in status["message"]
    driven.show_scene("Elsewhere")  # a scene lets go of what was removed from it when it is drawn next
    driven.wait_for(lambda: "Camera" not in driven.source_names(), PATIENCE, "it is gone")
    driven.show_scene("Scene")
    add_camera(driven)
    driven.wait_for_state(AVATAR, "live", LIVE_SECONDS)


def test_no_source_chosen_is_said(driven):
    driven.set_settings(AVATAR, driver_source="")
    try:
        driven.wait_for(lambda: "Choose one" in driven.status(AVATAR)["message"], PATIENCE, "it is said")
    finally:
        driven.set_settings(AVATAR, driver_source="Camera")
    driven.wait_for_state(AVATAR, "live", LIVE_SECONDS)

"""Hotkeys: what a user binds in Settings > Hotkeys changes the avatar, also in the settings."""

import pytest

from core.shared import avatars

from ..support import pictures
from ..support.scene import AVATAR, DRIVEN
from ..support.waiting import PATIENCE

IDS = [entry.id for entry in avatars.available()]


def press(obs, action):
    obs.request("TriggerHotkeyByName", hotkeyName="obs_avatar." + action)


@pytest.fixture(autouse=True)
def as_it_was(obs):
    yield
    obs.replace_settings(AVATAR, DRIVEN)


def shows(obs, avatar):
    obs.wait_for(lambda: pictures.shows_avatar(obs.screenshot(AVATAR), avatar), PATIENCE, f"{avatar} is shown")


def test_obs_lists_all_of_them(obs):
    listed = {name for name in obs.request("GetHotkeyList")["hotkeys"] if name.startswith("obs_avatar.")}
    assert len(listed) == 20
    assert {"obs_avatar.calibrate", "obs_avatar.avatar_9"} <= listed


def test_next_and_previous_avatar(obs):
    following = IDS[(IDS.index("nora") + 1) % len(IDS)]
    press(obs, "next_avatar")
    shows(obs, following)
    assert obs.settings(AVATAR)["avatar"] == following
    press(obs, "previous_avatar")
    shows(obs, "nora")


def test_an_avatar_by_its_number(obs):
    press(obs, "avatar_%d" % (IDS.index("marcus") + 1))
    shows(obs, "marcus")


def test_a_number_without_an_avatar_changes_nothing(obs):
    press(obs, "avatar_9")
    assert obs.settings(AVATAR)["avatar"] == "nora"


def test_an_expression_by_its_number_and_the_same_key_takes_it_back(obs):
    press(obs, "avatar_%d" % (IDS.index("clay") + 1))
    shows(obs, "clay")
    press(obs, "expression_2")
    wanted = avatars.expressions_of("clay", "")[1]
    obs.wait_for(lambda: obs.settings(AVATAR).get("expression") == wanted, PATIENCE, "the expression is chosen")
    press(obs, "expression_5")
    assert obs.settings(AVATAR)["expression"] == wanted, "there is no fifth one"
    press(obs, "expression_2")
    obs.wait_for(lambda: not obs.settings(AVATAR).get("expression"), PATIENCE, "the face chooses again")


def test_mirror_is_switched_on_and_off(obs):
    press(obs, "mirror")
    obs.wait_for(lambda: obs.settings(AVATAR).get("mirror") is True, PATIENCE, "it is mirrored")
    press(obs, "mirror")
    obs.wait_for(lambda: obs.settings(AVATAR).get("mirror") is False, PATIENCE, "it is not mirrored")


def test_hide_shows_a_placeholder_and_never_the_camera(obs):
    press(obs, "hide")
    obs.wait_for(lambda: pictures.is_placeholder(obs.screenshot(AVATAR)), PATIENCE, "the placeholder is shown")
    obs.wait_for_state(AVATAR, "paused", PATIENCE)
    press(obs, "hide")
    shows(obs, "nora")


def test_calibrating_goes_on_with_a_moving_avatar(obs):
    for action in ("calibrate", "find_reference"):
        press(obs, action)
        assert pictures.most_motion(obs.screenshots(AVATAR, 8, 2), pictures.HEAD) > 1

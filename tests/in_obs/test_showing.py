"""The driver is open only while somebody can see the avatar: a hidden source does not watch anybody."""

import os
import time

import pytest

from ..support import pictures, processes
from ..support.home import SCENE
from ..support.scene import AVATAR, CLIP, DRIVEN, LIVE_SECONDS

EMPTY = "Empty scene"
CLOSED_SECONDS, LIVE_AGAIN_SECONDS = 3, 10


@pytest.fixture(scope="module", autouse=True)
def _an_empty_scene(obs):
    obs.make_scene(EMPTY)


@pytest.fixture
def shown(obs):
    obs.show_scene(SCENE)
    obs.wait_for_state(AVATAR, "live", 20)
    yield
    obs.show_scene(SCENE)


def clip_is_open(obs):
    return any(os.path.realpath(CLIP) == file for pid in obs.workers() for file in processes.open_files(pid))


def test_the_driver_is_open_while_the_avatar_is_shown(obs, shown):
    assert clip_is_open(obs)


def test_hiding_closes_the_driver_and_showing_opens_it_again_at_once(obs, shown, measured):
    obs.show_scene(EMPTY)
    obs.wait_for(lambda: not clip_is_open(obs), CLOSED_SECONDS, "the driver is closed after hiding")
    obs.wait_for_state(AVATAR, "paused", CLOSED_SECONDS)

    start = time.monotonic()
    obs.show_scene(SCENE)
    obs.wait_for_state(AVATAR, "live", LIVE_AGAIN_SECONDS)
    assert clip_is_open(obs)
    measured("shown again: until the avatar is live", time.monotonic() - start)
    taken = obs.screenshots(AVATAR, 8, 2)
    assert pictures.shows_avatar(taken[0], "nora")
    assert pictures.most_motion(taken, pictures.HEAD) > 1


def test_the_eye_in_the_source_list_closes_the_driver_too(obs, shown):
    item = obs.request("GetSceneItemId", sceneName=SCENE, sourceName=AVATAR)["sceneItemId"]
    try:
        obs.request("SetSceneItemEnabled", sceneName=SCENE, sceneItemId=item, sceneItemEnabled=False)
        obs.wait_for(lambda: not clip_is_open(obs), CLOSED_SECONDS, "the driver is closed behind a closed eye")
    finally:
        obs.request("SetSceneItemEnabled", sceneName=SCENE, sceneItemId=item, sceneItemEnabled=True)
    obs.wait_for_state(AVATAR, "live", LIVE_AGAIN_SECONDS)


def test_hiding_keeps_the_worker_so_that_it_is_quickly_back(obs, shown):
    before = obs.workers()
    obs.show_scene(EMPTY)
    obs.wait_for(lambda: not clip_is_open(obs), CLOSED_SECONDS, "the driver is closed after hiding")
    obs.show_scene(SCENE)
    obs.wait_for_state(AVATAR, "live", 10)
    assert obs.workers() == before


def test_quick_changes_of_scene_end_in_the_right_state(obs, shown):
    for _ in range(10):
        obs.show_scene(EMPTY)
        obs.show_scene(SCENE)
    obs.wait_for_state(AVATAR, "live", 10)
    for _ in range(10):
        obs.show_scene(SCENE)
        obs.show_scene(EMPTY)
    obs.wait_for(lambda: not clip_is_open(obs), CLOSED_SECONDS, "the driver is closed in the end")


# ---- what OBS would draw first if the source were shown now ----------------------------------------------------------

def first_picture(obs, name=AVATAR):
    """Of a hidden source. OBS keeps a frame that waits to be drawn for one turn only, so that one is gone by then."""
    obs.let_draw()
    return obs.screenshot(name)


def test_a_picture_that_came_while_the_source_was_hidden_is_what_showing_begins_with(obs, shown):
    obs.show_scene(EMPTY)
    obs.wait_for_state(AVATAR, "paused", CLOSED_SECONDS)
    try:
        obs.set_settings(AVATAR, hidden=True)
        before = obs.status(AVATAR)["frames"]
        obs.wait_for(lambda: obs.status(AVATAR)["frames"] > before, 10, "the worker has sent the placeholder")
        assert pictures.is_placeholder(first_picture(obs))
    finally:
        obs.set_settings(AVATAR, hidden=False)


def test_an_avatar_that_was_changed_behind_a_hidden_source_is_what_showing_begins_with(obs, shown):
    obs.show_scene(EMPTY)
    obs.wait_for_state(AVATAR, "paused", CLOSED_SECONDS)
    try:
        obs.set_settings(AVATAR, avatar="marcus", size="512")
        obs.wait_for(lambda: obs.screenshot(AVATAR).shape[0] == 512, 20, "the worker has sent the new avatar")
        assert pictures.shows_avatar(first_picture(obs), "marcus")
    finally:
        obs.replace_settings(AVATAR, DRIVEN)


def test_an_avatar_that_gets_ready_behind_a_hidden_source_is_what_showing_begins_with(make_obs):
    obs = make_obs({AVATAR: DRIVEN})
    obs.make_scene(EMPTY)
    obs.wait_for(lambda: obs.status(AVATAR).get("worker_pid"), 10, "the worker is started")
    obs.show_scene(EMPTY)
    obs.wait_for_state(AVATAR, "paused", LIVE_SECONDS)
    assert pictures.shows_avatar(first_picture(obs), "nora")
    obs.show_scene(SCENE)
    obs.wait_for_state(AVATAR, "live", LIVE_SECONDS)
    obs.end_cleanly()


def test_a_hidden_source_whose_script_is_removed_does_not_keep_the_last_grimace(make_obs):
    obs = make_obs({}, with_script=False)
    obs.add_script()
    obs.add_source(AVATAR, DRIVEN)
    obs.make_scene(EMPTY)
    obs.wait_for_state(AVATAR, "live", LIVE_SECONDS)
    obs.wait_for(lambda: pictures.shows_avatar(obs.screenshot(AVATAR), "nora"), 10, "the avatar is drawn")
    obs.show_scene(EMPTY)
    obs.wait_for_state(AVATAR, "paused", CLOSED_SECONDS)
    obs.remove_script()
    assert pictures.is_placeholder(first_picture(obs))
    obs.end_cleanly()

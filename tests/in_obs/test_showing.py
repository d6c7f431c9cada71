"""The driver is open only while somebody can see the avatar: a hidden source does not watch anybody."""

import os
import time

import pytest

from ..support import pictures, processes
from ..support.home import SCENE
from ..support.scene import AVATAR, CLIP

EMPTY = "Empty scene"
CLOSED_SECONDS, LIVE_AGAIN_SECONDS = 3, 1.5


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

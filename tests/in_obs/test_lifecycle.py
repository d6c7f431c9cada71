"""Reloading, changing collections, duplicating, removing, ending: OBS stays whole, and nothing is left behind.

Every OBS of these tests also has to end cleanly: exit code 0, no leak, no error in the log, no worker, no shared
memory. Those that do not start or end one themselves have one together, in which one after the other begins with one avatar.
"""

import os
import re

import pytest

from ..support import pictures
from ..support import scene as common
from ..support.home import COLLECTION, SCENE
from ..support.scene import AVATAR, DRIVEN, LIVE_SECONDS
from ..support.waiting import PATIENCE

OTHER = "Other"


@pytest.fixture(scope="module")
def _together(make_module_obs):
    running = make_module_obs({AVATAR: DRIVEN}, others={OTHER: {AVATAR: {**DRIVEN, "avatar": "marcus"}}})
    yield running
    running.end_cleanly()


@pytest.fixture
def obs(_together):
    common.put_right(_together)
    wait_until_it_moves(_together)
    wait_for_workers(_together, 1)
    return _together


def wait_until_it_moves(obs, name=AVATAR, look="nora"):
    obs.wait_for_state(name, "live", LIVE_SECONDS)
    obs.wait_for(lambda: pictures.shows_avatar(obs.screenshot(name), look), PATIENCE, f"{name} shows {look}")
    taken = []

    def moves():
        taken.append(obs.screenshot(name))
        return pictures.most_motion([taken[0], taken[-1]], pictures.HEAD) > 1

    obs.wait_for(moves, PATIENCE, f"{name} moves")


def wait_for_workers(obs, count):
    obs.wait_for(lambda: len(obs.workers()) == count, PATIENCE, f"there are {count} workers")


def test_ten_reloads_with_a_live_avatar(obs):
    for _ in range(10):
        obs.reload_script()
    wait_until_it_moves(obs)
    wait_for_workers(obs, 1)
    obs.set_settings(AVATAR, avatar="marcus")
    wait_until_it_moves(obs, look="marcus")


def test_reloads_at_any_moment_of_a_start(make_obs):
    obs = make_obs({AVATAR: DRIVEN})
    for _ in range(5):  # without waiting for the worker: it is still importing
        obs.reload_script()
    wait_until_it_moves(obs)
    wait_for_workers(obs, 1)
    obs.reload_script()
    obs.end_cleanly()


def test_five_changes_of_the_collection(obs):
    for name, look in [(OTHER, "marcus"), (COLLECTION, "nora"), (OTHER, "marcus"), (COLLECTION, "nora"),
                       (OTHER, "marcus")]:
        obs.switch_collection(name)
        wait_until_it_moves(obs, look=look)
        wait_for_workers(obs, 1)
    obs.switch_collection(COLLECTION)


def test_a_duplicate_moves_too_and_can_go_again(obs):
    if obs.duplicate_source(AVATAR, "Duplicate"):
        wait_until_it_moves(obs, "Duplicate")
        wait_for_workers(obs, 2)
        obs.set_settings("Duplicate", avatar="marcus")
        wait_until_it_moves(obs, "Duplicate", look="marcus")
        obs.remove_source("Duplicate")
    wait_for_workers(obs, 1)
    wait_until_it_moves(obs)


def without_avatar(obs):
    obs.remove_source(AVATAR)
    obs.wait_for(lambda: AVATAR not in obs.source_names(), PATIENCE, "the source is removed")
    wait_for_workers(obs, 0)


def test_sources_can_be_added_and_removed_while_obs_runs(obs):
    without_avatar(obs)
    for _ in range(3):
        obs.add_source(AVATAR, DRIVEN)
        wait_until_it_moves(obs)
        without_avatar(obs)


def test_a_source_that_is_removed_at_once_leaves_nothing(obs):
    without_avatar(obs)
    for number in range(5):
        obs.add_source(f"{AVATAR} {number}", DRIVEN)
        obs.remove_source(f"{AVATAR} {number}")
    wait_for_workers(obs, 0)


def test_a_source_older_than_the_script_is_revived_with_its_settings(make_obs):
    settings = {**DRIVEN, "avatar": "marcus", "badge": False}
    obs = make_obs({AVATAR: settings}, with_script=False)
    assert obs.peek(AVATAR) is None
    places = item_places(obs)
    obs.add_script()
    wait_until_it_moves(obs, look="marcus")
    assert obs.settings(AVATAR) == settings
    assert obs.source_names() == [AVATAR]
    assert item_places(obs) == places
    obs.remove_script()
    obs.close()
    assert obs.exit_code == 0 and obs.leaks() == 0
    assert all(re.search(r"Source ID '\w+' not found|Failed to create source", entry.splitlines()[0])
               for entry in obs.trouble()), "more trouble than the missing script"
    assert not obs.workers() and not obs.shared_memory_left()


def item_places(obs):
    """Which source stands where in the scene."""
    return [(item["sceneItemId"], item["sourceName"], item["sceneItemTransform"]["positionX"])
            for item in obs.request("GetSceneItemList", sceneName=SCENE)["sceneItems"]]


def test_removing_the_script_ends_the_workers_and_adding_it_again_revives_the_sources(make_obs):
    obs = make_obs({}, with_script=False)
    obs.add_script()
    obs.add_source(AVATAR, DRIVEN)
    wait_until_it_moves(obs)
    obs.remove_script()
    wait_for_workers(obs, 0)
    assert AVATAR in obs.source_names()
    obs.add_script()
    wait_until_it_moves(obs)
    obs.remove_script()
    obs.end_cleanly()


def test_a_saved_avatar_is_back_after_a_restart(make_obs):
    obs = make_obs({})
    obs.add_source(AVATAR, {**DRIVEN, "avatar": "marcus", "mirror": True})
    wait_until_it_moves(obs, look="marcus")
    saved = obs.settings(AVATAR)
    obs.end_cleanly()
    obs.start()
    wait_until_it_moves(obs, look="marcus")
    assert obs.settings(AVATAR) == saved
    obs.end_cleanly()


def test_obs_can_end_while_the_workers_still_start(make_obs):
    obs = make_obs({AVATAR: DRIVEN, "Second avatar": DRIVEN})
    obs.wait_for(lambda: len(obs.workers()) == 2, PATIENCE, "both workers are there")
    obs.end_cleanly()


def test_obs_starts_again_after_a_crash(make_obs):
    obs = make_obs({AVATAR: DRIVEN})
    wait_until_it_moves(obs)
    obs.kill9()
    obs.start()
    wait_until_it_moves(obs)
    obs.end_cleanly()


def test_the_worker_does_not_hold_the_folder_that_obs_was_started_in(obs):
    (pid,) = obs.workers()
    assert os.readlink(f"/proc/{pid}/cwd") != str(obs.home)

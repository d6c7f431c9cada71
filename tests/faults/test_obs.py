"""OBS itself is killed, reloads, cuts, and makes and removes sources by the dozen: nothing is left behind, nothing crashes."""

import time

import pytest

from ..support.home import SCENE, SOURCE_ID
from ..support.scene import AVATAR, LIVE_SECONDS, SIZE
from ..support.waiting import wait_for
from .watching import BACK_SECONDS, look, wait_until_back, watched


def add_beside(obs, name, settings):
    """Not over the avatar that is watched."""
    obs.request("CreateInput", sceneName=SCENE, inputName=name, inputKind=SOURCE_ID, inputSettings=settings,
                sceneItemEnabled=False)
    item = obs.request("GetSceneItemId", sceneName=SCENE, sourceName=name)["sceneItemId"]
    obs.request("SetSceneItemTransform", sceneName=SCENE, sceneItemId=item, sceneItemTransform={"positionX": SIZE + 50})
    obs.request("SetSceneItemEnabled", sceneName=SCENE, sceneItemId=item, sceneItemEnabled=True)


def test_obs_is_killed(make_obs, product, driven, row, times):
    """OBS killed (SIGKILL), and started again"""
    obs = make_obs({AVATAR: driven}, script=product.script)
    for _ in range(times):
        obs.wait_for_state(AVATAR, "live", LIVE_SECONDS)
        obs.kill9()
        row.injected += 1
        wait_for(lambda: not obs.workers() and not obs.shared_memory_left(), 10, "worker and shared memory are gone")
        obs.start()
        wait_until_back(obs, row)
        row.survived += 1
    obs.end_cleanly()


@pytest.mark.parametrize("seconds", [0.0, 0.1, 0.3, 0.7, 1.5])
def test_the_script_is_reloaded_while_the_worker_starts(obs, row, times, seconds):
    """Script reloaded {} s after the last reload"""
    with watched(obs, row):
        for _ in range(3 * times):
            obs.reload_script()
            row.injected += 1
            time.sleep(seconds)
            look(obs, row)
            row.survived += 1
        wait_until_back(obs, row)


@pytest.mark.parametrize("seconds", [0.0, 0.2, 0.6, 1.2])
def test_a_source_is_deleted_while_its_engine_loads(obs, driven, row, times, seconds):
    """Source deleted {} s after it was made"""
    with watched(obs, row):
        for number in range(3 * times):
            name = f"Short-lived {seconds} {number}"
            add_beside(obs, name, {**driven, "avatar": "marcus", "engine": ("landmark", "fomm")[number % 2]})
            time.sleep(seconds)
            obs.remove_source(name)
            row.injected += 1
            obs.wait_for(lambda: len(obs.workers()) == 1, BACK_SECONDS, "its worker is gone")
            row.survived += 1
        wait_until_back(obs, row)


def test_fifty_sources_come_and_go(obs, driven, row):
    """50 sources added and removed, ten at a time"""
    with watched(obs, row):
        for batch in range(5):
            names = [f"One of many {batch} {number}" for number in range(10)]
            for name in names:
                add_beside(obs, name, driven)
                row.injected += 1
                look(obs, row)
            for name in names:
                obs.remove_source(name)
            obs.wait_for(lambda: len(obs.workers()) == 1, BACK_SECONDS, "their workers are gone")
            row.survived += 10
        wait_until_back(obs, row)


def test_a_thousand_cuts(obs, row):
    """Scene switched 1,000 times"""
    obs.make_scene("Elsewhere")
    with watched(obs, row):
        restarts = obs.status(AVATAR)["restarts"]
        for number in range(1000):
            obs.show_scene(("Elsewhere", "Scene")[number % 2])
            row.injected += 1
            if number % 50 == 49:
                look(obs, row)
            row.survived += 1
        wait_until_back(obs, row)
        assert obs.status(AVATAR)["restarts"] == restarts
        assert len(obs.workers()) == 1

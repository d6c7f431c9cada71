"""The Avatar filter on a camera, when things break: the camera's own picture is in no frame of the recording."""

import os
import signal
import time

import pytest

from ..support.home import SCENE
from ..support.scene import LIVE_SECONDS, SIZE
from . import clip
from .watching import BACK_SECONDS, LOOK, look, wait_until_back, watched

CAMERA, FILTER = "Camera", "Camera: Avatar"


@pytest.fixture(scope="module")
def filtered(make_module_obs, product, driving_clip):
    """An OBS in whose scene a camera stands, as large as the other faults' avatars, with the filter on it."""
    running = make_module_obs({}, script=product.script)
    running.add_media(CAMERA, driving_clip)
    running.wait_for(lambda: clip.shows_camera(running.screenshot(CAMERA)), 20, "the camera is recognised")
    item = running.request("GetSceneItemId", sceneName=SCENE, sourceName=CAMERA)["sceneItemId"]
    scale = SIZE / running.screenshot(CAMERA).shape[0]
    running.request("SetSceneItemTransform", sceneName=SCENE, sceneItemId=item,
                    sceneItemTransform={"scaleX": scale, "scaleY": scale})
    running.add_filter(CAMERA, {"avatar": LOOK, "size": str(SIZE)})
    running.wait_for_state(FILTER, "live", LIVE_SECONDS)
    yield running
    running.end_cleanly()


@pytest.mark.always
def test_the_filters_worker_is_killed(filtered, row, times):
    """Filter: worker killed (SIGKILL)"""
    with watched(filtered, row):
        for _ in range(times):
            killed = filtered.status(FILTER)["worker_pid"]
            os.kill(killed, signal.SIGKILL)
            row.injected += 1
            filtered.wait_for(lambda old=killed: filtered.status(FILTER).get("worker_pid") != old, BACK_SECONDS, "another runs")
            wait_until_back(filtered, row, FILTER, CAMERA)
            row.survived += 1


def test_the_filters_worker_is_stopped(filtered, row, times):
    """Filter: worker stopped for 10 s (SIGSTOP)"""
    with watched(filtered, row):
        for _ in range(times):
            stopped = filtered.status(FILTER)["worker_pid"]
            os.kill(stopped, signal.SIGSTOP)
            row.injected += 1
            time.sleep(10)
            if stopped in filtered.workers():
                os.kill(stopped, signal.SIGCONT)
            wait_until_back(filtered, row, FILTER, CAMERA)
            row.survived += 1


@pytest.mark.always
def test_the_media_source_under_the_filter_is_restarted_and_sought(filtered, row, times):
    """Filter: media source restarted and sought, whose first pictures OBS shows past filters"""
    with watched(filtered, row):
        for number in range(20 * times):
            if number % 2:
                filtered.request("TriggerMediaInputAction", inputName=CAMERA,
                                 mediaAction="OBS_WEBSOCKET_MEDIA_INPUT_ACTION_RESTART")
            else:
                filtered.request("SetMediaInputCursor", inputName=CAMERA, mediaCursor=97 * number % 4000)
            row.injected += 1
            look(filtered, row, CAMERA)
            row.survived += 1
        wait_until_back(filtered, row, FILTER, CAMERA)


def test_the_script_is_reloaded_under_the_filter(filtered, row, times):
    """Filter: script reloaded"""
    with watched(filtered, row):
        for _ in range(times):
            filtered.reload_script()
            row.injected += 1
            wait_until_back(filtered, row, FILTER, CAMERA)
            row.survived += 1


def test_the_filters_settings_change_all_the_time(filtered, row, times):
    """Filter: settings changed fifty times in a row while it runs"""
    with watched(filtered, row):
        for number in range(50 * times):
            filtered.request("SetSourceFilterSettings", sourceName=CAMERA, filterName="Avatar", filterSettings={
                "mirror": bool(number % 2), "smoothing": number % 101, "size": ("256", "512")[number // 2 % 2],
                "background": ("own", "colour")[number // 4 % 2]})
            row.injected += 1
            look(filtered, row, CAMERA)
            row.survived += 1
        filtered.request("SetSourceFilterSettings", sourceName=CAMERA, filterName="Avatar", overlay=False,
                         filterSettings={"avatar": LOOK, "size": str(SIZE)})
        wait_until_back(filtered, row, FILTER, CAMERA)

"""The camera breaks: the avatar waits, at rest and alive, and goes on when there are pictures again; nobody sees the camera."""

import time

import pytest

from ..support.scene import AVATAR
from . import server
from .watching import BACK_SECONDS, look, wait_until_back, watched


@pytest.fixture
def camera(obs):
    made = server.Camera()
    obs.set_settings(AVATAR, driver="stream", driver_url=made.address)
    obs.wait_for(lambda: obs.status(AVATAR)["state"] == "live", BACK_SECONDS, "the camera's pictures come")
    yield made
    made.close()
    obs.set_settings(AVATAR, driver="file")
    obs.wait_for_state(AVATAR, "live", BACK_SECONDS)


def no_worker_was_lost(obs, before):
    assert obs.status(AVATAR)["restarts"] == before, "a bad camera is no reason to replace the worker"


@pytest.mark.parametrize("mode", [pytest.param(server.OTHER_SIZE, marks=pytest.mark.always), server.BLACK, server.GARBAGE,
                                  server.SILENT, server.TINY, server.HALF])
def test_a_camera_with_bad_habits(obs, camera, row, times, mode):
    """Camera delivers for 3 s: {}"""
    before = obs.status(AVATAR)["restarts"]
    with watched(obs, row):
        for _ in range(times):
            camera.mode = mode
            row.injected += 1
            end = time.monotonic() + 3
            while time.monotonic() < end:
                look(obs, row)
                time.sleep(0.2)
            camera.mode = server.NORMAL
            wait_until_back(obs, row)
            row.survived += 1
    no_worker_was_lost(obs, before)


def test_a_camera_that_changes_its_size_all_the_time(obs, camera, row, times):
    """Camera changes its size mid-stream"""
    before = obs.status(AVATAR)["restarts"]
    with watched(obs, row):
        for _ in range(10 * times):
            camera.mode = server.OTHER_SIZE if camera.mode == server.NORMAL else server.NORMAL
            row.injected += 1
            time.sleep(0.3)
            look(obs, row)
            row.survived += 1
        camera.mode = server.NORMAL
        wait_until_back(obs, row)
    no_worker_was_lost(obs, before)


def test_a_camera_that_vanishes(obs, camera, row, times):
    """Camera vanishes for 5 s and comes back"""
    before = obs.status(AVATAR)["restarts"]
    with watched(obs, row):
        for _ in range(times):
            camera.unplug()
            row.injected += 1
            obs.wait_for_state(AVATAR, "error", BACK_SECONDS)
            assert "tried again" in obs.status(AVATAR)["message"]
            time.sleep(5)
            camera.plug_in()
            wait_until_back(obs, row)
            row.survived += 1
    no_worker_was_lost(obs, before)


@pytest.mark.parametrize("content", ["empty", "noise", "half"])
def test_a_driving_file_that_is_damaged(obs, row, times, driving_clip, tmp_path, content):
    """Driving file is damaged: {}"""
    whole = driving_clip.read_bytes()
    damaged = tmp_path / "damaged.mp4"
    noise = bytearray(whole)
    for at in range(2000, len(noise), 97):
        noise[at] ^= 0x5A
    damaged.write_bytes({"empty": b"", "noise": bytes(noise), "half": whole[:len(whole) // 2]}[content])
    before = obs.status(AVATAR)["restarts"]
    with watched(obs, row):
        for _ in range(times):
            obs.set_settings(AVATAR, driver_file=str(damaged))
            row.injected += 1
            time.sleep(3)
            look(obs, row)
            obs.set_settings(AVATAR, driver_file=str(driving_clip))
            wait_until_back(obs, row)
            row.survived += 1
    no_worker_was_lost(obs, before)

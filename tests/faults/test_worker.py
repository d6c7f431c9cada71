"""The worker breaks, in every way that a process can break: a placeholder meanwhile, never the camera, and it comes back."""

import os
import signal
import time

import pytest

from ..support import processes
from ..support.scene import AVATAR
from . import clip
from .watching import BACK_SECONDS, wait_until_back, watched

STAGES = {
    "opening the driver": "core.worker.drivers.video:VideoFile.open",
    "reading the driver": "core.worker.drivers.video:VideoFile.read",
    "observing": "models.see.seer:Seer.observe",
    "smoothing": "core.animation.follow.smoothing:Smoother.__call__",
    "the reference": "core.animation.follow.reference:ReferenceKeeper.__call__",
    "animating": "models.landmark.painter:LandmarkPainter.animate",
    "the badge": "core.animation.compose.lettering:put_badge",
    "publishing": "core.link.ends:WorkerEnd.publish",
    "the status": "core.worker.live:Live._report",
    "the list of cameras": "core.worker.devices:_cameras",
    "reading messages": "core.worker.control:Control.messages",
}
"""The next call raises."""


@pytest.mark.always
def test_the_tell_tale_colour_is_found_in_the_clip_and_nowhere_else(obs):
    assert all(clip.shows_camera(picture) for picture in clip.pictures()[::10])
    assert not clip.shows_camera(obs.screenshot(AVATAR))


@pytest.mark.always
def test_a_killed_worker(obs, row, times):
    """Worker killed (SIGKILL)"""
    with watched(obs, row):
        for _ in range(times):
            killed = obs.status(AVATAR)["worker_pid"]
            os.kill(killed, signal.SIGKILL)
            row.injected += 1
            obs.wait_for(lambda old=killed: obs.status(AVATAR)["worker_pid"] != old, BACK_SECONDS, "another worker runs")
            wait_until_back(obs, row)
            row.survived += 1


def test_a_worker_killed_while_it_starts(obs, row, times):
    """Worker killed five times in a row while it starts"""
    with watched(obs, row):
        for _ in range(times):
            for _ in range(5):
                (killed,) = obs.wait_for(obs.workers, BACK_SECONDS, "a worker runs")
                os.kill(killed, signal.SIGKILL)
                row.injected += 1
                obs.wait_for(lambda old=killed: obs.workers() - {old}, BACK_SECONDS, "the next one runs")
                row.survived += 1
            wait_until_back(obs, row)


def test_a_worker_that_is_stopped(obs, row, times):
    """Worker stopped for 10 s (SIGSTOP)"""
    with watched(obs, row):
        for _ in range(times):
            stopped = obs.status(AVATAR)["worker_pid"]
            os.kill(stopped, signal.SIGSTOP)
            row.injected += 1
            time.sleep(10)
            if processes.alive(stopped):
                os.kill(stopped, signal.SIGCONT)
            wait_until_back(obs, row)
            row.survived += 1


def hit(obs, product, row, do, **how):
    before = product.hits()
    product.once(do, **how)
    obs.wait_for(lambda: product.hits() > before, BACK_SECONDS, f"the fault {do} {how} happens")
    row.injected += 1


@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_raises(obs, product, row, times, stage):
    """Worker raises in: {}"""
    with watched(obs, row):
        for _ in range(times):
            product_hit = product.hits()
            product.once("raise", where=STAGES[stage])
            deadline = time.monotonic() + 2
            while product.hits() == product_hit and time.monotonic() < deadline:
                time.sleep(0.05)
            if product.hits() == product_hit:  # a stage that runs once a driver or every few seconds
                obs.set_settings(AVATAR, region_left=1 + obs.settings(AVATAR).get("region_left", 0))
            obs.wait_for(lambda before=product_hit: product.hits() > before, BACK_SECONDS, f"{stage} raises")
            row.injected += 1
            wait_until_back(obs, row)
            row.survived += 1


def test_an_avatar_that_cannot_be_prepared_for_once(obs, product, row, times):
    """Worker raises in: preparing an avatar"""
    with watched(obs, row):
        for number in range(times):
            before = product.hits()
            product.once("raise", where="core.animation.animator:Animator.load", what="MemoryError")
            time.sleep(0.2)
            obs.set_settings(AVATAR, avatar_file=f"not used {number}")  # the avatar is prepared again
            obs.wait_for(lambda: product.hits() > before, BACK_SECONDS, "preparing raises")  # noqa: B023
            row.injected += 1
            obs.wait_for_state(AVATAR, "error", BACK_SECONDS)
            assert "cannot be prepared" in obs.status(AVATAR)["message"]
            wait_until_back(obs, row)
            row.survived += 1


@pytest.mark.parametrize("how", ["crash", "end"])
def test_a_worker_that_goes_down_by_itself(obs, product, row, times, how):
    """Worker goes down by itself: {}"""
    with watched(obs, row):
        for _ in range(times):
            hit(obs, product, row, how)
            wait_until_back(obs, row)
            row.survived += 1


def test_a_worker_that_leaks(obs, product, row, times):
    """Worker leaks 300 MB a second"""
    with watched(obs, row):
        for _ in range(times):
            old = obs.status(AVATAR)["worker_pid"]
            hit(obs, product, row, "leak", megabytes_a_second=300, ceiling_megabytes=1500)
            obs.wait_for(lambda old=old: obs.status(AVATAR)["worker_pid"] not in (0, old), BACK_SECONDS, "it was replaced")
            wait_until_back(obs, row)
            row.survived += 1


@pytest.mark.parametrize("seconds", [86400 * 365, -86400], ids=["a year on", "a day back"])
def test_the_clock_jumps(obs, product, row, times, seconds):
    """Clock set {}"""
    with watched(obs, row):
        for _ in range(times):
            restarts = obs.status(AVATAR)["restarts"]
            hit(obs, product, row, "jump", seconds=seconds)
            time.sleep(2)
            wait_until_back(obs, row)
            assert obs.status(AVATAR)["restarts"] == restarts
            row.survived += 1


def test_workers_that_never_start_leave_the_placeholder_and_a_change_of_settings_tries_at_once(obs, product, row, times):
    """Workers end at once, eight times in a row"""
    with watched(obs, row):
        for _ in range(times):
            product.always("end", code=3)
            os.kill(obs.status(AVATAR)["worker_pid"], signal.SIGKILL)
            obs.wait_for(lambda: "many times in a row" in obs.status(AVATAR)["message"], 2 * BACK_SECONDS, "it rests")
            row.injected += 8
            product.calm()
            obs.set_settings(AVATAR, mirror=not obs.settings(AVATAR).get("mirror", False))
            wait_until_back(obs, row)
            row.survived += 8
        obs.set_settings(AVATAR, mirror=False)

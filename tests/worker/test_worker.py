"""The worker process: what it shows, what it says, when it lets go of the driver, and that it never outlives OBS."""

import os
import shutil
import signal
import subprocess
import sys
import time

import cv2
import numpy as np
import pytest
from PIL import Image

from core.link import protocol, start
from core.link.frames import FrameExchange
from core.shared import avatars, places

from ..support.scene import CLIP, DRIVEN
from ..support.waiting import GONE_SECONDS

NORA = avatars.picture_path("nora", "")


def test_a_clip_moves_the_picture(worker):
    worker.show(**DRIVEN)
    worker.wait_for(lambda: worker.status["state"] == protocol.LIVE)
    first, before = worker.picture, worker.frames
    worker.wait_for(lambda: worker.frames > before + 24)
    assert worker.picture.shape == (256, 256, 4)
    assert np.all(worker.picture[..., 3] == 255)
    assert np.abs(worker.picture.astype(int) - first).max() > 20
    assert worker.status["face"] and worker.status["fps"] > 5


def test_while_the_source_is_hidden_the_driver_is_closed_and_the_avatar_rests(worker):
    worker.show(**DRIVEN)
    worker.wait_for(lambda: worker.status["state"] == protocol.LIVE)
    assert str(CLIP) in worker.open_files()
    worker.send("shown", value=False)
    worker.wait_for(lambda: worker.status["state"] == protocol.PAUSED)
    assert str(CLIP) not in worker.open_files()
    resting, frames = worker.picture, worker.frames
    time.sleep(0.5)
    assert worker.frames == frames
    worker.send("shown", value=True)
    worker.wait_for(lambda: worker.frames > frames + 5)
    assert worker.status["engine"] == "landmark"
    assert resting.shape == (256, 256, 4)


def test_nothing_is_said_of_a_driver_before_its_first_picture_whatever_another_one_showed(worker):
    worker.show(**DRIVEN)
    worker.wait_for(lambda: worker.status["state"] == protocol.LIVE)
    worker.send("settings", values=dict(DRIVEN, driver="obs_source", driver_source="Nothing comes from here"))
    worker.wait_for(lambda: worker.status["state"] == protocol.STARTING)
    live = max(number for number, one in enumerate(worker.messages) if one.get("state") == protocol.LIVE)
    assert {one["state"] for one in worker.messages[live + 1:] if one["type"] == "status"} == {protocol.STARTING}


def test_without_a_camera_the_avatar_is_shown_at_rest_and_the_reason_is_said(worker):
    worker.show(avatar="nora", driver="camera", camera="A camera that nobody has", size="256", badge=False)
    worker.wait_for(lambda: worker.status["state"] == protocol.ERROR and worker.frames > 0)
    assert "camera" in worker.status["message"]
    still = np.asarray(Image.open(NORA).convert("RGB").resize((256, 256), Image.Resampling.BOX))[..., ::-1]
    assert np.abs(worker.picture[..., :3].astype(int) - still).mean() < 3


@pytest.mark.parametrize(("kind", "says"), [("text", "not a picture"), ("no face", "No face"), ("missing", "cannot be found")])
def test_a_picture_that_cannot_be_an_avatar_is_refused_in_a_sentence(worker, tmp_path, kind, says):
    path = tmp_path / "it.png"
    if kind == "text":
        path.write_text("Dear avatar,")
    elif kind == "no face":
        Image.fromarray(np.random.default_rng(0).integers(0, 255, (300, 300, 3), np.uint8)).save(path)
    worker.show(avatar="file", avatar_file=str(path), driver="file", driver_file=str(CLIP), size="256")
    worker.wait_for(lambda: worker.status["state"] == protocol.ERROR)
    assert says in worker.status["message"]
    worker.wait_for(lambda: worker.picture is not None)
    assert worker.picture[..., :3].mean() < 90  # the placeholder
    worker.send("settings", values=DRIVEN)
    worker.wait_for(lambda: worker.status["state"] == protocol.LIVE)


def test_of_three_faces_the_largest_is_used_and_the_user_is_told(worker, tmp_path):
    face = Image.open(NORA).convert("RGB")
    crowd = Image.new("RGB", (1500, 700), (120, 130, 140))
    for left, size in ((0, 400), (430, 700), (1100, 400)):
        crowd.paste(face.resize((size, size)), (left, 0))
    crowd.save(tmp_path / "crowd.png")
    worker.show(avatar="file", avatar_file=str(tmp_path / "crowd.png"), driver="file", driver_file=str(CLIP), size="256")
    worker.wait_for(lambda: worker.status["state"] == protocol.LIVE)
    assert "3 faces. The largest one is used" in worker.status["message"]


def test_a_driver_that_shows_no_face_leaves_the_avatar_as_it_is_and_says_so(worker, tmp_path):
    from .test_drivers import write_clip
    write_clip(tmp_path / "wall.mp4", frames=48)
    worker.show(**dict(DRIVEN, driver_file=str(tmp_path / "wall.mp4")))
    worker.wait_for(lambda: worker.status["state"] == protocol.NO_FACE)
    assert worker.picture is not None


def test_settings_change_the_picture_without_a_new_worker(worker):
    worker.show(**dict(DRIVEN, badge=False))
    worker.wait_for(lambda: worker.status["state"] == protocol.LIVE)
    worker.send("settings", values=dict(DRIVEN, size="512", avatar="marcus", mirror=True, motion="absolute"))
    worker.wait_for(lambda: worker.picture.shape == (512, 512, 4))


def test_the_worker_ends_at_once_when_obs_lets_go(worker):
    worker.show(**DRIVEN)
    worker.wait_for(lambda: worker.frames > 0)
    worker.process.stdin.close()
    worker.process.wait(GONE_SECONDS)


def test_a_message_that_is_no_message_ends_the_worker(worker):
    worker.wait_for(lambda: worker.messages)
    worker.process.stdin.write(b"\x00garbage\n")
    assert worker.process.wait(GONE_SECONDS) == 2


@pytest.mark.skipif(os.name == "nt", reason="kill -9 is POSIX's")
def test_the_worker_dies_with_a_parent_that_was_killed(tmp_path):
    exchange = FrameExchange.create(64, 64)
    command = start.command(sys.executable, start.Start(exchange.name, "en-US"))
    code = ("import subprocess, sys, time\n"
            f"p = subprocess.Popen({command!r}, stdin=-1, stdout=-1)\n"
            "p.stdout.readline(); print(p.pid, flush=True); time.sleep(60)\n")
    parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
    pid = int(parent.stdout.readline())
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    end = time.monotonic() + GONE_SECONDS
    while os.path.exists("/proc/%d" % pid) and open("/proc/%d/stat" % pid).read().split(")")[1].split()[0] != "Z":
        assert time.monotonic() < end, "the worker outlived its parent"
        time.sleep(0.01)
    parent.stdout.close()
    exchange.close()


def test_another_version_of_the_script_is_refused_in_a_sentence():
    exchange = FrameExchange.create(64, 64)
    done = subprocess.run(start.command(sys.executable, start.Start(exchange.name, "en-US", "0")),
                          capture_output=True, text=True, check=False)
    assert done.returncode != 0 and "restart OBS" in done.stderr
    exchange.close()


def test_a_hidden_avatar_is_a_placeholder_and_its_camera_is_closed(worker):
    worker.show(**DRIVEN)
    worker.wait_for(lambda: worker.status["state"] == protocol.LIVE)
    worker.send("settings", values=dict(DRIVEN, hidden=True))
    worker.wait_for(lambda: worker.status["state"] == protocol.PAUSED)
    assert worker.picture[..., :3].mean() < 90
    assert str(CLIP) not in worker.open_files()
    worker.send("settings", values=DRIVEN)
    worker.wait_for(lambda: worker.status["state"] == protocol.LIVE and worker.picture[..., :3].mean() > 90)


def test_where_the_neural_engine_cannot_be_had_the_built_in_one_stands_in_and_the_reason_is_said(worker):
    worker.show(**dict(DRIVEN, engine="fomm"))
    worker.wait_for(lambda: worker.status["state"] == protocol.LIVE and "obs_avatar.py" in worker.status["message"])
    assert worker.status["engine"] == "landmark"
    assert worker.status["message"].startswith("The built-in engine is drawing the picture.")


def test_a_hotkeys_setting_changes_the_picture_of_a_running_worker(worker, tmp_path):
    for name in ("clay.png", "clay.png.json", "clay.blushing.jpg", "clay.happy.jpg", "clay.crying.jpg"):
        shutil.copy(places.SHIPPED_AVATARS / name, tmp_path / name)
    crying = cv2.resize(cv2.imread(str(tmp_path / "clay.crying.jpg")), (256, 256), interpolation=cv2.INTER_AREA).astype(int)
    given_settings = {"badge": False, "size": "256", "avatar": "file", "avatar_file": str(tmp_path / "clay.png")}
    worker.send("settings", values=given_settings)
    worker.wait_for(lambda: worker.picture is not None)
    worker.send("settings", values=dict(given_settings, expression="crying"))
    worker.wait_for(lambda: np.abs(worker.picture[..., :3] - crying).max() <= 6)
    worker.send("settings", values=dict(given_settings, expression="gone"))
    worker.wait_for(lambda: np.abs(worker.picture[..., :3] - crying).max() > 40)

"""The Avatar filter: its source moves the avatar and is never seen itself, whatever happens."""

import os
import signal
import subprocess

import cv2
import numpy as np
import pytest

from ..support import pictures
from ..support.home import SCENE
from ..support.scene import AVATAR, CLIP, LIVE_SECONDS
from ..support.waiting import PATIENCE

FORMATS = ("yuv420p", "nv12", "yuyv422", "uyvy422", "yvyu422", "yuv422p", "yuv444p", "rgba", "bgra", "bgr0", "gray",
           "yuv420p10le")
"""Those that cameras, capture cards, NDI and files hand over, by FFmpeg's names. (OBS shows p010le wrong here: no GPU.)"""
SETTINGS = {"avatar": "nora", "size": "256"}
WIDE = (426, 240)
FRAME = (255, 0, 255)
"""RGB of the frame around the face in the camera's picture: nothing else in the tests has it."""


def camera_clip(folder, pixel_format="yuv420p", seconds=5):
    """The clip as a camera would show it: wide, with a frame of a colour that gives the camera's picture away."""
    file = folder / f"camera-{pixel_format}.{'mp4' if pixel_format == 'yuv420p' else 'nut'}"
    codec = ["libx264", "-g", "12"] if pixel_format == "yuv420p" else ["rawvideo"]
    width, height = WIDE
    subprocess.run(["ffmpeg", "-v", "error", "-y", "-i", str(CLIP), "-vf",
                    f"scale={height - 40}:{height - 40},pad={width}:{height}:-1:-1:0xFF00FF", "-t", str(seconds), "-an",
                    "-c:v", *codec, "-pix_fmt", pixel_format, str(file)], check=True)
    return file


def shows_camera(picture):
    """Whether any part of the frame is seen, however faintly: it is what only the camera's picture has."""
    blue, green, red = cv2.split(picture[:, :, :3].astype(np.int16))
    return bool(((np.minimum(blue, red) - green) * (picture[:, :, 3] / 255) > 60).sum() > 20)


def middle(picture):
    """The square in the middle, where the avatar is."""
    height, width = picture.shape[:2]
    left = (width - height) // 2
    return picture[:, left:left + height]


def shows_nora(picture):
    return pictures.shows_avatar(middle(picture), "nora")


def wait_for_nora(obs, name):
    obs.wait_for_state(f"{name}: Avatar", "live", LIVE_SECONDS)
    obs.wait_for(lambda: shows_nora(obs.screenshot(name)), PATIENCE, f"the avatar is seen in the place of {name}")


@pytest.fixture(scope="module")
def camera_obs(obs, tmp_path_factory):
    """An OBS in whose scene a camera stands, with the filter on it, and nothing else."""
    obs.remove_source(AVATAR)
    obs.add_media("Camera", camera_clip(tmp_path_factory.mktemp("camera")))
    obs.wait_for(lambda: shows_camera(obs.screenshot("Camera")), PATIENCE, "the camera's picture is there, and recognised")
    obs.add_filter("Camera", SETTINGS)
    wait_for_nora(obs, "Camera")
    return obs


def test_the_filter_shows_the_moving_avatar_over_the_whole_place_of_the_camera(camera_obs):
    taken = camera_obs.screenshots("Camera", 20, 5)
    assert taken[0].shape == (WIDE[1], WIDE[0], 4)
    assert all(shows_nora(one) for one in taken)
    assert not any(shows_camera(one) for one in taken)
    assert pictures.most_motion([middle(one) for one in taken], pictures.MOUTH) > 3
    assert all(one[:, :, 3].min() == 255 for one in taken), "a part of the camera's place is empty"


def test_restarting_and_seeking_never_show_the_camera(camera_obs):
    for number in range(30):
        if number % 2:
            camera_obs.request("TriggerMediaInputAction", inputName="Camera",
                               mediaAction="OBS_WEBSOCKET_MEDIA_INPUT_ACTION_RESTART")
        else:
            camera_obs.request("SetMediaInputCursor", inputName="Camera", mediaCursor=150 * number)
        picture = camera_obs.peek("Camera")
        assert picture is None or not shows_camera(picture)
    camera_obs.wait_for_state("Camera: Avatar", "live", LIVE_SECONDS)


def test_the_filter_is_calibrated_and_hidden_by_its_hotkeys(camera_obs):
    hotkeys = camera_obs.request("GetHotkeyList")["hotkeys"]
    assert "obs_avatar.hide" in hotkeys
    camera_obs.request("TriggerHotkeyByName", hotkeyName="obs_avatar.hide")
    try:
        camera_obs.wait_for(lambda: pictures.is_placeholder(middle(camera_obs.screenshot("Camera"))), PATIENCE, "it is hidden")
    finally:
        camera_obs.request("TriggerHotkeyByName", hotkeyName="obs_avatar.hide")
    camera_obs.wait_for(lambda: shows_nora(camera_obs.screenshot("Camera")), PATIENCE, "it is shown again")


def test_what_came_while_nobody_drew_the_filter_is_what_showing_begins_with(camera_obs):
    name = "Camera: Avatar"
    camera_obs.make_scene("Empty scene")
    camera_obs.show_scene("Empty scene")
    camera_obs.wait_for_state(name, "paused", 10)
    hide = {"sourceName": "Camera", "filterName": "Avatar"}
    try:
        before = camera_obs.status(name)["frames"]
        camera_obs.request("SetSourceFilterSettings", **hide, filterSettings={"hidden": True}, overlay=True)
        camera_obs.wait_for(lambda: camera_obs.status(name)["frames"] > before, 10, "the worker has sent the placeholder")
        camera_obs.let_draw()
        camera_obs.show_scene(SCENE)  # OBS's media source has no size, so that nothing is drawn, while it is hidden
        assert pictures.is_placeholder(middle(camera_obs.screenshot("Camera")))
    finally:
        camera_obs.request("SetSourceFilterSettings", **hide, filterSettings={"hidden": False}, overlay=True)
        camera_obs.show_scene(SCENE)
    wait_for_nora(camera_obs, "Camera")


def test_a_killed_worker_never_lets_the_camera_through(camera_obs):
    os.kill(camera_obs.status("Camera: Avatar")["worker_pid"], signal.SIGKILL)
    seen = camera_obs.screenshots("Camera", 20, 4)
    assert not any(shows_camera(one) for one in seen)
    wait_for_nora(camera_obs, "Camera")


def test_reloading_the_script_never_lets_the_camera_through(camera_obs):
    for _ in range(3):
        camera_obs.reload_script()
        seen = camera_obs.screenshots("Camera", 6, 1.2)
        assert not any(shows_camera(one) for one in seen)
    wait_for_nora(camera_obs, "Camera")


def test_a_filter_that_is_switched_off_shows_the_camera_and_switched_on_the_avatar(camera_obs):
    """Off is the user's own decision; OBS has one meaning for it."""
    camera_obs.request("SetSourceFilterEnabled", sourceName="Camera", filterName="Avatar", filterEnabled=False)
    camera_obs.wait_for(lambda: shows_camera(camera_obs.screenshot("Camera")), PATIENCE, "the camera is shown")
    camera_obs.request("SetSourceFilterEnabled", sourceName="Camera", filterName="Avatar", filterEnabled=True)
    assert not shows_camera(camera_obs.screenshot("Camera"))
    camera_obs.wait_for(lambda: shows_nora(camera_obs.screenshot("Camera")), PATIENCE, "the avatar is back")


def test_the_worker_rests_while_the_camera_is_not_shown(camera_obs):
    camera_obs.make_scene("Empty")
    camera_obs.show_scene("Empty")
    camera_obs.wait_for_state("Camera: Avatar", "paused", PATIENCE)
    camera_obs.show_scene("Scene")
    camera_obs.wait_for_state("Camera: Avatar", "live", LIVE_SECONDS)


def test_the_largest_size_fits_into_the_widest_place(camera_obs):
    def set_size(size):
        camera_obs.request("SetSourceFilterSettings", sourceName="Camera", filterName="Avatar", filterSettings={"size": size})

    before = camera_obs.status("Camera: Avatar")
    set_size("1024")
    try:
        camera_obs.wait_for(lambda: camera_obs.status("Camera: Avatar")["frames"] > before["frames"] + 30, PATIENCE,
                            "pictures come")
        assert shows_nora(camera_obs.screenshot("Camera"))
        assert camera_obs.status("Camera: Avatar")["restarts"] == before["restarts"]
    finally:
        set_size("256")


@pytest.mark.parametrize("pixel_format", FORMATS)
def test_every_pixel_format_moves_the_avatar_and_is_never_seen(camera_obs, tmp_path, pixel_format):
    name = f"Camera {pixel_format}"
    camera_obs.add_media(name, camera_clip(tmp_path, pixel_format, 2))
    try:
        camera_obs.add_filter(name, SETTINGS)
        wait_for_nora(camera_obs, name)
        taken = camera_obs.screenshots(name, 8, 2)
        assert not any(shows_camera(one) for one in taken)
        assert all(shows_nora(one) for one in taken)
    finally:
        camera_obs.remove_source(name)


def test_a_source_without_frames_of_its_own_can_have_the_filter_too(camera_obs, tmp_path):
    """Such as a browser or a capture card that OBS draws itself."""
    still = tmp_path / "still.png"
    frame = np.full((240, 426, 3), (255, 0, 255), np.uint8)
    frame[20:220, 113:313] = cv2.resize(cv2.VideoCapture(str(CLIP)).read()[1], (200, 200))
    cv2.imwrite(str(still), frame)
    camera_obs.request("CreateInput", sceneName="Scene", inputName="Still", inputKind="image_source",
                       inputSettings={"file": str(still)}, sceneItemEnabled=True)
    try:
        filter_name = camera_obs.add_filter("Still", SETTINGS)
        wait_for_nora(camera_obs, "Still")
        assert camera_obs.status(filter_name)["face"]
        assert not shows_camera(camera_obs.screenshot("Still"))
    finally:
        camera_obs.remove_source("Still")


def test_the_script_taken_away_leaves_a_placeholder_and_never_the_camera(make_obs, tmp_path):
    obs = make_obs({}, with_script=False)
    obs.add_script()
    obs.add_media("Camera", camera_clip(tmp_path))
    obs.add_filter("Camera", SETTINGS)
    wait_for_nora(obs, "Camera")
    obs.remove_script()
    seen = obs.screenshots("Camera", 5, 1)
    assert not any(shows_camera(one) for one in seen)
    assert pictures.is_placeholder(middle(seen[-1]))
    obs.add_script()
    wait_for_nora(obs, "Camera")
    obs.remove_script()
    obs.end_cleanly()


def test_a_filter_that_obs_loaded_before_the_script_comes_to_life_in_its_place(make_obs, tmp_path):
    obs = make_obs({})
    obs.add_media("Camera", camera_clip(tmp_path))
    colour = {"sourceName": "Camera", "filterKind": "color_filter_v2"}
    obs.request("CreateSourceFilter", filterName="Before", filterSettings={"hue_shift": 5.0}, **colour)
    obs.add_filter("Camera", dict(SETTINGS, mirror=True))
    obs.request("CreateSourceFilter", filterName="After", filterSettings={"hue_shift": 5.0}, **colour)
    wait_for_nora(obs, "Camera")
    order = [one["filterName"] for one in obs.request("GetSourceFilterList", sourceName="Camera")["filters"]]
    obs.end_cleanly()
    obs.leave_out_script()
    obs.start()
    obs.add_script()
    wait_for_nora(obs, "Camera")
    found = obs.request("GetSourceFilterList", sourceName="Camera")["filters"]
    assert [one["filterName"] for one in found] == order
    assert next(one for one in found if one["filterName"] == "Avatar")["filterSettings"]["mirror"] is True
    obs.remove_script()
    assert obs.close() == 0 and obs.leaks() == 0

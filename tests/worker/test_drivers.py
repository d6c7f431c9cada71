"""Drivers: what cannot be opened is said in words and tried again; nothing that hangs keeps anybody waiting."""

import threading
import time

import av
import numpy as np
import pytest

from core.shared import settings
from core.worker import drivers
from core.worker.drivers import camera, obs_source, screen, video
from core.worker.drivers.base import DriverError
from core.worker.drivers.reader import Reader
from core.worker.drivers.screen import Region
from core.worker.latest_only import LatestOnly
from core.worker.obs_pictures import ObsPictures
from models.face import poses

from ..support.scene import CLIP
from ..support.waiting import PATIENCE

NEVER = threading.Event()


def opened(driver):
    driver.open(NEVER)
    return driver


def wait_until(condition, seconds=PATIENCE):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.01)


def values(**changed):
    return settings.Settings.of(changed)


def test_each_choice_of_a_driver_makes_that_driver():
    made = {choice.id: type(drivers.for_settings(values(driver=choice.id), ObsPictures()))
            for choice in settings.BY_KEY["driver"].choices}
    known = {"camera": camera.Camera, "screen": screen.Screen, "file": video.VideoFile, "stream": video.VideoStream,
             "obs_source": obs_source.ObsSource}
    assert known.items() <= made.items()


# ---- video files

class Clock:
    """In which no time goes by but what somebody waits; it stands for an Event that is never set, too."""

    def __init__(self):
        self._now = time.monotonic()

    def monotonic(self):
        return self._now

    def wait(self, seconds):
        self._now += seconds

    def is_set(self):
        return False


def test_a_clip_plays_at_its_own_speed(monkeypatch):
    driver = opened(video.VideoFile(str(CLIP)))
    clock = Clock()
    monkeypatch.setattr(video, "time", clock)
    driver.read(clock)
    start = clock.monotonic()
    for _ in range(12):
        assert driver.read(clock).shape == (256, 256, 3)
    driver.close()
    assert clock.monotonic() - start == pytest.approx(12 / 24, abs=0.01)


def test_a_clip_begins_again_at_its_end(tmp_path):
    short = tmp_path / "short.mp4"
    write_clip(short, frames=3)
    driver = opened(video.VideoFile(str(short)))
    first = [driver.read(NEVER) for _ in range(7)]
    driver.close()
    assert np.abs(first[0].astype(int) - first[3]).mean() < 2


def test_a_clip_filmed_on_its_side_is_turned_upright(tmp_path):
    """The rotation stands in the file, as a phone writes it."""
    path = tmp_path / "side.mp4"
    write_clip(path, frames=2, width=128, height=64)
    patch_rotation(path)
    driver = opened(video.VideoFile(str(path)))
    assert driver.read(NEVER).shape == (128, 64, 3)
    driver.close()


@pytest.mark.parametrize(("name", "content", "says"), [
    ("letter.mp4", b"Dear film,", "not a video"), ("empty.mp4", b"", "not a video")])
def test_a_file_that_is_no_video_is_refused_in_a_sentence(tmp_path, name, content, says):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(DriverError, match=says):
        video.VideoFile(str(path)).open(NEVER)


def test_a_truncated_video_plays_as_far_as_it_goes_or_is_refused(tmp_path):
    path = tmp_path / "half.mp4"
    path.write_bytes(CLIP.read_bytes()[:CLIP.stat().st_size // 2])
    driver = video.VideoFile(str(path))
    try:
        driver.open(NEVER)
        assert driver.read(NEVER).ndim == 3
    except DriverError as error:
        assert "half.mp4" in str(error)
    finally:
        driver.close()


def test_sound_alone_is_refused_in_a_sentence(tmp_path):
    path = tmp_path / "song.wav"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("pcm_s16le", rate=8000)
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 800), np.int16), "s16", "mono")
        frame.rate = 8000
        container.mux(stream.encode(frame))
    with pytest.raises(DriverError, match="only sound"):
        video.VideoFile(str(path)).open(NEVER)


@pytest.mark.parametrize(("driver", "says"), [
    (video.VideoFile(""), "Choose one"), (video.VideoFile("gone.mp4"), "cannot be found"), (video.VideoStream(""), "Enter one"),
    (video.VideoStream("http://127.0.0.1:9/none"), "Check the address")])
def test_what_is_missing_is_said_with_its_cure(driver, says):
    with pytest.raises(DriverError, match=says):
        driver.open(NEVER)


# ---- cameras

class Info:
    def __init__(self, name, index):
        self.name, self.index, self.backend, self.path = name, index, 200, ""


def test_cameras_of_one_name_can_be_told_apart(monkeypatch):
    monkeypatch.setattr(camera, "enumerate_cameras", lambda backend: [Info("Cam", 2), Info("Cam", 0), Info("Other", 4)])
    assert camera.camera_names() == ["Cam", "Cam (2)", "Other"]
    assert camera.cameras()["Cam"].index == 0


def test_the_first_camera_is_a_real_one_where_there_is_one():
    assert camera.first_real(["OBS Virtual Camera", "Webcam"]) == "Webcam"
    assert camera.first_real(["OBS Virtual Camera"]) == "OBS Virtual Camera"


def test_no_camera_at_all_is_said_with_its_cure(monkeypatch):
    monkeypatch.setattr(camera, "enumerate_cameras", lambda backend: [])
    with pytest.raises(DriverError, match="No camera was found"):
        camera.Camera("").open(NEVER)


def test_a_camera_that_was_unplugged_is_called_by_its_name(monkeypatch):
    monkeypatch.setattr(camera, "enumerate_cameras", lambda backend: [Info("Other", 0)])
    with pytest.raises(DriverError, match="“Mine” cannot be found"):
        camera.Camera("Mine").open(NEVER)


def test_a_busy_camera_is_said_with_its_cure(monkeypatch):
    monkeypatch.setattr(camera, "enumerate_cameras", lambda backend: [Info("Mine", 987)])  # there is no device 987
    with pytest.raises(DriverError, match="Close the program that is using it"):
        camera.Camera("Mine").open(NEVER)


# ---- the screen

MONITOR = {"left": 100, "top": 50, "width": 800, "height": 600}


def test_a_region_of_no_size_is_the_rest_of_the_screen():
    assert screen.part_of(MONITOR, Region(10, 20, 0, 0)) == {"left": 110, "top": 70, "width": 790, "height": 580}


def test_a_region_is_cut_to_the_screen():
    assert screen.part_of(MONITOR, Region(700, 0, 500, 100))["width"] == 100


def test_a_region_outside_of_the_screen_is_refused_in_a_sentence():
    with pytest.raises(DriverError, match="800 x 600"):
        screen.part_of(MONITOR, Region(900, 0, 100, 100))


def test_a_computer_without_a_screen_says_so(monkeypatch):
    monkeypatch.delenv("DISPLAY", raising=False)
    with pytest.raises(DriverError, match="screen"):
        screen.Screen(1, Region(0, 0, 0, 0)).open(NEVER)


# ---- the reader

class Read:
    """A reader and what it has read."""

    def __init__(self, driver):
        self.frames = LatestOnly()
        self.reader = Reader(driver, self.frames)
        self.newest, self.stop = self.frames.take, self.reader.stop

    @property
    def error(self):
        return self.reader.error


class Scripted:
    """A driver that does what a list says: an error, "hang", or a picture."""

    name = "scripted"

    def __init__(self, *acts):
        self.acts, self.closed, self.release = list(acts), 0, threading.Event()

    def open(self, stopping):
        if self.acts and isinstance(self.acts[0], Exception):
            raise self.acts.pop(0)
        if self.acts and isinstance(self.acts[0], str):
            self.acts.pop(0)
            self.release.wait(PATIENCE)

    def read(self, stopping):
        if not self.acts:
            stopping.wait()
            raise DriverError("stopped")
        act = self.acts.pop(0)
        if isinstance(act, Exception):
            raise act
        return act

    def close(self):
        self.closed += 1


PICTURE = np.zeros((4, 4, 3), np.uint8)


def test_a_lost_driver_is_said_and_opened_again():
    driver = Scripted(PICTURE, DriverError("The cable is out."), PICTURE + 1)
    reader = Read(driver)
    seen = []
    wait_until(lambda: (seen.append(reader.newest(0.05)), reader.error == "The cable is out.")[1])
    wait_until(lambda: (seen.append(reader.newest(0.05)), any(f is not None and f.picture.any() for f in seen))[1])
    assert reader.error == ""
    reader.stop()
    assert driver.closed >= 2


def test_an_unforeseen_error_of_a_driver_is_survived():
    reader = Read(Scripted(RuntimeError("boo"), PICTURE))
    wait_until(lambda: "failed" in reader.error)
    wait_until(lambda: reader.newest(0.1) is not None)
    reader.stop()


def test_only_the_newest_picture_is_handed_out():
    driver = Scripted(*(PICTURE + n for n in range(5)))
    reader = Read(driver)
    wait_until(lambda: not driver.acts)
    assert reader.newest(1).picture.max() == 4
    assert reader.newest(0.05) is None
    reader.stop()


def test_a_driver_may_see_the_face_itself_or_see_that_there_is_none():
    face = poses.neutral()
    reader = Read(Scripted(face))
    frame = reader.newest(PATIENCE)
    reader.stop()
    assert frame.face is face and frame.picture is None
    reader = Read(Scripted(None))
    frame = reader.newest(PATIENCE)
    reader.stop()
    assert frame.face is None and frame.picture is None and reader.error == ""


def test_a_driver_that_hangs_keeps_nobody_waiting():
    driver = Scripted("hang", PICTURE)
    reader = Read(driver)
    assert reader.newest(0.05) is None
    reader.stop(wait=0.1)
    assert driver.closed == 0, "nobody was kept waiting until the driver came back"
    driver.release.set()
    wait_until(lambda: driver.closed == 1)  # and is let go of as soon as it comes back


def write_clip(path, frames, width=64, height=64):
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=24)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        for number in range(frames):
            picture = np.full((height, width, 3), number * 40 % 256, np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, "bgr24")))
        container.mux(stream.encode())


def patch_rotation(path):
    """Turns the identity in the track header (ISO 14496-12, tkhd: a b u, c d v, x y w as 16.16) into a quarter turn."""
    def rows(*numbers):
        return b"".join((n * 65536).to_bytes(4, "big", signed=True) for n in numbers)
    content = path.read_bytes()
    upright, turned = rows(1, 0, 0, 0, 1, 0), rows(0, 1, 0, -1, 0, 0)
    at = content.index(upright, content.index(b"tkhd"))
    path.write_bytes(content[:at] + turned + content[at + len(turned):])

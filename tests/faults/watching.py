"""Records what OBS shows while something breaks, and measures in the recording what a viewer would have seen."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np

from ..support import home, pictures, processes
from ..support.obs_process import Obs
from ..support.scene import AVATAR, SIZE
from ..support.waiting import wait_for
from . import clip
from .figures import Row

FRAMES_A_SECOND = 30
LOOK_BACK = 15
"""Frames: half a second is the shortest time in which a face that moves has moved."""
UNMOVED = 0.2
"""Grey levels of difference that the coding of a still picture makes."""
BACK_SECONDS = 90
"""Patience, not a promise: the machine may be busy with other things. What it took stands in the table."""
LOOK = "nora"


@contextlib.contextmanager
def watched(obs: Obs, row: Row) -> Iterator[None]:
    """Records from the beginning to the end of a block, or of OBS, and puts the figures into `row`."""
    obs.request("StartRecord")
    obs.wait_for(lambda: obs.request("GetRecordStatus")["outputDuration"] > 0, 20, "the recording runs")
    try:
        yield
    finally:
        if obs.running:
            file = Path(obs.request("StopRecord")["outputPath"])
            obs.wait_for(lambda: not obs.request("GetRecordStatus")["outputActive"], 30, "the recording has ended")
        else:
            wait_for(lambda: not processes.with_home(obs.home), 30, "all that OBS had started has ended, the muxer too")
            file = max(home.recordings(obs.home).iterdir(), key=lambda each: each.stat().st_mtime)
    wait_for(lambda: readable(file), 30, "the recording can be read")
    measure(file, row)
    file.unlink()


def readable(file: Path) -> bool:
    return cv2.VideoCapture(str(file)).read()[0]


def frames_of(file: Path) -> Iterator[np.ndarray]:
    video = cv2.VideoCapture(str(file))
    while True:
        there_is_one, frame = video.read()
        if not there_is_one:
            return
        yield frame


def measure(file: Path, row: Row) -> None:
    without, still, before = 0, 0, []
    for frame in frames_of(file):
        row.frames += 1
        row.camera_frames += clip.shows_camera(frame)
        avatar = frame[:SIZE, :SIZE]
        if not pictures.shows_avatar(avatar, LOOK):
            without, still, before = without + 1, 0, []
        else:
            without, before = 0, [*before[-LOOK_BACK + 1:], avatar]
            unmoved = len(before) == LOOK_BACK and pictures.difference(before[0], avatar) < UNMOVED
            still = still + 1 if unmoved else 0
        row.no_avatar_seconds = max(row.no_avatar_seconds, without / FRAMES_A_SECOND)
        row.still_seconds = max(row.still_seconds, (still + LOOK_BACK) / FRAMES_A_SECOND if still else 0.0)
    assert not row.camera_frames, f"{row.fault}: the camera's own picture was seen in {row.camera_frames} frames"


def look(obs: Obs, row: Row, name: str = AVATAR) -> np.ndarray | None:
    """A screenshot, which must not show the camera."""
    picture = obs.peek(name)
    if picture is not None:
        row.frames += 1
        if clip.shows_camera(picture):
            row.camera_frames += 1
            raise AssertionError(f"{row.fault}: a screenshot shows the camera's own picture")
    return picture


def wait_until_back(obs: Obs, row: Row, name: str = AVATAR, seen_as: str = "") -> None:
    """Until new pictures come, the status says so, and the avatar moves. seen_as: the source of which `name` is a filter."""
    before = obs.status(name).get("frames", 0)
    obs.wait_for(lambda: obs.status(name).get("frames", 0) >= before + 15, BACK_SECONDS, f"new pictures of {name} come")
    obs.wait_for_state(name, "live", BACK_SECONDS)
    seen: list[np.ndarray] = []

    def moves() -> bool:
        picture = look(obs, row, seen_as or name)
        if picture is None or not pictures.shows_avatar(picture, LOOK):
            return False
        seen.append(picture)
        return pictures.most_motion([seen[0], seen[-1]], pictures.HEAD) > 0.5

    obs.wait_for(moves, BACK_SECONDS, f"{name} shows the moving avatar")

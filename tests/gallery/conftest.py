"""A user's folder of its own, a cache of its own, and pictures that nobody's detector was trained on."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from core.shared import avatars, places


@pytest.fixture(autouse=True)
def own_folder(tmp_path, monkeypatch):
    for name in ("XDG_DATA_HOME", "XDG_CACHE_HOME", "APPDATA", "LOCALAPPDATA", "HOME"):
        monkeypatch.setenv(name, str(tmp_path / "home"))
    return places.user_avatars()


@pytest.fixture(scope="session")
def nora():
    """The shipped portrait, BGR (512, 512, 3)."""
    return cv2.resize(cv2.imread(str(avatars.picture_path("nora", ""))), (512, 512), interpolation=cv2.INTER_AREA)


def as_png(picture: np.ndarray) -> bytes:
    return cv2.imencode(".png", picture)[1].tobytes()


PUPPET = {"left_eye_left": (0.315, 0.42), "left_eye_right": (0.435, 0.42), "left_eye_top": (0.375, 0.37),
          "right_eye_left": (0.565, 0.42), "right_eye_right": (0.685, 0.42), "right_eye_top": (0.625, 0.37),
          "nose_tip": (0.5, 0.575), "mouth_left": (0.39, 0.67), "mouth_right": (0.61, 0.67), "lips_middle": (0.5, 0.68),
          "chin": (0.5, 0.80), "hairline": (0.5, 0.2)}
"""Where the landmarks of `puppet` are."""


def puppet(side: int = 600) -> np.ndarray:
    """A dog of flat colours, BGR: two eyes, a snout, ears. Only somebody who knows dogs sees a face."""
    picture = np.full((side, side, 3), (235, 215, 180), np.uint8)

    def spot(x, y, across, down, colour, turn=0):
        places = [round(value * side) for value in (x, y, across, down)]
        cv2.ellipse(picture, tuple(places[:2]), tuple(places[2:]), turn, 0, 360, colour, -1, cv2.LINE_AA)

    spot(0.5, 1.03, 0.33, 0.25, (60, 110, 170))
    spot(0.5, 0.5, 0.28, 0.32, (80, 140, 205))
    for ear, turn in ((0.23, 15), (0.77, -15)):
        spot(ear, 0.43, 0.09, 0.22, (40, 75, 125), turn)
    spot(0.5, 0.65, 0.175, 0.15, (170, 215, 245))
    for eye in (0.375, 0.625):
        spot(eye, 0.42, 0.06, 0.05, (250, 250, 250))
        spot(eye, 0.42, 0.033, 0.033, (40, 60, 90))
        spot(eye, 0.42, 0.017, 0.017, (10, 10, 10))
    spot(0.5, 0.575, 0.06, 0.043, (30, 25, 25))
    mouth = (np.array([(0.39, 0.67), (0.44, 0.695), (0.5, 0.68), (0.56, 0.695), (0.61, 0.67)]) * side).astype(np.int32)
    cv2.polylines(picture, [mouth], False, (30, 25, 25), max(2, side // 120), cv2.LINE_AA)
    return picture

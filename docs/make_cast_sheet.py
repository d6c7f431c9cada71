"""Draws docs/pictures/cast.jpg: each avatar that ships, still and moved by the driving clip. Run it after a change of either:

    .venv/bin/python docs/make_cast_sheet.py
"""

import json
import sys
from pathlib import Path

import cv2
import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from core.shared import places  # noqa: E402
from models import engines  # noqa: E402
from models.contract import MotionOptions, Painter  # noqa: E402
from models.see.tracker import Tracker  # noqa: E402

DRIVING = places.SHIPPED_AVATARS / "driving"
SHEET = ROOT / "docs" / "pictures" / "cast.jpg"
DRAWN, SHOWN, ROW = 512, 176, 2
"""The side at which avatars are moved, that of a picture in the sheet, and how many avatars stand in a row."""
MOST = (("blink", 1), ("jaw", 1), ("smile", 1), ("yaw", 1), ("yaw", -1))
"""The moments shown: where a channel of the clip's script is at its most, or least."""


def main() -> None:
    script = json.loads((DRIVING / "drive.json").read_text())
    moments = [max(script, key=lambda state: state[channel] * sign)["frame"] for channel, sign in MOST]
    rest, *driving = observations([0, *moments])
    painter = engines.load("landmark", cached=False).painter
    strips = [strip(painter, path, rest, driving) for path in sorted(places.SHIPPED_AVATARS.glob("*.png"))]
    strips += [np.full_like(strips[0], 255)] * (-len(strips) % ROW)
    rows = [cv2.hconcat(strips[start:start + ROW]) for start in range(0, len(strips), ROW)]
    SHEET.write_bytes(cv2.imencode(".jpg", cv2.vconcat(rows), [cv2.IMWRITE_JPEG_QUALITY, 88])[1].tobytes())


def observations(wanted: list) -> list:
    """What is seen in some frames of the clip, each followed from its start."""
    clip, tracker, seen = cv2.VideoCapture(str(DRIVING / "drive.mp4")), Tracker(), {}
    for frame in range(max(wanted) + 1):
        seen[frame] = tracker.observe(clip.read()[1])
    return [seen[frame] for frame in wanted]


def strip(painter: Painter, path: Path, rest, driving: list) -> np.ndarray:
    picture = cv2.resize(cv2.imread(str(path)), (DRAWN, DRAWN), interpolation=cv2.INTER_AREA)
    avatar = painter.prepare(picture)
    options = MotionOptions(relative=True)
    moved = [painter.animate(avatar, moment, rest, options).picture[..., :3].copy() for moment in driving]
    return cv2.hconcat([cv2.resize(each, (SHOWN, SHOWN), interpolation=cv2.INTER_AREA) for each in (picture, *moved)])


if __name__ == "__main__":
    main()

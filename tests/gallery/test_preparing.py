"""Which part of a picture is taken for the person."""

from __future__ import annotations

import cv2
import numpy as np

from core.gallery import preparing
from core.shared import avatars
from models import engines

from .conftest import as_png

DISC = (197, 216, 167)


def test_a_drawing_on_one_colour_is_cut_out_exactly():
    assert preparing.look(engines.load("landmark"), avatars.find("luna")).matte is not None


def test_a_disc_drawn_behind_somebody_stays_where_it_is(tmp_path):
    """It stands out of the plain backdrop, too, but must not move with the head."""
    drawing = cv2.imread(str(avatars.picture_path("luna", "")))
    side = drawing.shape[0]
    disc = cv2.circle(np.zeros((side, side), np.uint8), (side // 2, side // 2), round(0.4 * side), 1, -1)
    drawing[(disc > 0) & (drawing == drawing[0, 0]).all(axis=2)] = DISC
    (tmp_path / "disc.png").write_bytes(as_png(drawing))
    seen = preparing.look(engines.load("landmark"), avatars.find("file", str(tmp_path / "disc.png")))
    assert seen.picture.coverage is not None and seen.matte is None

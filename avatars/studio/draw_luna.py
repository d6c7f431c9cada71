"""Draws Luna, the avatar in flat vector style: python draw_luna.py [FILE]."""

from __future__ import annotations

import sys
from pathlib import Path

from vector import Canvas, Points, ellipse, smooth_line

SKIN, SHADE, DEEP = "#d9956b", "#c67d55", "#a9613f"
BLUSH, LIP, LIP_DARK, LIP_LIGHT = "#d98762", "#b8453f", "#8e2f33", "#cf6158"
HAIR, HAIR_LIGHT, HAIR_DARK = "#2b2350", "#43377a", "#1f193c"
SHIRT, SHIRT_DARK, GOLD = "#f2b441", "#d99628", "#f7d774"
WALL = "#8fcdc5"
WHITE, IRIS, IRIS_DARK, DARK = "#f6efe6", "#6b4a2e", "#3d2716", "#1d1520"

FACE = smooth_line([(512, 262), (610, 285), (664, 362), (672, 462), (656, 548), (618, 622), (562, 678), (512, 692),
                    (462, 678), (406, 622), (368, 548), (352, 462), (360, 362), (414, 285)], closed=True)
NECK = smooth_line([(446, 600), (446, 690), (430, 742), (380, 790), (512, 880), (644, 790), (594, 742), (578, 690), (578, 600)])
EYE_X, EYE_Y = 434, 470
"""Of the eye on the picture's left."""


def luna() -> Canvas:
    canvas = Canvas(WALL)
    _hair_behind(canvas)
    _body(canvas)
    _head(canvas)
    _eyes(canvas)
    _nose(canvas)
    _mouth(canvas)
    _hair_in_front(canvas)
    return canvas


def _hair_behind(canvas: Canvas) -> None:
    canvas.fill(smooth_line([(512, 168), (650, 192), (736, 290), (752, 420), (748, 560), (772, 668), (744, 770), (640, 800),
                             (512, 790), (384, 800), (280, 770), (252, 668), (276, 560), (272, 420), (288, 290),
                             (374, 192)], closed=True), HAIR_DARK)


def _body(canvas: Canvas) -> None:
    shoulders = smooth_line([(100, 1060), (128, 920), (214, 844), (350, 792), (512, 850), (674, 792), (810, 844), (896, 920),
                             (924, 1060)])
    canvas.fill(shoulders, SHIRT)
    canvas.both_strokes([(262, 1040), (250, 985), (264, 925)], SHIRT_DARK, 9)
    canvas.fill(NECK, SKIN)
    canvas.fill(smooth_line([(440, 640), (512, 668), (584, 640), (584, 700), (556, 738), (512, 752), (468, 738), (440, 700)],
                            closed=True), DEEP, inside=NECK)
    canvas.fill(smooth_line([(578, 690), (540, 748), (566, 790), (588, 850), (700, 820), (640, 740)], closed=True), SHADE,
                inside=NECK)
    canvas.stroke([(364, 780), (420, 852), (512, 886), (604, 852), (660, 780)], SHIRT_DARK, 26, taper=0)
    canvas.both_strokes([(428, 792), (452, 812), (480, 822)], SHADE, 6)


def _head(canvas: Canvas) -> None:
    ear = smooth_line([(360, 448), (334, 440), (322, 476), (334, 528), (366, 548)], closed=True)
    canvas.both(ear, SHADE)
    canvas.both(ellipse(338, 566, 13, 13), GOLD)
    canvas.fill(FACE, SKIN)
    canvas.fill(smooth_line([(604, 262), (640, 330), (648, 430), (630, 540), (586, 625), (530, 690), (700, 700), (720, 300)],
                            closed=True), SHADE, inside=FACE)
    canvas.fill(smooth_line([(340, 380), (400, 352), (512, 366), (624, 352), (690, 380), (690, 250), (340, 250)], closed=True),
                SHADE, inside=FACE)
    canvas.both(ellipse(404, 556, 36, 22), BLUSH, inside=FACE)


def _eyes(canvas: Canvas) -> None:
    x, y = EYE_X, EYE_Y
    opening = [*smooth_line([(x - 44, y + 4), (x - 22, y - 17), (x + 4, y - 22), (x + 28, y - 12), (x + 42, y + 8)]),
               *smooth_line([(x + 42, y + 8), (x + 22, y + 19), (x, y + 21), (x - 24, y + 16), (x - 44, y + 4)])]
    canvas.both(_around(x, y), SHADE)
    canvas.both(opening, WHITE)
    canvas.both(ellipse(x + 1, y - 2, 23, 23), IRIS_DARK, inside=opening)
    canvas.both(ellipse(x + 1, y + 1, 19, 19), IRIS, inside=opening)
    canvas.both(ellipse(x + 1, y - 2, 10, 10), DARK, inside=opening)
    for middle in x + 1, 1024 - x - 1:
        canvas.fill(ellipse(middle - 8, y - 9, 5.5, 5.5), WHITE)
    canvas.both_strokes([(x - 54, y - 4), (x - 24, y - 19), (x + 4, y - 25), (x + 30, y - 14), (x + 44, y + 8)], DARK, 10)
    canvas.both_strokes([(x - 40, y + 9), (x - 20, y + 20), (x, y + 23), (x + 24, y + 20)], DEEP, 4)
    canvas.both_strokes([(x - 42, y - 26), (x - 10, y - 40), (x + 26, y - 34)], DEEP, 5)
    canvas.both(smooth_line([(x - 64, y - 44), (x - 34, y - 68), (x + 4, y - 72), (x + 38, y - 60), (x + 45, y - 51),
                             (x + 36, y - 47), (x + 4, y - 56), (x - 32, y - 57)], closed=True), HAIR)


def _around(x: float, y: float) -> Points:
    return smooth_line([(x - 50, y - 4), (x - 24, y - 34), (x + 6, y - 42), (x + 40, y - 26), (x + 46, y + 4), (x, y - 6)],
                       closed=True)


def _nose(canvas: Canvas) -> None:
    canvas.fill(smooth_line([(520, 450), (536, 488), (556, 529), (550, 551), (516, 559), (512, 523), (510, 490)],
                            closed=True), SHADE)
    canvas.both_strokes([(473, 529), (468, 545), (480, 557)], DEEP, 6)
    canvas.both_strokes([(488, 557), (498, 563), (512, 562)], DEEP, 6, taper=0.6)


def _mouth(canvas: Canvas) -> None:
    upper = [*smooth_line([(450, 610), (482, 600), (500, 595), (512, 599), (524, 595), (542, 600), (574, 610)]),
             *smooth_line([(574, 610), (540, 618), (512, 620), (484, 618), (450, 610)])]
    lower = [*smooth_line([(450, 610), (484, 618), (512, 620), (540, 618), (574, 610)]),
             *smooth_line([(574, 610), (548, 634), (512, 642), (476, 634), (450, 610)])]
    canvas.fill(upper, LIP)
    canvas.fill(lower, LIP_LIGHT)
    canvas.fill(smooth_line([(482, 625), (512, 628), (542, 625), (526, 633), (498, 633)], closed=True), "#dd7c70")
    canvas.stroke([(444, 607), (480, 617), (512, 620), (544, 617), (580, 607)], LIP_DARK, 6)
    canvas.stroke([(488, 656), (512, 661), (536, 656)], SHADE, 5)


def _hair_in_front(canvas: Canvas) -> None:
    left = smooth_line([(548, 192), (470, 190), (380, 212), (312, 290), (284, 400), (290, 500), (272, 620), (280, 700),
                        (316, 762), (360, 778), (346, 700), (352, 610), (344, 520), (352, 440), (378, 384), (440, 338),
                        (510, 292), (540, 250)], closed=True)
    right = smooth_line([(530, 190), (620, 200), (702, 276), (738, 392), (736, 500), (752, 620), (744, 700), (708, 762),
                         (664, 778), (678, 700), (672, 610), (680, 520), (676, 450), (652, 380), (604, 316), (552, 262)],
                        closed=True)
    for lock in left, right:
        canvas.fill(lock, HAIR)
    canvas.stroke([(520, 212), (430, 226), (350, 300), (318, 400), (316, 500), (304, 610)], HAIR_LIGHT, 22)
    canvas.stroke([(524, 252), (440, 292), (372, 346), (338, 430)], HAIR_LIGHT, 12)
    canvas.stroke([(572, 226), (650, 286), (698, 380), (708, 480), (718, 600)], HAIR_LIGHT, 14)


if __name__ == "__main__":
    luna().save(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent.parent / "luna.png")

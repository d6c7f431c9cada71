"""What a user sees when the built-in engine moves a picture: seen by the engine's own tracker, and pixel by pixel.

Avatars and the driving clip are the project's own, rendered ones. drive.mp4 turns, speaks and blinks by a script; it
looks straight ahead throughout, so gaze is moved in its observations.
"""

from __future__ import annotations

import dataclasses

import cv2
import numpy as np
import pytest

from models.face.measures import eye_openness, gaze, mouth_openness
from models.face.topology import EYES, FACE_OVAL
from models.landmark.draw import eyes, mesh, raster
from models.landmark.draw.layers import Layers
from models.landmark.painter import build

from ..see.faces import (
    ABSOLUTE,
    BLINK,
    BROWS,
    JAW,
    NOD,
    RELATIVE,
    REST,
    TURN_ONE_WAY,
    TURN_OTHER_WAY,
    difference,
    nose_direction,
    openness,
    seen,
)
from .placing import place_of

# At rest


def test_without_a_driver_the_picture_is_shown_untouched(painter, avatar):
    out = painter.animate(avatar, None, None, RELATIVE).picture
    assert np.array_equal(out, avatar.still)
    assert (out[..., 3] == 255).all()


def test_a_driver_at_rest_leaves_the_picture_as_it_is(painter, clip, avatar):
    out = painter.animate(avatar, clip[REST], clip[REST], RELATIVE).picture
    assert difference(out, avatar.still).max() <= 2
    assert (out[..., 3] == 255).all()


def test_nothing_moves_before_there_is_a_reference(painter, clip, nora):
    assert np.array_equal(painter.animate(nora, clip[JAW], None, RELATIVE).picture, nora.still)


def test_the_returned_array_is_reused(painter, clip, nora):
    first, second = (painter.animate(nora, clip[frame], clip[REST], RELATIVE).picture for frame in (0, 9))
    assert first is second


# Following the driver


def test_the_mouth_opens_with_the_driver(shown, avatar):
    rest, wide = seen(shown(avatar, REST)), seen(shown(avatar, JAW))
    assert mouth_openness(rest.keypoints) < 0.1
    assert mouth_openness(wide.keypoints) > 0.3


def test_the_mouth_is_dark_inside(shown, nora):
    wide = shown(nora, JAW)
    lips = seen(wide).keypoints[[13, 14], :2].mean(axis=0).round().astype(int)
    assert wide[lips[1], lips[0], :3].mean() < 70  # a tongue in the shade, not skin


def test_the_eyes_shut_with_the_driver(shown, avatar):
    assert openness(seen(shown(avatar, BLINK))) < 0.5 * openness(seen(shown(avatar, REST)))


def test_the_head_turns_and_nods_with_the_driver(shown, clip, avatar):
    rest = nose_direction(seen(shown(avatar, REST)))
    for frame, axis in ((TURN_ONE_WAY, 0), (TURN_OTHER_WAY, 0), (NOD, 1)):
        driver = nose_direction(clip[frame])[axis] - nose_direction(clip[REST])[axis]
        moved = nose_direction(seen(shown(avatar, frame)))[axis] - rest[axis]
        assert 0.4 < moved / driver < 1.5


def test_the_brows_rise_with_the_driver(shown, nora):
    def height(observation):
        points = observation.keypoints
        return (points[[159, 386], 1].mean() - points[[105, 334], 1].mean()) / np.linalg.norm(points[10] - points[152])

    assert height(seen(shown(nora, BROWS))) > 1.1 * height(seen(shown(nora, REST)))


def test_a_high_brow_has_a_longer_way_down_to_a_frown_and_stays_above_the_eye(nora):
    gains, face = nora.face.gains, nora.face.height
    brows = gains.brows[:, 0] > 0.99

    def lowered(by, driver_height):
        return gains.apply(np.tile([0.0, by, 0.0], (478, 1)), driver_height, face)[brows, 1]

    alike, lower = lowered(2.0, gains.brow_height), lowered(2.0, 0.8 * gains.brow_height)
    assert (alike > 2.0).all() and (alike < lower).all() and (lower < 4.0).all()
    assert (lowered(face, 0.5 * gains.brow_height) < gains.brow_height * face).all()
    assert np.allclose(lowered(-2.0, 0.5 * gains.brow_height), lowered(-2.0, gains.brow_height))


def test_what_does_not_move_is_not_gainsed(nora):
    still = nora.face.gains.apply(np.zeros((478, 3)), 0.1, nora.face.height)
    assert not still.any()
    moved = nora.face.gains.apply(np.ones((478, 3)), 0.1, nora.face.height)
    assert (moved[[33, 133, 362, 263, 234, 454, 1]] == 1.0).all()  # corners of the eyes, temples, tip of the nose


def test_eyes_that_open_wider_than_at_the_reference_do_not_stare(painter, clip, nora):
    squint = clip[REST].keypoints.copy()
    for eye in EYES:
        upper, lower = eye.margins
        middle = (squint[upper] + squint[lower]) / 2
        squint[upper], squint[lower] = middle + 0.55 * (squint[upper] - middle), middle + 0.55 * (squint[lower] - middle)
    reference = dataclasses.replace(clip[REST], keypoints=squint)
    wide = place_of(nora, clip[REST], reference, RELATIVE).points
    for eye in EYES:
        assert 1.1 < eye_openness(wide, eye) / eye_openness(nora.face.points, eye) < 1.35


@pytest.mark.parametrize("sideways", [-0.12, 0.12])
def test_the_eyes_look_where_the_driver_looks(painter, clip, avatar, sideways):
    looking = clip[REST].keypoints.copy()
    for eye in EYES:
        width = np.linalg.norm(looking[eye.upper[0]] - looking[eye.upper[-1]])
        looking[eye.iris:eye.iris + 5, 0] += sideways * width
    out = painter.animate(avatar, dataclasses.replace(clip[REST], keypoints=looking), clip[REST], RELATIVE).picture
    moved = gaze(seen(out[..., :3]).keypoints) - gaze(seen(avatar.still[..., :3]).keypoints)
    assert moved[:, 0].mean() / sideways > 0.3


def test_the_shoulders_stay_while_the_head_turns(shown, nora):
    turned, rest = shown(nora, TURN_ONE_WAY), shown(nora, REST)
    assert difference(turned[-16:], rest[-16:]).mean() < 0.4 * difference(turned[60:160], rest[60:160]).mean()


def test_a_new_reference_is_noticed(painter, clip, nora):
    first = painter.animate(nora, clip[JAW], clip[REST], RELATIVE).picture.copy()
    rest = painter.animate(nora, clip[JAW], clip[JAW], RELATIVE).picture.copy()
    assert difference(rest, nora.still).max() <= 2 < difference(first, nora.still).max()


# Absolute motion


def test_absolute_motion_of_the_picture_itself_is_the_picture(painter, clip, frames):
    avatar = build(frames[REST], clip[REST])
    assert difference(painter.animate(avatar, clip[REST], None, ABSOLUTE).picture, avatar.still).max() <= 2


def test_absolute_motion_lies_over_the_clip(painter, clip, frames):
    avatar = build(frames[REST], clip[REST])
    for frame in (JAW, BROWS, TURN_ONE_WAY, NOD):
        out = painter.animate(avatar, clip[frame], None, ABSOLUTE).picture[..., :3]
        apart = np.linalg.norm(seen(out).keypoints[:, :2] - clip[frame].keypoints[:, :2], axis=1)
        assert apart.mean() < 2.0  # pixels of 256
    features = np.zeros(frames[NOD].shape[:2], np.uint8)
    cv2.fillConvexPoly(features, cv2.convexHull(clip[NOD].keypoints[:, :2].astype(np.int32)), 1)
    face = cv2.erode(features, np.ones((15, 15), np.uint8)) > 0
    out = painter.animate(avatar, clip[NOD], None, ABSOLUTE).picture
    assert difference(out, frames[NOD])[face].mean() < 0.5 * difference(avatar.still, frames[NOD])[face].mean()


def test_absolute_motion_covers_a_canvas_of_another_shape(painter, clip, nora):
    wide = dataclasses.replace(clip[REST], keypoints=clip[REST].keypoints + np.float32([64, 0, 0]),
                               frame_size=(384, 256), driver_picture=None)
    square = dataclasses.replace(clip[REST], driver_picture=None)
    out = painter.animate(nora, square, None, ABSOLUTE).picture.copy()
    assert difference(out, painter.animate(nora, wide, None, ABSOLUTE).picture).max() <= 2


# Tears


def test_the_mesh_has_no_holes_however_the_face_moves(painter, clip, nora):
    height, width = nora.still.shape[:2]
    pad = nora.layers.pad
    everywhere = np.full((height + 2 * pad, width + 2 * pad, 4), 255, np.uint8)
    whole = Layers(nora.layers.background, everywhere, pad, everywhere)
    net = mesh.build(nora.face, whole)
    depth, backward = np.empty((height, width), np.float32), np.zeros((height, width, 2), np.float32)
    for frame in range(0, len(clip), 4):
        placement = place_of(nora, clip[frame], clip[REST], RELATIVE)
        source = net.textured(eyes.closing(nora.eyes, placement))
        raster.rasterise(net.place(nora.face, placement), source, net.triangles, backward, depth)
        assert (depth < raster.FAR).all(), f"holes in frame {frame}"


def test_the_face_hides_what_is_behind_it(painter, clip, avatar):
    """Within the oval of a turned face every pixel is taken from within the oval of the picture, or very near to it."""
    placement = place_of(avatar, clip[TURN_ONE_WAY], clip[REST], RELATIVE)
    height, width = avatar.still.shape[:2]
    depth, backward = np.empty((height, width), np.float32), np.zeros((height, width, 2), np.float32)
    raster.rasterise(avatar.mesh.place(avatar.face, placement), avatar.mesh.source, avatar.mesh.triangles, backward,
                     depth)
    inside = np.zeros((height, width), np.uint8)
    cv2.fillPoly(inside, [placement.points[FACE_OVAL, :2].round().astype(np.int32)], 1)
    inside = cv2.erode(inside, np.ones((5, 5), np.uint8)) > 0
    oval = avatar.face.points[FACE_OVAL, :2].astype(np.float32)
    places = backward[inside] - avatar.layers.pad
    assert min(cv2.pointPolygonTest(oval, (float(x), float(y)), True) for x, y in places[::7]) > -2.0

"""Eyes and lids."""

from __future__ import annotations

import dataclasses

import cv2
import numpy as np
import pytest

from models.face.measures import eye_openness
from models.face.topology import EYES, LOWER_MARGINS
from models.landmark.avatar import build
from models.landmark.draw import eyeball, eyes
from models.landmark.move import retarget
from models.landmark.move.avatar_face import AvatarFace
from models.strengths import Strengths

from ..see.faces import BLINK, RELATIVE, REST, picture, seen
from .placing import place_of


def test_a_shut_eye_shows_no_white(shown, avatar):
    """Where the eyeball was, a shut eye is as dark or as coloured as the skin around it; marble and china apart."""
    shut, open_ = shown(avatar, BLINK), avatar.still
    points = seen(shut).keypoints
    for eye in EYES:
        middle = points[np.concatenate(eye.margins), :2].mean(axis=0)
        width = np.linalg.norm(points[eye.upper[0], :2] - points[eye.upper[-1], :2])
        x, y, reach = int(middle[0]), int(middle[1]), max(2, int(0.3 * width))
        eyeball = open_[y - 2:y + 3, x - reach:x + reach, :3].min(axis=2)
        lids = shut[y - 2:y + 3, x - reach:x + reach].min(axis=2)
        assert lids.max() < eyeball.max()


def test_the_iris_is_whole_where_lids_cover_it(large):
    for part in large.eyes:
        rows, columns = np.nonzero(part.iris_mask > 0.95)
        middle = np.array([rows.mean(), columns.mean()]).round().astype(int)
        reach = round((rows.max() - rows.min()) * 0.36)
        steps = ((reach, 0), (-reach, 0), (0, reach), (0, -reach))
        around = [part.iris[middle[0] + down, middle[1] + right] for down, right in steps]
        assert all(green > max(red - 5, blue + 30) for blue, green, red in around)  # green all around, no skin, no lashes


def test_a_gleam_beside_the_middle_does_not_draw_the_iris_aside(painter):
    """Illustrators set pupil and gleam where they like. A misplaced iris leaves a ring behind when it looks elsewhere."""
    for part in painter.prepare(picture("luna", 768)).eyes:
        white = part.picture[part.iris_mask > 0.5].min(axis=1) > 190
        assert white.mean() < 0.15  # the gleam is a tenth of her iris


def test_an_iris_that_goes_on_below_the_tracked_lid_is_moved_whole(large):
    """Tracked lids lie inside the eyes of many drawn faces."""
    image = np.ascontiguousarray(large.still[..., :3])
    higher = large.observation.keypoints.copy()
    for eye in EYES:
        higher[eye.margins[1], 1] -= 4  # pixels of 512: well into the iris
    raised = AvatarFace.of(dataclasses.replace(large.observation, keypoints=higher))
    for part, own in zip(eyeball.take_apart(image, raised), large.eyes):
        assert part.below[2:5].max() > 2.0 and part.below[[0, -1]].max() == 0.0
        assert own.below.max() <= 1.0


@pytest.mark.parametrize(("left", "right", "alike"), [(0.6, 0.5, True), (0.1, 0.2, True), (1.0, 0.1, False)])
def test_eyes_blink_together_and_wink_apart(painter, clip, large, left, right, alike):
    """left, right: how far the driver's eyes are shut."""
    points = clip[REST].keypoints.copy()
    for eye, shut in zip(EYES, (left, right)):
        upper, lower = eye.margins
        points[upper] += (clip[REST].keypoints[lower] - clip[REST].keypoints[upper]) * shut
    placed = place_of(large, dataclasses.replace(clip[REST], keypoints=points), clip[REST], RELATIVE).points
    open_ = [eye_openness(placed, eye) / own for eye, own in zip(EYES, large.face.openness)]
    assert abs(open_[0] - open_[1]) < 0.03 if alike else open_[1] - open_[0] > 0.7


def test_lids_are_painted_over_and_back(painter, clip, nora):
    painter.animate(nora, clip[REST], clip[REST], RELATIVE)
    before = nora.layers.foreground.copy()
    painter.animate(nora, clip[BLINK], clip[REST], RELATIVE)
    assert not np.array_equal(nora.layers.foreground, before)
    painter.animate(nora, clip[REST], clip[REST], RELATIVE)
    assert np.array_equal(nora.layers.foreground, before)


def test_shut_lids_are_not_taken_from_the_eyeball(painter, clip, nora):
    shut = place_of(nora, clip[BLINK], clip[REST], RELATIVE)
    copies = slice(478, 478 + len(LOWER_MARGINS))
    closing = eyes.closing(nora.eyes, shut)
    taken = nora.mesh.textured(closing)[copies]
    assert (closing > 0.9).all()
    assert (taken[:, 1] < nora.mesh.source[copies, 1]).all()
    assert np.array_equal(nora.mesh.textured(np.zeros(2)), nora.mesh.source)


@pytest.fixture(scope="module")
def lined(painter, large):
    """A face whose lids are drawn with a black line, a twentieth of an eye's width inside and outside their margins."""
    image = np.ascontiguousarray(large.still[..., :3])
    for eye in EYES:
        upper = large.observation.keypoints[eye.upper, :2]
        thickness = round(0.1 * np.linalg.norm(upper[0] - upper[-1]))
        cv2.polylines(image, [np.rint(upper).astype(np.int32)], False, (0, 0, 0), thickness, cv2.LINE_AA)
    return build(image, large.observation)


def test_a_closing_lid_is_skin_and_not_a_line_drawn_out(painter, clip, lined):
    shut = painter.animate(lined, clip[BLINK], clip[REST], RELATIVE).picture[..., :3]
    placed = place_of(lined, clip[BLINK], clip[REST], RELATIVE).points
    for eye in EYES:
        width = np.linalg.norm(placed[eye.upper[0], :2] - placed[eye.upper[-1], :2])
        x, y = placed[eye.margins[0], :2].mean(axis=0)
        lid = shut[int(y - 0.2 * width):int(y - 0.1 * width), int(x - 0.2 * width):int(x + 0.2 * width)]
        assert lid.mean(axis=2).min() > 60  # the line is 0, the face's skin 130 and more


def test_a_lid_under_a_dark_brow_is_as_light_as_the_skin_below_the_eye(painter, clip, large):
    """A painter's deep shade between eye and brow is not skin: lids of that colour are black eyes."""
    image = np.ascontiguousarray(large.still[..., :3])
    for eye in EYES:
        width = np.ptp(large.face.points[eye.outline, 0])
        middle = large.face.points[eye.outline, :2].mean(axis=0) - (0, 0.45 * width)
        reach = int(0.9 * width), int(0.18 * width)
        cv2.ellipse(image, middle.astype(int), reach, 0, 0, 360, (20, 20, 20), -1, cv2.LINE_AA)
    shaded = build(image, large.observation)
    shut = painter.animate(shaded, clip[BLINK], clip[REST], RELATIVE).picture
    for eye in EYES:
        x, y = shaded.face.points[eye.lower[4], :2]
        width = np.ptp(shaded.face.points[eye.outline, 0])
        across = slice(int(x - 0.15 * width), int(x + 0.15 * width))
        lid = shut[int(y - 0.2 * width):int(y - 0.1 * width), across, :3].mean()
        below = shut[int(y + 0.15 * width):int(y + 0.25 * width), across, :3].mean()
        assert lid > 0.8 * below


def test_lids_keep_their_line_while_the_eye_looks_aside(painter, lined):
    placement = place_of(lined, lined.observation, lined.observation, RELATIVE)
    aside = dataclasses.replace(placement, gaze=placement.gaze + np.array([0.15, 0.0]))
    rest, moved = lined.still[..., :3].copy(), lined.still.copy()
    eyes.draw(moved, lined.eyes, lined.face, aside)
    for eye in EYES:
        for x, y in lined.face.points[eye.margins[0], :2].astype(int):
            assert moved[y, x, :3].mean() < rest[y, x].mean() + 40


def test_an_eye_that_looks_where_it_did_is_the_picture(large):
    own = large.face.own_reference
    placement = retarget.relative(large.face, own, own.points, own.rotation, Strengths())
    drawn = large.still.copy()
    eyes.draw(drawn, large.eyes, large.face, placement)
    assert np.abs(drawn.astype(int) - large.still).max() <= 2

"""Eyes and lids."""

from __future__ import annotations

import dataclasses

import numpy as np

from models.landmark import eyeball, eyes, retarget
from models.landmark.topology import EYES, LOWER_MARGINS

from .faces import BLINK, RELATIVE, REST, seen


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
        assert all(green > red > blue for blue, green, red in around)  # green all around, no skin, no lashes


def test_an_iris_that_goes_on_below_the_tracked_lid_is_moved_whole(large):
    """Tracked lids lie inside the eyes of many drawn faces."""
    image = np.ascontiguousarray(large.still[..., :3])
    higher = large.observation.keypoints.copy()
    for eye in EYES:
        higher[eye.margins[1], 1] -= 6  # pixels of 512: well into the iris
    raised = retarget.AvatarFace.of(dataclasses.replace(large.observation, keypoints=higher))
    for part, own in zip(eyeball.take_apart(image, raised), large.eyes):
        assert part.below[2:5].max() > 2.0 and part.below[[0, -1]].max() == 0.0
        assert own.below.max() <= 1.0


def test_lids_are_painted_over_and_back(engine, clip, nora):
    engine.animate(nora, clip[REST], clip[REST], RELATIVE)
    before = nora.layers.foreground.copy()
    engine.animate(nora, clip[BLINK], clip[REST], RELATIVE)
    assert not np.array_equal(nora.layers.foreground, before)
    engine.animate(nora, clip[REST], clip[REST], RELATIVE)
    assert np.array_equal(nora.layers.foreground, before)


def test_shut_lids_are_not_taken_from_the_eyeball(engine, clip, nora):
    shut = engine._placement(nora, clip[BLINK], clip[REST], RELATIVE)
    copies = slice(478, 478 + len(LOWER_MARGINS))
    closing = eyes.closing(nora.eyes, shut)
    taken = nora.mesh.textured(closing)[copies]
    assert (closing > 0.9).all()
    assert (taken[:, 1] < nora.mesh.source[copies, 1]).all()
    assert np.array_equal(nora.mesh.textured(np.zeros(2)), nora.mesh.source)

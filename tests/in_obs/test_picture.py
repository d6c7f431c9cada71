"""What a viewer sees: the chosen picture, moving, with its badge, in the chosen size."""

import cv2
import numpy as np
import pytest

from ..support import pictures
from ..support.scene import AVATAR, DRIVEN, LIVE_SECONDS, SIZE
from ..support.waiting import PATIENCE

CLIP_SECONDS = 5


@pytest.fixture
def avatar(obs):
    """The source's name, its settings as in the tests' scene whatever the test before did."""
    obs.replace_settings(AVATAR, DRIVEN)
    wait_for_look(obs, "nora", SIZE)
    return AVATAR


def wait_for_look(obs, name, size):
    def looks_so():
        picture = obs.peek(AVATAR)
        return picture is not None and picture.shape[:2] == (size, size) and pictures.shows_avatar(picture, name)
    obs.wait_for(looks_so, PATIENCE, f"the source shows {name} in {size} pixels")


def over_the_clip(obs):
    """Pictures over a whole round of the clip, so that what moves averages out alike each time."""
    return obs.screenshots(AVATAR, 20, CLIP_SECONDS)


def test_the_chosen_picture_is_shown_upright_and_in_its_own_colours(obs, avatar):
    nora = pictures.avatar("nora", SIZE)
    shot = max(over_the_clip(obs), key=lambda one: pictures.likeness(one, nora))  # where the head is least turned
    assert pictures.likeness(shot, nora) > 0.95
    assert pictures.likeness(shot, nora) > pictures.likeness(shot, pictures.avatar("marcus", SIZE)) + 0.2
    assert pictures.likeness(shot, nora) > pictures.likeness(shot, nora[:, :, ::-1]) + 0.1, "red and blue are swapped"
    assert pictures.likeness(shot, nora) > pictures.likeness(shot, nora[::-1]) + 0.2, "it stands on its head"


def test_a_new_source_shows_a_placeholder_until_the_avatar_is_there_and_nothing_else(obs, avatar):
    obs.add_source("New", DRIVEN)
    try:
        seen = []

        def is_live():
            picture = obs.peek("New")
            seen.extend([] if picture is None else [picture])
            return obs.status("New").get("state") == "live"

        obs.wait_for(is_live, LIVE_SECONDS, "the new source is live")
        seen += obs.screenshots("New", 5, 1)
    finally:
        obs.remove_source("New")
    assert pictures.is_placeholder(seen[0])
    assert pictures.shows_avatar(seen[-1], "nora")
    assert all(pictures.is_placeholder(one) or pictures.shows_avatar(one, "nora") for one in seen)


def test_the_picture_is_opaque(obs, avatar):
    assert obs.screenshot(avatar)[:, :, 3].min() == 255


def test_the_face_moves_with_the_clip_and_the_background_stays(obs, avatar):
    taken = over_the_clip(obs)
    assert pictures.distinct(taken) > len(taken) / 2
    assert pictures.most_motion(taken, pictures.HEAD) > 3
    assert pictures.most_motion(taken, pictures.MOUTH) > 3
    top_left = (0.0, 0.1, 0.0, 0.1)
    assert pictures.most_motion(taken, top_left) < pictures.most_motion(taken, pictures.HEAD) / 3


def test_another_avatar_shows_after_a_change_of_the_setting(obs, avatar):
    obs.set_settings(avatar, avatar="marcus")
    wait_for_look(obs, "marcus", SIZE)
    taken = obs.screenshots(avatar, 10, 3)
    assert all(pictures.shows_avatar(one, "marcus") for one in taken)
    assert pictures.most_motion(taken, pictures.HEAD) > 2


def test_the_picture_is_as_large_as_the_setting_says(obs, avatar):
    assert obs.screenshot(avatar).shape == (SIZE, SIZE, 4)
    obs.set_settings(avatar, size="512")
    wait_for_look(obs, "nora", 512)
    item = obs.request("GetSceneItemId", sceneName="Scene", sourceName=avatar)["sceneItemId"]
    transform = obs.request("GetSceneItemTransform", sceneName="Scene", sceneItemId=item)["sceneItemTransform"]
    assert (transform["sourceWidth"], transform["sourceHeight"]) == (512, 512)


def settled(obs, what, **values):
    """The still part of the picture a while after a change of settings that only the eye can see."""
    before = obs.status(AVATAR)["frames"]
    obs.set_settings(AVATAR, **values)
    obs.wait_for(lambda: obs.status(AVATAR).get("frames", 0) > before + 10, PATIENCE, what)
    return pictures.still(over_the_clip(obs))


def changed(one, other):
    """Where two still pictures differ clearly."""
    return np.abs(one - other).max(axis=2) > 30


def box(mask):
    """Top, bottom, left and right of what is set in a mask, as parts of the picture."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    assert rows.size, "nothing differs"
    height, width = mask.shape
    return rows[0] / height, (rows[-1] + 1) / height, columns[0] / width, (columns[-1] + 1) / width


def largest_piece(mask):
    """The badge, without the specks that the motion leaves here and there."""
    whole = cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((3, 9)))
    _, labels, figures, _ = cv2.connectedComponentsWithStats(whole)
    return labels == 1 + np.argmax(figures[1:, cv2.CC_STAT_AREA]) if len(figures) > 1 else mask


@pytest.fixture(scope="module")
def badge_pictures(obs):
    """The still picture with and without the badge, and the same mirrored: (mirror, badge) -> picture."""
    obs.replace_settings(AVATAR, DRIVEN)
    wait_for_look(obs, "nora", SIZE)
    return {(mirror, badge): settled(obs, f"mirror={mirror}, badge={badge} is taken over", mirror=mirror, badge=badge)
            for mirror, badge in ((False, True), (False, False), (True, False), (True, True))}


def test_a_badge_in_the_lower_left_corner_says_that_this_is_an_avatar(badge_pictures):
    with_badge, without = badge_pictures[False, True], badge_pictures[False, False]
    top, bottom, left, right = box(largest_piece(changed(with_badge, without)))
    assert top > 0.85 and left < 0.1 and right < 0.6
    assert 0.03 < bottom - top < 0.12
    badge = pictures.region(with_badge, (top, bottom, left, right)).min(axis=2)
    assert np.percentile(badge, 99) > 200, "no white letters"
    assert np.percentile(badge, 25) < 110, "no dark ground under the letters"


def test_without_the_badge_nothing_else_changes(badge_pictures):
    with_badge, without = badge_pictures[False, True], badge_pictures[False, False]
    assert pictures.difference(with_badge, without, pictures.ABOVE_BADGE) < 2


def test_mirror_flips_the_picture(badge_pictures):
    plain, mirrored = badge_pictures[False, False], badge_pictures[True, False]
    unlike = pictures.difference(plain, mirrored)
    assert unlike > 2, "the avatar is too symmetrical to tell"
    assert pictures.difference(plain[:, ::-1], mirrored) < unlike / 2


def test_mirror_leaves_the_badge_readable_in_its_corner(badge_pictures):
    plain = largest_piece(changed(badge_pictures[False, True], badge_pictures[False, False]))
    mirrored = largest_piece(changed(badge_pictures[True, True], badge_pictures[True, False]))
    assert np.allclose(box(plain), box(mirrored), atol=2.5 / SIZE)
    letters, mirrored_letters = ((pictures.region(badge_pictures[mirror, True], box(plain)).min(axis=2)) > 150
                                 for mirror in (False, True))
    assert (letters & mirrored_letters).sum() > 0.7 * (letters | mirrored_letters).sum()

"""Alternative pictures of an avatar: chosen by hotkey or by the driver's face, faded in, never flickering."""


from dataclasses import replace

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.animation.animator import Animator
from core.animation.driving import DrivingFrame
from core.animation.follow.expressions import FADE_SECONDS, HOLD_SECONDS, NEUTRAL, Expressions
from core.shared import avatars, settings
from core.shared.manifest import Condition, Expression

from ..support.scene import CLIP

SMILE = Expression("a.png", (Condition("mouthSmileLeft", True, 0.6), Condition("mouthSmileRight", True, 0.6)))
KNOWN = {"happy": SMILE, "angry": Expression("b.png"), "cool": Expression("c.png", (Condition("jawOpen", False, 0.1),))}
SMILING = {"mouthSmileLeft": 0.7, "mouthSmileRight": 0.8, "jawOpen": 0.5}
SERIOUS = dict.fromkeys(SMILING, 0.2)


def shown(mix):
    return max(mix, key=lambda part: part[1])[0]


def test_a_smile_that_is_large_enough_on_both_sides_chooses_its_picture():
    expressions = Expressions(KNOWN)
    assert shown(expressions("", SERIOUS, 1.0)) == NEUTRAL
    assert shown(expressions("", dict(SMILING, mouthSmileLeft=0.5), 2.0)) == NEUTRAL
    assert shown(expressions("", SMILING, 3.0)) == "happy"
    assert shown(expressions("", SERIOUS, 4.0)) == NEUTRAL


def test_the_hotkey_counts_more_than_the_face_and_a_name_that_the_avatar_lacks_counts_nothing():
    expressions = Expressions(KNOWN)
    assert shown(expressions("angry", SMILING, 1.0)) == "angry"
    assert shown(expressions("sleepy", SMILING, 2.0)) == "happy"
    assert expressions.at_once("angry") == (("angry", 1.0),)
    assert expressions.at_once("sleepy") == ((NEUTRAL, 1.0),)


def test_one_picture_fades_into_the_next():
    expressions = Expressions(KNOWN)
    expressions("", SERIOUS, 1.0)
    shares = [dict(expressions("angry", {}, 1.0 + step * FADE_SECONDS / 4))["angry"] for step in range(1, 5)]
    assert shares == pytest.approx([0.25, 0.5, 0.75, 1.0])
    assert expressions("angry", {}, 2.0) == (("angry", 1.0),)


def test_a_face_that_hovers_about_the_limit_does_not_flicker():
    expressions = Expressions(KNOWN)
    hovering = [dict(SMILING, mouthSmileLeft=0.6 + 0.05 * (-1) ** number) for number in range(60)]
    names = [shown(expressions("", each, 1.0 + number / 30)) for number, each in enumerate(hovering)]
    assert sum(one != other for one, other in zip(names, names[1:])) <= 1


def test_a_short_flash_of_a_smile_shows_long_enough_to_be_seen():
    expressions = Expressions(KNOWN)
    expressions("", SMILING, 1.0)
    assert shown(expressions("", SERIOUS, 1.0 + 0.9 * HOLD_SECONDS)) == "happy"


def test_without_coefficients_no_face_chooses():
    assert shown(Expressions(KNOWN)("", {}, 1.0)) == NEUTRAL
    assert not Expressions({"angry": KNOWN["angry"]}).need_coefficients and Expressions(KNOWN).need_coefficients


@given(st.lists(st.tuples(st.sampled_from(["", "happy", "angry", "no"]), st.floats(0, 1), st.floats(-1, 3)), max_size=40))
def test_the_shares_are_always_those_of_one_whole_picture(steps):
    expressions, seconds = Expressions(KNOWN), 0.0
    for pinned, smile, later in steps:
        seconds += later
        mix = expressions(pinned, dict.fromkeys(SMILING, smile), seconds)
        assert sum(share for _, share in mix) == pytest.approx(1)
        assert all(0 <= share <= 1 for _, share in mix) and {name for name, _ in mix} <= {*KNOWN, NEUTRAL}


# ---- in pictures -------------------------------------------------------------------------------------------------------

SHOWN = {"avatar": "clay", "badge": False, "size": "256"}


@pytest.fixture
def animator():
    return Animator.of(settings.Settings.of(SHOWN))


def alternative(name):
    entry = avatars.find("clay")
    picture = cv2.imread(str(entry.folder / entry.about.expressions[name].picture))
    return cv2.resize(picture, (256, 256), interpolation=cv2.INTER_AREA).astype(int)


def test_a_chosen_expression_is_shown_at_rest_and_while_it_fades_both_are(animator):
    assert np.abs(animator.rest()[..., :3] - alternative("crying")).max() > 40
    animator.settings = replace(animator.settings, expression="crying")
    assert np.abs(animator.rest()[..., :3] - alternative("crying")).max() <= 6
    animator.settings = replace(animator.settings, expression="")
    animator.step(DrivingFrame(10.0))
    neutral = animator.rest()[..., :3].astype(int).copy()
    animator.step(DrivingFrame(11.0))
    animator.settings = replace(animator.settings, expression="crying")
    half = animator.step(DrivingFrame(11.0 + FADE_SECONDS / 2))[..., :3].astype(int)
    assert np.abs(half - (neutral + alternative("crying")) / 2).mean() < 1.5


def test_the_drivers_smile_makes_clay_blush(animator):
    clip = cv2.VideoCapture(str(CLIP))
    _more, frame = clip.read()
    assert animator.observe(DrivingFrame(1.0, frame)).mix == ((NEUTRAL, 1.0),)
    assert animator.observed.expression["mouthSmileLeft"] < 0.5
    smiling = Animator.of(settings.Settings.of(SHOWN))
    grin = cv2.imread(str(avatars.find("clay").folder / "clay.happy.jpg"))
    seen = smiling.observe(DrivingFrame(1.0, grin))
    assert smiling.observed.expression["mouthSmileLeft"] > 0.55
    assert shown(seen.mix) == "blushing"


def test_shipped_alternatives_are_of_the_picture_that_ships():
    """When this fails, the picture was made anew: run avatars/make_expressions.py."""
    for entry in avatars.available():
        own = cv2.imread(str(entry.path)).astype(int)
        for expression in entry.about.expressions.values() if not entry.id.startswith("user:") else ():
            other = cv2.imread(str(entry.folder / expression.picture)).astype(int)
            assert other.shape == own.shape
            assert np.abs(other - own)[:len(own) // 4].mean() < 3, "hair and background are the same"


def test_some_shipped_avatar_has_expressions():
    assert any(entry.about.expressions for entry in avatars.available())

"""A thousand changes of settings, good and bad, while the avatar is live: hypothesis makes them up from the settings table."""

import os

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from core.shared.settings import SETTINGS

from ..support import pictures
from ..support.scene import AVATAR
from . import clip
from .figures import Row
from .watching import look, wait_until_back, watched

CHANGES = 1000
LOOK_EVERY = 25


def values_of(setting):
    """What may stand in a scene collection: every choice, the ends of a range, and what has no business there.

    No lists: OBS 29 crashes at its end when obs-websocket has put some into the settings of any source, OBS's own too.
    """
    wrong = st.one_of(st.none(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.text(max_size=20))
    if setting.kind == "bool":
        return st.booleans() | wrong
    if setting.kind in ("int", "slider"):
        return st.integers(setting.minimum, setting.maximum) | st.sampled_from([setting.minimum, setting.maximum]) | wrong
    if setting.key == "avatar":
        return st.sampled_from(["nora", "marcus", "clay", "android", "file", "gone"])
    if setting.key == "driver":  # nobody's screen or camera shall be opened by chance
        return st.sampled_from(["file", "stream"])
    if setting.key == "driver_url":
        return st.sampled_from(["", "http://127.0.0.1:9/none", "no address", "http://["])
    if setting.kind in ("picture", "video"):
        return st.sampled_from(["", "/nowhere/x.png", os.devnull, "/", "/proc/self/mem"])
    if setting.kind == "list":
        return st.sampled_from([choice.id for choice in setting.choices] + ["nonsense"]) | st.text(max_size=8)
    return st.text(max_size=20)


CHANGE = st.one_of([st.tuples(st.just(setting.key), values_of(setting)) for setting in SETTINGS if setting.key != "hidden"])


@pytest.mark.always
def test_a_thousand_random_changes(obs, driven, row, times):
    """Settings changed at random (hypothesis)"""
    changes = CHANGES if os.environ.get("OBS_AVATAR_FAULTS") else 60

    class Wild(RuleBasedStateMachine):
        done = 0

        @rule(change=CHANGE)
        def set_one(self, change):
            key, value = change
            obs.set_settings(AVATAR, **{key: value})
            row.injected += 1

        @rule()
        def reset_all(self):
            obs.replace_settings(AVATAR, driven)
            row.injected += 1

        @invariant()
        def obs_goes_on_and_no_camera_is_seen(self):
            Wild.done += 1
            if Wild.done % LOOK_EVERY == 0:
                assert obs.status(AVATAR)["state"]
                look(obs, row)

    seen = Row(row.fault)  # when there is no avatar, since a setting says so, is of no interest
    with watched(obs, seen):
        run_state_machine_as_test(Wild, settings=settings(
            max_examples=max(1, changes // 50) * times, stateful_step_count=50, deadline=None, database=None,
            suppress_health_check=list(HealthCheck)))
    row.frames, row.camera_frames = row.frames + seen.frames, row.camera_frames + seen.camera_frames
    obs.replace_settings(AVATAR, driven)
    wait_until_back(obs, row)
    row.survived = row.injected
    assert len(obs.workers()) == 1
    assert pictures.shows_avatar(obs.screenshot(AVATAR), "nora") and not clip.shows_camera(obs.screenshot(AVATAR))

"""The settings table: complete, stable, and proof against whatever a scene collection holds."""

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.shared import avatars, places
from core.shared.setting import Changes
from core.shared.settings import BY_KEY, DEFAULTS, SETTINGS, SHOWN, Settings

ANYTHING = st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
                        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3))


def test_untouched_settings_are_the_defaults():
    assert Settings.of({}) == DEFAULTS


def test_the_default_avatar_ships():
    assert avatars.picture_path(DEFAULTS.avatar, "") is not None


def test_every_setting_is_explained_and_every_choice_has_a_name():
    for setting in SHOWN:
        assert setting.label and setting.help.endswith((".", ")"))
        assert all(choice.label for choice in setting.choices)


def test_what_a_setting_depends_on_exists():
    for setting in SETTINGS:
        if setting.shown_when:
            key, value = setting.shown_when
            assert value in {choice.id for choice in BY_KEY[key].choices} | ({True} if BY_KEY[key].kind == "bool" else set())


@given(st.dictionaries(st.sampled_from(list(BY_KEY)) | st.text(), ANYTHING))
def test_any_stored_values_become_usable_settings(values):
    result = Settings.of(values).stored
    assert set(result) == set(BY_KEY)
    for setting in SETTINGS:
        value = result[setting.key]
        assert type(value) is type(setting.default)
        if setting.kind in ("int", "slider", "colour"):
            assert setting.minimum <= value <= setting.maximum
        if setting.kind == "list" and not setting.listed_by:
            assert value in {choice.id for choice in setting.choices}
    json.dumps(result)


def test_a_camera_or_picture_that_is_missing_now_keeps_its_place():
    assert Settings.of({"camera": "Unplugged", "avatar": "user:gone.png"}).camera == "Unplugged"
    assert Settings.of({"avatar": "user:gone.png"}).avatar == "user:gone.png"


def test_the_badge_is_on_unless_somebody_turns_it_off():
    assert DEFAULTS.badge is True
    assert Settings.of({"badge": "no"}).badge is True
    assert Settings.of({"badge": False}).badge is False


STORED = [
    "avatar", "avatar_file", "background", "background_colour", "background_file", "mirror", "badge", "driver",
    "camera", "driver_source", "driver_file", "driver_url", "monitor", "region_left", "region_top", "region_width",
    "region_height", "dock", "advanced", "motion", "smoothing", "strength_head", "strength_mouth", "strength_brows",
    "strength_eyes", "strength_gaze", "move", "zoom", "mouth", "idle", "away_after", "engine", "device", "size",
    "deactivate_when_not_showing", "virtual_camera", "hidden", "expression"]


def test_the_keys_that_scene_collections_hold_stay_for_ever():
    assert set(STORED) <= set(BY_KEY)


@given(st.dictionaries(st.sampled_from(list(BY_KEY)), ANYTHING))
def test_what_is_stored_gives_the_same_settings_again(values):
    some = Settings.of(values)
    assert Settings.of(json.loads(json.dumps(some.stored))) == some


def another_number(row):
    return row.minimum if row.default != row.minimum else row.minimum + 1


OTHER = {"bool": lambda row: not row.default, "int": another_number, "slider": another_number,
         "colour": lambda row: 1, "list": lambda row: row.choices[-1].id if len(row.choices) > 1 else "another"}


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.key)
def test_a_change_of_any_setting_touches_just_what_its_row_says(setting):
    assert isinstance(setting.changes, Changes)
    value = OTHER.get(setting.kind, lambda row: "/other")(setting)
    changed = Settings.of({setting.key: value})
    assert changed != DEFAULTS and DEFAULTS.changes(changed) == {setting.changes} == changed.changes(DEFAULTS)


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.key)
def test_every_setting_is_used_somewhere(setting):
    """A key that belongs nowhere would be offered, stored, and silently ignored."""
    table = places.ROOT / "core" / "shared" / "settings.py"
    code = "".join(path.read_text("utf-8") for path in places.ROOT.glob("core/**/*.py") if path != table)
    assert re.search(rf"settings\.{setting.key}\b", code), f"nobody looks at settings.{setting.key}"

"""The settings table: complete, stable, and proof against whatever a scene collection holds."""

import contextlib
import json

from hypothesis import given
from hypothesis import strategies as st

from core.shared import avatars, settings
from core.shared.settings import BY_KEY, DEFAULTS, SETTINGS, SHOWN, cleaned

ANYTHING = st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
                        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3))


def test_untouched_settings_are_the_defaults():
    assert cleaned({}) == dict(DEFAULTS)


def test_the_default_avatar_ships():
    assert avatars.picture_path(DEFAULTS["avatar"], "") is not None


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
    result = cleaned(values)
    assert set(result) == set(BY_KEY)
    for setting in SETTINGS:
        value = result[setting.key]
        assert type(value) is type(setting.default)
        if setting.kind in ("int", "slider", "colour"):
            assert setting.minimum <= value <= setting.maximum
        if setting.kind == "list" and not setting.listed_by:
            assert value in {choice.id for choice in setting.choices}
    json.dumps(result)


@given(st.sampled_from(sorted(set(BY_KEY) - set(settings.SETTABLE_FROM_THE_DOCK))) | st.text(),
       ANYTHING | st.sampled_from(list(DEFAULTS.values())))
def test_the_dock_page_can_set_nothing_but_avatar_badge_mirror_and_hiding(key, value):
    assert set(settings.SETTABLE_FROM_THE_DOCK) == {"avatar", "badge", "mirror", "hidden"}
    for values in ({key: value}, {"badge": False, key: value}):
        with contextlib.suppress(ValueError):
            assert not set(settings.asked_from_the_dock(values)) - set(settings.SETTABLE_FROM_THE_DOCK)


@given(st.sampled_from(settings.SETTABLE_FROM_THE_DOCK), ANYTHING)
def test_the_dock_page_can_set_only_known_values(key, value):
    known = value in (True, False) if key != "avatar" else value in [entry.id for entry in avatars.available()] + ["file"]
    try:
        asked = settings.asked_from_the_dock({key: value})
    except ValueError:
        return
    assert known and type(value) is type(DEFAULTS[key]) and asked == {key: value}


def test_the_dock_page_can_set_what_it_shows():
    for values in ({"avatar": "nora"}, {"avatar": "file"}, {"badge": False, "mirror": True, "hidden": False}):
        assert settings.asked_from_the_dock(values) == values


def test_a_camera_or_picture_that_is_missing_now_keeps_its_place():
    assert cleaned({"camera": "Unplugged", "avatar": "user:gone.png"})["camera"] == "Unplugged"
    assert cleaned({"avatar": "user:gone.png"})["avatar"] == "user:gone.png"


def test_the_badge_is_on_unless_somebody_turns_it_off():
    assert settings.DEFAULTS["badge"] is True
    assert cleaned({"badge": "no"})["badge"] is True
    assert cleaned({"badge": False})["badge"] is False

"""What the dock page may change: four settings, and only to values that are known."""

import contextlib

from hypothesis import given
from hypothesis import strategies as st

from core.link import dock_changes
from core.shared import avatars
from core.shared.settings import BY_KEY, DEFAULTS

from ..shared.test_settings import ANYTHING


@given(st.sampled_from(sorted(set(BY_KEY) - set(dock_changes.KEYS))) | st.text(),
       ANYTHING | st.sampled_from(list(DEFAULTS.stored.values())))
def test_the_dock_page_can_set_nothing_but_avatar_badge_mirror_and_hiding(key, value):
    assert set(dock_changes.KEYS) == {"avatar", "badge", "mirror", "hidden"}
    for values in ({key: value}, {"badge": False, key: value}):
        with contextlib.suppress(ValueError):
            assert not set(dock_changes.checked(values)) - set(dock_changes.KEYS)


@given(st.sampled_from(dock_changes.KEYS), ANYTHING)
def test_the_dock_page_can_set_only_known_values(key, value):
    known = value in (True, False) if key != "avatar" else value in [entry.id for entry in avatars.available()] + ["file"]
    try:
        asked = dock_changes.checked({key: value})
    except ValueError:
        return
    assert known and type(value) is type(BY_KEY[key].default) and asked == {key: value}


def test_the_dock_page_can_set_what_it_shows():
    for values in ({"avatar": "nora"}, {"avatar": "file"}, {"badge": False, "mirror": True, "hidden": False}):
        assert dock_changes.checked(values) == values

"""Every setting a user can see, once. Standard library only: both processes and the command line use it.

The property panel, its defaults, the command line, the worker's checks and the table in the README are all made from
SETTINGS. Keys and choice ids are stored in scene collections and never change; texts may change.
"""

from dataclasses import dataclass
from typing import Any, Dict, Mapping, Optional, Tuple

from . import avatars, colours
from .texts import text


@dataclass(frozen=True)
class Choice:
    id: str
    text_key: str

    @property
    def label(self) -> str:
        return text(self.text_key)


@dataclass(frozen=True)
class Setting:
    key: str
    kind: str
    """"list", "bool", "int", "slider", "colour" (see colours.py), "text", "picture" or "video" (the last two are paths of a
    file)."""
    default: Any
    choices: Tuple[Choice, ...] = ()
    listed_by: Optional[str] = None
    """Where further choices come from while the program runs: "avatars", "cameras", "sources", "monitors" or "devices"."""
    minimum: int = 0
    maximum: int = 0
    only_by_hotkey: bool = False
    """Whether no panel or command shows it; it is a setting only so that it is saved and undone like the others."""
    group: str = "avatar"
    """The heading of the panel under which it appears (its text is Group.…), or "" for none."""
    of_source: bool = False
    """Whether only sources have it: an Avatar filter is driven by the source that it is on."""
    shown_when: Optional[Tuple[str, Any]] = None
    """A (key, value): the panel shows this setting only while the other setting `key` has that value. None: always."""

    @property
    def label(self) -> str:
        return text("Setting." + self.key)

    @property
    def help(self) -> str:
        """The sentence or two for the tooltip and the docs that say what it does."""
        return text("Setting.%s.Help" % self.key)


def _list(key: str, default: str, *ids: str, **more: Any) -> Setting:
    return Setting(key, "list", default, tuple(Choice(id, "Choice.%s.%s" % (key, id)) for id in ids), **more)


ADVANCED = ("advanced", True)
_OF_DRIVER: Dict[str, Any] = {"group": "driver", "of_source": True}
_ADVANCED: Dict[str, Any] = {"group": "advanced", "shown_when": ADVANCED}

SETTINGS: Tuple[Setting, ...] = (
    _list("avatar", "nora", "file", listed_by="avatars"),
    Setting("avatar_file", "picture", "", shown_when=("avatar", "file")),
    _list("background", "own", "own", "transparent", "colour", "blurred", "picture"),
    Setting("background_colour", "colour", colours.read("#1F3A5F"), maximum=colours.LARGEST,
            shown_when=("background", "colour")),
    Setting("background_file", "picture", "", shown_when=("background", "picture")),
    Setting("mirror", "bool", False),
    Setting("badge", "bool", True),
    _list("driver", "camera", "camera", "obs_source", "file", "stream", "screen", **_OF_DRIVER),
    _list("camera", "", "", listed_by="cameras", shown_when=("driver", "camera"), **_OF_DRIVER),
    _list("driver_source", "", "", listed_by="sources", shown_when=("driver", "obs_source"), **_OF_DRIVER),
    Setting("driver_file", "video", "", shown_when=("driver", "file"), **_OF_DRIVER),
    Setting("driver_url", "text", "", shown_when=("driver", "stream"), **_OF_DRIVER),
    _list("monitor", "1", "1", listed_by="monitors", shown_when=("driver", "screen"), **_OF_DRIVER),
    Setting("region_left", "int", 0, maximum=32767, shown_when=("driver", "screen"), **_OF_DRIVER),
    Setting("region_top", "int", 0, maximum=32767, shown_when=("driver", "screen"), **_OF_DRIVER),
    Setting("region_width", "int", 0, maximum=32767, shown_when=("driver", "screen"), **_OF_DRIVER),
    Setting("region_height", "int", 0, maximum=32767, shown_when=("driver", "screen"), **_OF_DRIVER),
    Setting("dock", "bool", False, group=""),
    Setting("advanced", "bool", False, group=""),
    _list("motion", "relative", "relative", "absolute", **_ADVANCED),
    Setting("smoothing", "slider", 50, maximum=100, **_ADVANCED),
    Setting("strength_head", "slider", 100, maximum=200, **_ADVANCED),
    Setting("strength_mouth", "slider", 100, maximum=200, **_ADVANCED),
    Setting("strength_brows", "slider", 100, maximum=200, **_ADVANCED),
    Setting("strength_eyes", "slider", 100, maximum=200, **_ADVANCED),
    Setting("strength_gaze", "slider", 100, maximum=200, **_ADVANCED),
    Setting("move", "bool", True, **_ADVANCED),
    Setting("zoom", "bool", True, **_ADVANCED),
    _list("mouth", "auto", "auto", "camera", "drawn", **_ADVANCED),
    Setting("idle", "bool", True, **_ADVANCED),
    Setting("away_after", "slider", 2, maximum=60, **_ADVANCED),
    _list("engine", "landmark", "landmark", "fomm", **_ADVANCED),
    _list("device", "auto", "auto", "cpu", listed_by="devices", group="advanced", shown_when=("engine", "fomm")),
    _list("size", "512", "256", "512", "768", "1024", **_ADVANCED),
    Setting("deactivate_when_not_showing", "bool", True, of_source=True, **_ADVANCED),
    Setting("virtual_camera", "bool", False, of_source=True, **_ADVANCED),
    Setting("hidden", "bool", False, only_by_hotkey=True),
    Setting("expression", "text", "", only_by_hotkey=True),
)

SHOWN: Tuple[Setting, ...] = tuple(setting for setting in SETTINGS if not setting.only_by_hotkey)
"""The settings that the panel, the command line and the docs show."""

BY_KEY: Mapping[str, Setting] = {s.key: s for s in SETTINGS}

DEFAULTS: Mapping[str, Any] = {s.key: s.default for s in SETTINGS}


SETTABLE_FROM_THE_DOCK: Tuple[str, ...] = ("avatar", "badge", "mirror", "hidden")
"""The keys that the dock page may change. None of them names a file or a network address."""


def asked_from_the_dock(values: Any) -> Dict[str, Any]:
    """Return the change that the dock page asks for. Raises ValueError for anything but valid values of these settings."""
    if not isinstance(values, dict) or not values:
        raise ValueError("no settings")
    for key, value in values.items():
        if key not in SETTABLE_FROM_THE_DOCK:
            raise ValueError("%.40r cannot be set from the dock" % (key,))
        known = [entry.id for entry in avatars.available()] + [avatars.FROM_FILE] if key == "avatar" else [True, False]
        if not isinstance(value, type(BY_KEY[key].default)) or value not in known:
            raise ValueError("%.40r is no value of %s" % (value, key))
    return dict(values)


def cleaned(values: Mapping[str, Any]) -> Dict[str, Any]:
    """Return all settings, taken from `values` where these are valid, with the default for whatever is missing or invalid.

    Unknown keys (a newer version's settings) are left out. Ids from lists that are filled while the program runs are kept
    as they are, since a camera or picture that is missing now may come back.
    """
    return {s.key: _fits(s, values.get(s.key, s.default)) for s in SETTINGS}


def _fits(setting: Setting, value: Any) -> Any:
    if setting.kind == "bool":
        return value if isinstance(value, bool) else setting.default
    if setting.kind in ("int", "slider", "colour"):
        is_number = isinstance(value, int) and not isinstance(value, bool)
        return min(max(value, setting.minimum), setting.maximum) if is_number else setting.default
    if not isinstance(value, str):
        return setting.default
    if setting.kind == "list" and not setting.listed_by and value not in {c.id for c in setting.choices}:
        return setting.default
    return value

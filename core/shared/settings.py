"""Defines every setting that a user can see, once. Standard library only: both processes and the command line use it.

Each field of Settings is a setting: its name is the key under which scene collections store it, its value is typed, and its
metadata are the row from which the property panel, the command line, the worker and the README's table are made. Names of
fields and ids of choices never change; texts may.
"""

from dataclasses import dataclass, fields
from typing import Any, Dict, FrozenSet, Mapping, Tuple

from . import colours
from .setting import ROW, Changes, Setting, choice, made, row

NOTHING, PICTURE, AVATAR, DRIVER = Changes.NOTHING, Changes.PICTURE, Changes.AVATAR, Changes.DRIVER
BUILT_IN_ENGINE, NEURAL_ENGINE = "landmark", "fomm"
"""The ids of the engines, as they are stored."""
OBS_SOURCE = "obs_source"
"""The id of the driver that is another source in OBS."""

ADVANCED = ("advanced", True)
_DRIVER: Dict[str, Any] = {"group": "driver", "of_source": True, "changes": DRIVER}
_ADVANCED: Dict[str, Any] = {"group": "advanced", "shown_when": ADVANCED}


@dataclass(frozen=True)
class Settings:
    """All settings of one avatar, each valid: make them with `of`, and changed ones with dataclasses.replace."""

    avatar: str = choice("nora", "file", changes=AVATAR, listed_by="avatars", from_dock=True)
    avatar_file: str = row("picture", "", AVATAR, shown_when=("avatar", "file"), has_option=False)
    background: str = choice("own", "own", "transparent", "colour", "blurred", "picture", changes=PICTURE)
    background_colour: int = row("colour", colours.read("#1F3A5F"), PICTURE, maximum=colours.LARGEST,
                                 shown_when=("background", "colour"), implies_shown_when=True)
    background_file: str = row("picture", "", PICTURE, shown_when=("background", "picture"), implies_shown_when=True)
    mirror: bool = row("bool", False, PICTURE, from_dock=True)
    badge: bool = row("bool", True, PICTURE, from_dock=True)
    driver: str = choice("camera", "camera", OBS_SOURCE, "file", "stream", "screen", **_DRIVER)
    camera: str = choice("", "", listed_by="cameras", shown_when=("driver", "camera"), implies_shown_when=True, **_DRIVER)
    driver_source: str = choice("", "", listed_by="sources", shown_when=("driver", OBS_SOURCE), implies_shown_when=True,
                                **_DRIVER)
    driver_file: str = row("video", "", shown_when=("driver", "file"), implies_shown_when=True, **_DRIVER)
    driver_url: str = row("text", "", shown_when=("driver", "stream"), implies_shown_when=True, **_DRIVER)
    monitor: str = choice("1", "1", listed_by="monitors", shown_when=("driver", "screen"), **_DRIVER)
    region_left: int = row("int", 0, maximum=32767, shown_when=("driver", "screen"), **_DRIVER)
    region_top: int = row("int", 0, maximum=32767, shown_when=("driver", "screen"), **_DRIVER)
    region_width: int = row("int", 0, maximum=32767, shown_when=("driver", "screen"), **_DRIVER)
    region_height: int = row("int", 0, maximum=32767, shown_when=("driver", "screen"), **_DRIVER)
    dock: bool = row("bool", False, NOTHING, group="", has_option=False)
    advanced: bool = row("bool", False, NOTHING, group="", has_option=False)
    motion: str = choice("relative", "relative", "absolute", changes=PICTURE, **_ADVANCED)
    smoothing: int = row("slider", 50, PICTURE, maximum=100, **_ADVANCED)
    strength_head: int = row("slider", 100, PICTURE, maximum=200, **_ADVANCED)
    strength_mouth: int = row("slider", 100, PICTURE, maximum=200, **_ADVANCED)
    strength_brows: int = row("slider", 100, PICTURE, maximum=200, **_ADVANCED)
    strength_eyes: int = row("slider", 100, PICTURE, maximum=200, **_ADVANCED)
    strength_gaze: int = row("slider", 100, PICTURE, maximum=200, **_ADVANCED)
    move: bool = row("bool", True, PICTURE, **_ADVANCED)
    zoom: bool = row("bool", True, PICTURE, **_ADVANCED)
    mouth: str = choice("auto", "auto", "camera", "drawn", changes=PICTURE, **_ADVANCED)
    idle: bool = row("bool", True, PICTURE, **_ADVANCED)
    away_after: int = row("slider", 2, PICTURE, maximum=60, **_ADVANCED)
    engine: str = choice(BUILT_IN_ENGINE, BUILT_IN_ENGINE, NEURAL_ENGINE, changes=AVATAR, **_ADVANCED)
    device: str = choice("auto", "auto", "cpu", changes=AVATAR, listed_by="devices", group="advanced",
                         shown_when=("engine", NEURAL_ENGINE))
    size: str = choice("512", "256", "512", "768", "1024", changes=AVATAR, **_ADVANCED)
    deactivate_when_not_showing: bool = row("bool", True, NOTHING, of_source=True, **_ADVANCED)
    virtual_camera: bool = row("bool", False, NOTHING, of_source=True, **_ADVANCED)
    hidden: bool = row("bool", False, NOTHING, only_by_hotkey=True, from_dock=True)
    expression: str = row("text", "", PICTURE, only_by_hotkey=True)

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> "Settings":
        """Return the settings in `values`, with the default for each that is missing or invalid.

        Unknown keys (a newer version's settings) are ignored.
        """
        return cls(**{each.key: each.fitting(values.get(each.key, each.default)) for each in SETTINGS})

    @property
    def stored(self) -> Dict[str, Any]:
        """The values by their keys, as scene collections and messages contain them."""
        return {each.key: getattr(self, each.key) for each in SETTINGS}

    @property
    def side(self) -> int:
        """The width and height of the picture in pixels."""
        return int(self.size)

    def changes(self, other: "Settings") -> FrozenSet[Changes]:
        """Return what a change from one of these settings to `other` affects; empty if they are equal."""
        return frozenset(each.changes for each in SETTINGS if getattr(self, each.key) != getattr(other, each.key))


SETTINGS: Tuple[Setting, ...] = tuple(made(each.name, each.default, each.metadata[ROW]) for each in fields(Settings))
"""The rows of all settings, in the order of the panel."""

SHOWN: Tuple[Setting, ...] = tuple(setting for setting in SETTINGS if not setting.only_by_hotkey)
"""The rows that panel, command line and docs show."""

BY_KEY: Mapping[str, Setting] = {setting.key: setting for setting in SETTINGS}

DEFAULTS = Settings()

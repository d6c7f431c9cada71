"""Describes a setting: the row from which panel, command line and docs are made. Standard library only."""

import enum
from dataclasses import dataclass, field
from typing import Any, Optional, Tuple

from .texts import text


class Changes(enum.Enum):
    """What a change of a setting affects while the avatar is live."""

    NOTHING = "nothing"
    """It affects nothing that is drawn: the code that uses the setting reads it each time."""
    PICTURE = "picture"
    """It affects the next picture that is drawn."""
    AVATAR = "avatar"
    """It requires that the avatar is prepared again."""
    DRIVER = "driver"
    """It closes the driver and opens another one."""


@dataclass(frozen=True)
class Choice:
    """One value of a setting that is a list."""

    id: str
    """The value that is stored."""
    text_key: str

    @property
    def label(self) -> str:
        """The name of the choice in the user's language."""
        return text(self.text_key)


@dataclass(frozen=True)
class Setting:
    """A setting, as one row of the table of settings."""

    key: str
    """The name of the field in Settings, under which scene collections store it."""
    kind: str
    """The kind of value: "list", "bool", "int", "slider", "colour" (see colours.py), "text", "picture" or "video"; the last two
    are paths of files."""
    default: Any
    changes: Changes
    choices: Tuple[Choice, ...] = ()
    listed_by: Optional[str] = None
    """The source of further choices while the program runs: "avatars", "cameras", "sources", "monitors" or "devices"."""
    minimum: int = 0
    maximum: int = 0
    only_by_hotkey: bool = False
    """Whether it is a setting only so that it is saved and undone like the others; no panel or command shows it."""
    group: str = "avatar"
    """The group of the panel in which it is shown (its heading is the text Group.…), or an empty string for none."""
    of_source: bool = False
    """Whether only a source has it: an Avatar filter lacks it, because the source that the filter is on moves the avatar."""
    shown_when: Optional[Tuple[str, Any]] = None
    """The other setting's key and value with which the panel shows this setting; None if it is always shown."""
    has_option: bool = True
    """Whether the command line has an option for it."""
    implies_shown_when: bool = False
    """Whether the option also sets the setting of `shown_when` to its value when it is given."""
    from_dock: bool = False
    """Whether the dock page may change it, which is never so for a setting that names a file or a network address."""

    @property
    def label(self) -> str:
        """The name of the setting in the user's language."""
        return text("Setting." + self.key)

    @property
    def help(self) -> str:
        """A sentence or two for the tooltip and the docs: what the setting does and what follows from it."""
        return text("Setting.%s.Help" % self.key)

    def fitting(self, value: Any) -> Any:
        """Return `value` limited to the setting's range, or the default if it is not a value of this setting's type.

        Ids of lists that are filled while the program runs are kept as they are, because a missing camera or picture may come
        back.
        """
        if self.kind in ("int", "slider", "colour"):
            is_number = isinstance(value, int) and not isinstance(value, bool)
            return min(max(value, self.minimum), self.maximum) if is_number else self.default
        if type(value) is not type(self.default):
            return self.default
        is_fixed = self.kind == "list" and not self.listed_by
        return self.default if is_fixed and value not in {choice.id for choice in self.choices} else value


ROW = "row"
"""The key of a field's metadata under which the functions below store what a Setting is made from."""


def row(kind: str, default: Any, changes: Changes, **more: Any) -> Any:
    """Return the dataclass field of a setting that is not a list; `more` are further fields of Setting."""
    return field(default=default, metadata={ROW: dict(more, kind=kind, changes=changes)})


def choice(default: str, *ids: str, changes: Changes, **more: Any) -> Any:
    """Return the dataclass field of a setting whose value is one of `ids`, or one from the source `listed_by`."""
    return row("list", default, changes, choices=ids, **more)


def made(key: str, default: Any, description: Any) -> Setting:
    """Return the row of the field `key`, which its metadata describe."""
    ids = description.get("choices", ())
    choices = tuple(Choice(each, "Choice.%s.%s" % (key, each)) for each in ids)
    return Setting(key=key, default=default, **dict(description, choices=choices))

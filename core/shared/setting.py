"""What is known of a setting: the row that panel, command line and docs are made from. Standard library only."""

import enum
from dataclasses import dataclass, field
from typing import Any, Optional, Tuple

from .texts import text


class Changes(enum.Enum):
    """What a change of a setting touches while the avatar is live."""

    NOTHING = "nothing"
    """Nothing that is drawn: whoever uses the setting looks at it each time."""
    PICTURE = "picture"
    """The next picture is drawn with it."""
    AVATAR = "avatar"
    """The avatar is prepared again."""
    DRIVER = "driver"
    """The driver is closed, and another one opened."""


@dataclass(frozen=True)
class Choice:
    """One value of a list."""

    id: str
    """What is stored."""
    text_key: str

    @property
    def label(self) -> str:
        """The name of the choice in the user's language."""
        return text(self.text_key)


@dataclass(frozen=True)
class Setting:
    """One row of the table."""

    key: str
    """The name of the field in Settings, under which scene collections store it."""
    kind: str
    """"list", "bool", "int", "slider", "colour" (see colours.py), "text", "picture" or "video" (both are paths of a file)."""
    default: Any
    changes: Changes
    choices: Tuple[Choice, ...] = ()
    listed_by: Optional[str] = None
    """Where further choices come from while the program runs: "avatars", "cameras", "sources", "monitors" or "devices"."""
    minimum: int = 0
    maximum: int = 0
    only_by_hotkey: bool = False
    """It is a setting so that it is saved and undone like the others, but no panel or command shows it."""
    group: str = "avatar"
    """The heading of the panel that it stands under (its text is Group.…); "" for none."""
    of_source: bool = False
    """An Avatar filter does not have it: the source that the filter is on moves the avatar."""
    shown_when: Optional[Tuple[str, Any]] = None
    """(key, value): the panel shows this setting only while that other setting has that value."""
    has_option: bool = True
    """Whether the command line has an option for it."""
    implies_shown_when: bool = False
    """Whether the option, when it is given, also sets that other setting to that value."""
    from_dock: bool = False
    """Whether the dock page may change it. Nothing that names a file or a place in the network may be."""

    @property
    def label(self) -> str:
        """The name of the setting in the user's language."""
        return text("Setting." + self.key)

    @property
    def help(self) -> str:
        """A sentence or two for the tooltip and the docs: what the setting does and what follows from it."""
        return text("Setting.%s.Help" % self.key)

    def fitting(self, value: Any) -> Any:
        """`value` in the form of this setting, held within its limits; the default where it cannot be a value of it.

        Ids of lists that are filled while the program runs are kept as they are, since a camera or a picture that is missing
        now may come back.
        """
        if self.kind in ("int", "slider", "colour"):
            is_number = isinstance(value, int) and not isinstance(value, bool)
            return min(max(value, self.minimum), self.maximum) if is_number else self.default
        if type(value) is not type(self.default):
            return self.default
        is_fixed = self.kind == "list" and not self.listed_by
        return self.default if is_fixed and value not in {choice.id for choice in self.choices} else value


ROW = "row"
"""The key of a field's metadata under which the makers below leave what Setting is made from."""


def row(kind: str, default: Any, changes: Changes, **more: Any) -> Any:
    """The field of a setting that is no list. `more`: as the fields of Setting."""
    return field(default=default, metadata={ROW: dict(more, kind=kind, changes=changes)})


def choice(default: str, *ids: str, changes: Changes, **more: Any) -> Any:
    """The field of a setting whose value is one of `ids`, or one out of `listed_by`."""
    return row("list", default, changes, choices=ids, **more)


def made(key: str, default: Any, description: Any) -> Setting:
    """The row of the field `key`, described by its metadata."""
    ids = description.get("choices", ())
    choices = tuple(Choice(each, "Choice.%s.%s" % (key, each)) for each in ids)
    return Setting(key=key, default=default, **dict(description, choices=choices))

"""Command line options, made from the table of settings so that the panel and the command line cannot drift apart."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from ..shared import avatars, colours
from ..shared.errors import UsageError
from ..shared.setting import Setting
from ..shared.settings import ADVANCED, SETTINGS, SHOWN

FILES = {"video": "video file", "picture": "picture file"}
"""What a file of each kind of setting is called."""


def add_picture_options(parser: argparse.ArgumentParser) -> None:
    """Add the options for how the picture looks, for every command that makes pictures."""
    group = parser.add_argument_group("avatar settings")
    for setting in SHOWN:
        if setting.has_option and not setting.of_source:
            _add(group, setting)


def add_driver_options(parser: argparse.ArgumentParser) -> None:
    """Add the options for where the moving face comes from."""
    group = parser.add_argument_group("driver settings")
    for setting in SHOWN:
        if setting.of_source:
            _add(group, setting)


def given_settings(arguments: argparse.Namespace) -> dict[str, Any]:
    """Return the settings given on the command line, and only those, as {key: value}. Raises UserError for an invalid one."""
    given = {s.key: getattr(arguments, s.key) for s in SETTINGS if hasattr(arguments, s.key)}
    for setting in [each for each in SETTINGS if each.key in given]:
        given[setting.key] = _checked(setting, given[setting.key])
        if setting.shown_when == ADVANCED:
            given["advanced"] = True  # so that the panel shows what was chosen here
        if setting.implies_shown_when and setting.shown_when is not None:
            other, value = setting.shown_when
            given.setdefault(other, value)
    if "avatar" in given:
        given.update(_avatar(given["avatar"]))
    return given


def _add(group: argparse._ArgumentGroup, setting: Setting) -> None:
    # Without a default here, an option that is not given stays out of the namespace, and the table's default applies.
    common: dict[str, Any] = {"dest": setting.key, "default": argparse.SUPPRESS}
    text = setting.help.replace("%", "%%")
    flag = _flag(setting)
    if setting.key == "avatar":
        text += f" Give an id or a picture file. Ids: {_ids()}."
        group.add_argument(flag, metavar="ID_OR_FILE", help=text, **common)
    elif setting.kind == "bool":
        group.add_argument(flag, action=argparse.BooleanOptionalAction, help=text, **common)
    elif setting.kind in ("int", "slider"):
        group.add_argument(flag, type=int, metavar="N", help=text, **common)
    elif setting.kind == "list" and not setting.listed_by:
        group.add_argument(flag, choices=[choice.id for choice in setting.choices],
                           help=f"{text} Default: {setting.default}.", **common)
    else:
        metavar = {"video": "FILE", "picture": "FILE", "text": "ADDRESS", "colour": "#RRGGBB"}.get(setting.kind, "NAME")
        group.add_argument(flag, metavar=metavar, help=text, **common)


def _flag(setting: Setting) -> str:
    return "--" + setting.key.replace("_", "-")


def _checked(setting: Setting, value: Any) -> Any:
    """Return the value as it is stored. Raises UserError if it cannot be one of that setting."""
    if setting.kind in FILES:
        return _file(value, FILES[setting.kind])
    if setting.kind == "colour":
        return _colour(setting, value)
    if setting.kind in ("int", "slider") and not setting.minimum <= value <= setting.maximum:
        raise UsageError(f"{_flag(setting)} is {value}. Choose a number from {setting.minimum} to {setting.maximum}.")
    return value


def _file(name: str, what: str) -> str:
    path = Path(name).expanduser()
    if not path.is_file():
        raise UsageError(f"There is no {what} “{path}”. Check its name and folder.")
    return str(path.resolve())


def _colour(setting: Setting, written: str) -> int:
    try:
        return colours.read(written)
    except ValueError as error:
        raise UsageError(f"{_flag(setting)} is “{written}”. Write a colour as #RRGGBB, such as #1F3A5F.") from error


def _ids() -> str:
    return ", ".join(entry.id for entry in avatars.available()) or "none found"


def _avatar(wanted: str) -> dict[str, str]:
    """Return the settings behind --avatar, which takes either an id or a file. Raises UserError if it is neither."""
    if any(entry.id == wanted for entry in avatars.available()):
        return {"avatar": wanted}
    path = Path(wanted).expanduser()
    if path.is_file():
        return {"avatar": avatars.FROM_FILE, "avatar_file": str(path.resolve())}
    raise UsageError(f"“{wanted}” is neither an avatar nor a picture file. Avatars: {_ids()}.")

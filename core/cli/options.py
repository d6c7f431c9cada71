"""Command line options, made from the table of settings so that the panel and the command line cannot drift apart."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from ..shared import avatars, colours
from ..shared.errors import UserError
from ..shared.settings import ADVANCED, SETTINGS, SHOWN, Setting

WITHOUT_OPTION = ("avatar_file", "advanced", "dock")
"""Keys of settings without an option: --avatar also takes files, nothing is hidden here, and only OBS has a dock page."""


def add_picture_options(parser: argparse.ArgumentParser) -> None:
    """Add the options for how the picture looks, for every command that makes pictures."""
    group = parser.add_argument_group("avatar settings")
    for setting in SHOWN:
        if not setting.of_source and setting.key not in WITHOUT_OPTION:
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
    for setting in SETTINGS:
        if setting.kind in ("int", "slider") and setting.key in given:
            _check_range(setting, given[setting.key])
        if setting.shown_when == ADVANCED and setting.key in given:
            given["advanced"] = True  # so that the panel shows what was chosen here
    if "avatar" in given:
        given.update(_avatar(given["avatar"]))
    for key, what in (("driver_file", "video file"), ("background_file", "picture file")):
        if key in given:
            given[key] = _file(given[key], what)
    if "background_colour" in given:
        given["background_colour"] = _colour(given["background_colour"])
    for key, background in (("background_file", "picture"), ("background_colour", "colour")):
        if key in given:
            given.setdefault("background", background)
    for key, driver in (("camera", "camera"), ("driver_source", "obs_source"), ("driver_file", "file"),
                        ("driver_url", "stream")):
        if key in given:
            given.setdefault("driver", driver)
    return given


def _add(group: argparse._ArgumentGroup, setting: Setting) -> None:
    # Without a default here, an option that is not given stays out of the namespace, and the table's default applies.
    common: dict[str, Any] = {"dest": setting.key, "default": argparse.SUPPRESS}
    text = setting.help.replace("%", "%%")
    flag = "--" + setting.key.replace("_", "-")
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


def _check_range(setting: Setting, value: int) -> None:
    if not setting.minimum <= value <= setting.maximum:
        flag = setting.key.replace("_", "-")
        raise UserError(f"--{flag} is {value}. Choose a number from {setting.minimum} to {setting.maximum}.", 2)


def _file(name: str, what: str) -> str:
    path = Path(name).expanduser()
    if not path.is_file():
        raise UserError(f"There is no {what} “{path}”. Check its name and folder.", 2)
    return str(path.resolve())


def _colour(written: str) -> int:
    try:
        return colours.read(written)
    except ValueError as error:
        raise UserError(f"--background-colour is “{written}”. Write a colour as #RRGGBB, such as #1F3A5F.", 2) from error


def _ids() -> str:
    return ", ".join(entry.id for entry in avatars.available()) or "none found"


def _avatar(wanted: str) -> dict[str, str]:
    """Return the settings behind --avatar, which takes either an id or a file. Raises UserError if it is neither."""
    if any(entry.id == wanted for entry in avatars.available()):
        return {"avatar": wanted}
    path = Path(wanted).expanduser()
    if path.is_file():
        return {"avatar": avatars.FROM_FILE, "avatar_file": str(path.resolve())}
    raise UserError(f"“{wanted}” is neither an avatar nor a picture file. Avatars: {_ids()}.", 2)

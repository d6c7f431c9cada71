"""The source's hotkeys, which the user binds in Settings > Hotkeys; they also work while OBS is in the background.

They change settings of the source, so the panel, undo and a saved scene collection show the change.
"""

from typing import Any, Dict, Optional

from ..shared import avatars
from ..shared.settings import Settings
from ..shared.texts import text
from . import panel
from .changing import change
from .kept import libobs

NUMBERED_AVATARS = 9
NUMBERED_EXPRESSIONS = 5


def actions(source_name: str) -> Dict[str, str]:
    """Return {action: what the user reads in Settings > Hotkeys} for a source of that name. OBS saves the actions' names."""
    plain = ("calibrate", "find_reference", "next_avatar", "previous_avatar", "mirror", "hide")
    found = {action: text("Hotkey." + action, source=source_name) for action in plain}
    for number in range(1, NUMBERED_AVATARS + 1):
        found["avatar_%d" % number] = text("Hotkey.avatar", number=number, source=source_name)
    for number in range(1, NUMBERED_EXPRESSIONS + 1):
        found["expression_%d" % number] = text("Hotkey.expression", number=number, source=source_name)
    return found


def pressed(action: str, source: int, served_by: Any) -> None:
    """Carry out an action for the libobs source at address `source`, served by `served_by`; it lives until this returns."""
    if action == "calibrate":
        served_by.calibrate(now=True)
    elif action == "find_reference":
        served_by.calibrate(now=False)
    elif action in ("mirror", "hide"):
        key = "hidden" if action == "hide" else action
        change(source, {key: not getattr(_stored(source), key)})
    elif action.startswith("expression_"):
        change(source, {"expression": _wanted_expression(int(action[len("expression_"):]), _stored(source))})
    else:
        avatar = _wanted_avatar(action, _stored(source).avatar)
        if avatar is not None:
            change(source, {"avatar": avatar})


def _wanted_avatar(action: str, current: str) -> Optional[str]:
    """Return the id of the avatar that the action means, or None if there is none."""
    ids = [entry.id for entry in avatars.available()]
    if action.startswith("avatar_"):
        number = int(action[len("avatar_"):])
        return ids[number - 1] if number <= len(ids) else None
    if not ids:
        return None
    step = 1 if action == "next_avatar" else -1
    # From a picture file, or an avatar that is gone, this leads to the first or the last in the list.
    return ids[(ids.index(current) + step) % len(ids)] if current in ids else ids[0 if step > 0 else -1]


def _wanted_expression(number: int, stored: Settings) -> str:
    """Return that expression's name, or none if it is already shown, which leaves the choice to the face."""
    names = avatars.expressions_of(stored.avatar, stored.avatar_file)
    if number > len(names):
        return stored.expression
    return "" if names[number - 1] == stored.expression else names[number - 1]


def _stored(source: int) -> Settings:
    """Return the settings as OBS has them, since those that our own code was told of are slightly behind."""
    data = libobs.source_get_settings(source)
    try:
        return panel.read(data)
    finally:
        libobs.data_release(data)

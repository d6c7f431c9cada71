"""Checks what the dock page may change, at both ends: in the worker, which asks, and on OBS's side, which carries it out."""

from typing import Any, Dict

from ..shared import avatars
from ..shared.settings import BY_KEY, SETTINGS

KEYS = tuple(setting.key for setting in SETTINGS if setting.from_dock)
"""The keys of the settings that the page shows and may change."""


def checked(values: Any) -> Dict[str, Any]:
    """Return the change that the page asks for, as values by the keys of their settings.

    Raises ValueError for anything but valid values of settings that the page may change.
    """
    if not isinstance(values, dict) or not values:
        raise ValueError("no settings")
    for key, value in values.items():
        if key not in KEYS:
            raise ValueError("%.40r cannot be set from the dock" % (key,))
        known = [entry.id for entry in avatars.available()] + [avatars.FROM_FILE] if key == "avatar" else [True, False]
        if not isinstance(value, type(BY_KEY[key].default)) or value not in known:
            raise ValueError("%.40r is no value of %s" % (value, key))
    return dict(values)

"""Changes a source's settings as OBS itself would, so that they are saved and the panel shows them."""

from typing import Any, Mapping

from ..link import dock_changes
from .kept import libobs


def change(source: int, values: Mapping[str, Any]) -> None:
    """Change text or yes/no settings of the libobs source at that address, which has to live until this returns."""
    data = libobs.data_create()
    try:
        for key, value in values.items():
            if isinstance(value, bool):
                libobs.data_set_bool(data, key.encode(), value)
            else:
                libobs.data_set_string(data, key.encode(), value.encode())
        libobs.source_update(source, data)
    finally:
        libobs.data_release(data)


def change_from_dock(source: int, values: Mapping[str, Any]) -> None:
    """Apply what the user has changed on the dock page, and nothing else, whatever the worker sends."""
    try:
        values = dock_changes.checked(values)
    except ValueError as error:
        libobs.log(libobs.LOG_WARNING, "the worker asked for what it may not: %s" % error)
    else:
        change(source, values)

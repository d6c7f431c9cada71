"""The rows of the panel that say how to get the dock page into OBS, shown only while the setting `dock` is on."""

from typing import Optional

from ..shared import dock_address
from ..shared.texts import text
from .kept import bridge, libobs

SETTING = "dock"
_HOW, _ADDRESS = b"dock_how", b"dock_address"
"""The rows' names. The address is a text field because OBS lets nobody select an information row's text; nothing reads it."""


def defaults(data: int) -> None:
    libobs.data_set_default_string(data, _ADDRESS, dock_address.opener().as_uri().encode())


def add(panel: int, setting: int, handle: Optional[int]) -> None:
    """Add the rows below the property of the setting, which shows and hides them."""
    libobs.property_set_modified_callback(setting, bridge.on_modified, handle)
    libobs.properties_add_text(panel, _HOW, b"", libobs.TEXT_INFO)
    libobs.properties_add_text(panel, _ADDRESS, text("Panel.Dock.Address").encode(), libobs.TEXT_DEFAULT)


def show(panel: int, wanted: bool) -> None:
    """Show the rows, or hide them unless `wanted`."""
    how = libobs.properties_get(panel, _HOW)
    for prop in (how, libobs.properties_get(panel, _ADDRESS)):
        libobs.property_set_visible(prop, wanted)
    if not wanted:
        return
    try:
        address = dock_address.get()
        dock_address.write_opener(address)
    except OSError as error:
        libobs.property_set_description(how, text("Dock.CannotServe", error=error.strerror or error).encode())
        libobs.property_text_set_info_type(how, libobs.TEXT_INFO_ERROR)
    else:
        libobs.property_set_description(how, text("Panel.Dock.How", url=address.url).encode())

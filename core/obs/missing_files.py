"""The missing files of a source, for OBS's "Missing Files" dialog, and what the user finds in their place."""

import os

from ..shared.setting import Setting
from ..shared.settings import SETTINGS, Settings
from .kept import bridge, calls, libobs
from .panel import read

FILES = ("picture", "video")
"""The kinds of settings that are paths of files."""


def add_missing_files(found: int, source: int) -> None:
    """Add the missing files of the libobs source at address `source` to `found`, an obs_missing_files_t."""
    data = libobs.source_get_settings(source)
    try:
        settings = read(data)
    finally:
        libobs.data_release(data)
    for setting in SETTINGS:
        path = getattr(settings, setting.key)
        if setting.kind in FILES and _in_use(setting, settings) and path and not os.path.exists(path):
            libobs.missing_files_add_file(found, libobs.missing_file_create(
                path.encode(), bridge.on_file_found, libobs.MISSING_FILE_SOURCE, source, calls.lasting(setting.key)))


def _in_use(setting: Setting, settings: Settings) -> bool:
    return setting.shown_when is None or getattr(settings, setting.shown_when[0]) == setting.shown_when[1]

"""The script's loading and unloading, and the code that the bridge calls to serve sources."""

import sys

from .. import __version__
from ..shared import texts
from . import revive
from .filter import Filter
from .hotkeys import actions as hotkeys
from .hotkeys import pressed
from .kept import bridge, calls, libobs, remote
from .missing_files import add_missing_files
from .panel import clicked, defaults, modified, properties, read
from .source import Source

__all__ = ["Filter", "Source", "add_missing_files", "clicked", "defaults", "hotkeys", "load", "modified", "pressed",
           "properties", "read", "unload"]

SWITCH_INTERVAL_SECONDS = 0.0005
"""The seconds that another Python thread may keep OBS's graphics thread waiting; Python's default, 5 ms, would cost frames."""


def description() -> str:
    """Return the text next to the script in Tools > Scripts, which OBS asks for before it loads the script."""
    texts.use((libobs.get_locale() or b"").decode())
    return "<b>OBS Avatar</b> %s<br>" % __version__ + texts.text("Script.Description")


def load() -> None:
    sys.setswitchinterval(SWITCH_INTERVAL_SECONDS)
    texts.use((libobs.get_locale() or b"").decode())
    bridge.attach(sys.modules[__name__])
    remote.register()
    calls.on_ui_thread(revive.revive_shells)


def unload() -> None:
    bridge.detach()

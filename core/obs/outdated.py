"""Stands in for script.py after the product was updated while OBS ran: it serves nobody, and tells the user to restart OBS.

The modules whose addresses OBS holds (kept/) are still the previous version's, where that version had them, and must not be
registered a second time. They look up the serving code at every call, so they are given this module.
"""

import importlib
import sys
from typing import Any, Callable, Dict, Optional

from ..shared import log_file, texts

_KEPT = next(name for name in (__package__ + ".kept", __package__) if name + ".bridge" in sys.modules)
"""The package that contains the kept modules in memory; versions up to 0.1 had them in core/obs itself."""
libobs, records = (importlib.import_module("%s.%s" % (_KEPT, name)) for name in ("libobs", "records"))


class Nobody:
    """Takes the place of a source or filter: shows nothing, and reports the reason."""

    def __init__(self, *given: Any) -> None:
        pass

    def update(self, settings: Any) -> None:
        pass

    def set_shown(self, shown: bool) -> None:
        pass

    def turn(self, target: int, width: int, height: int) -> None:
        pass

    def retire(self) -> None:
        pass

    def close(self) -> None:
        pass

    def report(self) -> Dict[str, Any]:
        return {"state": "error", "message": texts.text("Status.OtherVersion"), "fps": 0.0, "drawn": 0.0, "delay_ms": 0.0,
                "engine": "", "face": False, "frames": 0, "restarts": 0, "worker_pid": 0}


Source = Filter = Nobody


def description() -> str:
    texts.use((libobs.get_locale() or b"").decode())
    return "<b>OBS Avatar</b><br>" + texts.text("Status.OtherVersion")


def load() -> None:
    texts.use((libobs.get_locale() or b"").decode())
    sentence = texts.text("Status.OtherVersion")
    libobs.log(libobs.LOG_WARNING, sentence)
    log_file.note(sentence)
    records.serving.code = sys.modules[__name__]
    _serve(Nobody)


def unload() -> None:
    records.serving.code = None
    _serve(lambda: None)


def _serve(make: Callable[[], Any]) -> None:
    with records.lock:
        for record in records.records.values():
            record.served_by = make()


def properties(handle: Optional[int], source: Any, of_filter: bool) -> int:
    """Return a panel that asks the user to restart OBS, and shows nothing else."""
    panel = libobs.properties_create()
    row = libobs.properties_add_text(panel, b"status", texts.text("Status.OtherVersion").encode(), libobs.TEXT_INFO)
    libobs.property_text_set_info_type(row, libobs.TEXT_INFO_ERROR)
    return panel


def read(data: int) -> None:
    return None


def defaults(data: int) -> None:
    pass


def clicked(properties: int, button: int, source: Any) -> bool:
    return False


def modified(properties: int, data: int) -> bool:
    return False


def hotkeys(name: str) -> Dict[str, str]:
    return {}


def pressed(action: str, source: Any, served_by: Any) -> None:
    pass


def add_missing_files(found: int, source: Any) -> None:
    pass

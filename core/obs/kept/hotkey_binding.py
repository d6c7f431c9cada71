"""Registers the hotkeys of sources and filters with OBS; the current code (hotkeys.py) decides what they do."""

from typing import Any, Callable, Dict, List

from . import libobs
from .calls import keep
from .records import Record, lock, name, records, serving

PREFIX = b"obs_avatar."
_callbacks: Dict[str, Any] = {}  # by the names of their actions


def register(handle: int, source: int, label: str) -> List[int]:
    """Register the hotkeys, once per source or filter; libobs saves the user's bindings with `source`. Return their ids."""
    ids = []
    offered: Dict[str, str] = serving.code.hotkeys(label) if serving.code is not None else {}
    for action, description in offered.items():
        if action not in _callbacks:
            _callbacks[action] = keep(libobs.HotkeyFn, _hotkey(action))
        ids.append(libobs.hotkey_register_source(source, PREFIX + action.encode(), description.encode(),
                                                 _callbacks[action], handle))
    return ids


def register_for_filter(handle: int) -> None:
    """Register a filter's hotkeys with the source that it is on, because OBS gives filters none of their own.

    Our lock is not held while OBS registers them: whoever presses a hotkey holds OBS's hotkey lock and waits for ours.
    """
    with lock:
        record = records.get(handle)
        parent = record and libobs.filter_get_parent(record.source)
        parent = parent and libobs.source_get_ref(parent)
        label = name(record) if record and parent else ""
    if parent and record:
        record.hotkeys = register(handle, parent, label)
        libobs.source_release(parent)
        if handle not in records:
            unregister(record)


def unregister(record: Record) -> None:
    for hotkey in record.hotkeys or ():
        libobs.hotkey_unregister(hotkey)


def _hotkey(action: str) -> Callable[[int, int, int, bool], None]:
    def act(handle: int, hotkey_id: int, hotkey: int, pressed: bool) -> None:
        if not pressed:
            return
        with lock:
            code, record = serving.code, records.get(handle)
            if code is not None and record is not None and record.served_by is not None:
                code.pressed(action, record.source, record.served_by)
    return act

"""Revives sources that were loaded before the script: OBS keeps them as empty shells with their settings.

Each shell is replaced by a working source with the same name and settings, in every scene and group, at the same place in the
order, with the same transform, crop, visibility and lock. This runs in OBS's UI thread, and has nothing to do if the script
was loaded first, which is the normal case.
"""

import ctypes as C
from typing import Any, Dict, Iterator, List, Optional, Tuple

from . import saved as saved_sources
from .kept import libobs
from .kept.bridge import FILTER_ID, SOURCE_ID

Entry = Dict[str, Any]
"""What OBS would save of a source, as `saved.sources` gives it."""


def revive_shells() -> None:
    """Replace every shell of our kind; a source that already works is left alone."""
    saved = saved_sources.sources()
    for entry in saved:
        _revive_filters(entry)
    for entry in saved:
        if entry.get("id") == SOURCE_ID.decode():
            shell = libobs.get_source_by_name(entry["name"].encode())
            if shell:
                try:
                    if libobs.source_get_output_flags(shell) == 0:
                        _replace(shell, entry["name"], saved)
                finally:
                    libobs.source_release(shell)


def _revive_filters(entry: Entry) -> None:
    """Replace the shells among one source's filters; each new filter takes its shell's place in the order."""
    filters = entry.get("filters", [])
    if not any(one.get("id") == FILTER_ID.decode() for one in filters):
        return
    parent = libobs.get_source_by_name(entry["name"].encode())
    if not parent:
        return
    try:
        for place, one in enumerate(filters):
            if one.get("id") == FILTER_ID.decode():
                _revive_filter(parent, one["name"], [later["name"] for later in filters[place + 1:]])
    finally:
        libobs.source_release(parent)


def _revive_filter(parent: int, name: str, later: List[str]) -> None:
    """Replace a shell among the filters of `parent`; `later` names the filters that OBS applies after it."""
    shell = libobs.source_get_filter_by_name(parent, name.encode())
    if not shell:
        return
    try:
        if libobs.source_get_output_flags(shell) != 0:
            return
        new = _loaded_anew(shell, name)
        if not new:
            libobs.log(libobs.LOG_WARNING, "the filter '%s' was loaded before the script: restart OBS" % name)
            return
        libobs.source_filter_remove(parent, shell)
        libobs.source_filter_add(parent, new)
        for _ in filter(None, [_is_effect(parent, other) for other in later]):
            libobs.source_filter_set_order(parent, new, libobs.MOVE_UP)
        libobs.source_load2(new)
        libobs.source_release(new)
        libobs.log(libobs.LOG_INFO, "the filter '%s' was loaded before the script and works now" % name)
    finally:
        libobs.source_release(shell)


def _is_effect(parent: int, name: str) -> bool:
    """Return whether this is a live effect filter, the kind among which OBS moves ours up and down."""
    other = libobs.source_get_filter_by_name(parent, name.encode())
    if not other:
        return False
    try:
        flags = libobs.source_get_output_flags(other)
        return bool(flags & libobs.OUTPUT_VIDEO) and not flags & libobs.OUTPUT_ASYNC
    finally:
        libobs.source_release(other)


def _replace(shell: int, name: str, saved: List[Entry]) -> None:
    libobs.source_set_name(shell, (name + " (unavailable)").encode())
    new = _loaded_anew(shell, name)
    if not new:
        libobs.source_set_name(shell, name.encode())
        libobs.log(libobs.LOG_WARNING, "'%s' was loaded before the script and cannot be replaced: restart OBS" % name)
        return
    try:
        libobs.source_load2(new)
        for scene_name, item_id in _places(name, saved):
            _replace_in_scene(scene_name, item_id, shell, new)
    finally:
        libobs.source_release(new)
    libobs.source_remove(shell)
    libobs.log(libobs.LOG_INFO, "'%s' was loaded before the script and works now" % name)


def _loaded_anew(shell: int, name: str) -> Optional[int]:
    data = libobs.save_source(shell)
    try:
        libobs.data_set_string(data, b"name", name.encode())
        libobs.data_erase(data, b"uuid")  # the shell still exists and keeps its own uuid
        return libobs.load_source(data)
    finally:
        libobs.data_release(data)


def _places(name: str, saved: List[Entry]) -> Iterator[Tuple[str, int]]:
    """Return (name of the scene or group, id of the item) for each place where a source of that name is shown."""
    for entry in saved:
        if entry.get("id") in ("scene", "group"):
            for item in entry.get("settings", {}).get("items", []):
                if item.get("name") == name:
                    yield entry["name"], item["id"]


def _replace_in_scene(scene_name: str, item_id: int, shell: int, new: int) -> None:
    holder = libobs.get_source_by_name(scene_name.encode())
    if not holder:
        return
    try:
        scene = libobs.scene_from_source(holder) or libobs.group_from_source(holder)
        old = libobs.scene_find_item(scene, item_id) if scene else None
        if old and libobs.item_get_source(old) == shell:
            libobs.item_addref(old)
            try:
                _exchange_items(scene, old, item_id, new)
            finally:
                libobs.item_release(old)
    finally:
        libobs.source_release(holder)


def _exchange_items(scene: int, old: int, item_id: int, new: int) -> None:
    position = libobs.item_get_order_position(old)
    item = libobs.scene_add(scene, new)
    transform, crop = libobs.TransformInfo(), libobs.Crop()
    libobs.item_get_transform(old, C.byref(transform))
    libobs.item_set_transform(item, C.byref(transform))
    libobs.item_get_crop(old, C.byref(crop))
    libobs.item_set_crop(item, C.byref(crop))
    for get, put in libobs.ITEM_PROPERTIES:
        put(item, get(old))
    for showing in (True, False):
        libobs.item_set_transition(item, showing, libobs.item_get_transition(old, showing))
        libobs.item_set_transition_duration(item, showing, libobs.item_get_transition_duration(old, showing))
    libobs.item_remove(old)
    if libobs.item_set_id is not None:
        libobs.item_set_id(item, item_id)
    libobs.item_set_order_position(item, position)

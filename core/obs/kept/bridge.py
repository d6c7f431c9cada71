"""The bridge between OBS and the code that a reload of the script replaces. Imported once and kept until OBS ends.

OBS keeps the addresses of our callbacks for as long as it runs, so they live here for good and look up the current code at
every call. Three things make a crash at exit impossible: what OBS calls to destroy a source is libobs's own bfree, we learn of
it through the source's "destroy" signal, and that signal is disconnected before Python ends.

A source is known by its handle: the address of a small block allocated by libobs, which OBS passes to every callback.
"""

import atexit
import ctypes as C
from typing import Any, List, Optional, Tuple

from . import hotkey_binding, libobs, screen
from .calls import guarded, keep, kept, on_ui_thread
from .records import Record, lock, name, records, served_by, serving

SOURCE_ID = b"obs_avatar_source"
FILTER_ID = b"obs_avatar_filter"
NAME = C.create_string_buffer(b"Avatar")
HANDLE_BYTES = 16


_registered = False


# ---- callbacks of OBS, in the order of obs_source_info ---------------------------------------------------------------

def _get_name(type_data: Optional[int]) -> int:
    return C.addressof(NAME)


def _create(settings: int, source: int) -> int:
    return _recorded(settings, source, None)


def _create_filter(settings: int, source: int) -> int:
    return _recorded(settings, source, screen.make())


def _recorded(settings: int, source: int, shown_on: Optional[int]) -> int:
    handle = libobs.bmalloc(HANDLE_BYTES)
    record = Record(source, libobs.source_get_signal_handler(source), shown_on)
    with lock:
        records[handle] = record
    libobs.signal_connect(record.signals, b"destroy", _on_destroy, handle)
    # A handle is returned in any case, because a source that was refused can never be revived.
    guarded(None)(_serve)(handle, record, settings)
    if shown_on is None:
        guarded(None)(hotkey_binding.register)(handle, source, name(record))
    return handle


def _get_defaults(settings: int) -> None:
    code = serving.code
    if code is not None:
        code.defaults(settings)


def _get_properties(handle: Optional[int]) -> int:
    code = serving.code
    return code.properties(handle, served_by(handle), False) if code is not None else libobs.properties_create()


def _get_filter_properties(handle: Optional[int]) -> int:
    code = serving.code
    return code.properties(handle, served_by(handle), True) if code is not None else libobs.properties_create()


def _update(handle: int, settings: int) -> None:
    code, source = serving.code, served_by(handle)
    if code is not None and source is not None:
        source.update(code.read(settings))


def _show(handle: int) -> None:
    source = served_by(handle)
    if source is not None:
        source.set_shown(True)


def _hide(handle: int) -> None:
    source = served_by(handle)
    if source is not None:
        source.set_shown(False)


def _render_filter(handle: int, effect: Optional[int]) -> None:
    """Draw the filter's screen, whoever serves it; the source itself is never drawn here."""
    record = records.get(handle)
    if record is None:
        return
    if record.hotkeys is None and serving.code is not None:
        record.hotkeys = []
        on_ui_thread(lambda: hotkey_binding.register_for_filter(handle))
    target = libobs.filter_get_target(record.source)
    width, height = libobs.source_get_base_width(target), libobs.source_get_base_height(target)
    if record.served_by is not None:
        guarded(None)(record.served_by.turn)(target, width, height)
    if width and height and record.screen is not None:
        screen.draw(record.screen, width, height)


def _missing_files(handle: int) -> int:
    """Return the list of missing files. OBS would crash on a NULL here, so a list is returned in any case."""
    code, record, found = serving.code, records.get(handle), libobs.missing_files_create()
    if code is not None and record is not None:
        guarded(None)(code.add_missing_files)(found, record.source)
    return found


def _destroyed(handle: int, calldata: int) -> None:
    with lock:
        record = records.pop(handle, None)
    if record is not None:
        _end(record)


def _end(record: Record) -> None:
    hotkey_binding.unregister(record)
    if record.served_by is not None:
        record.served_by.close()
    if record.screen is not None:
        libobs.source_release(record.screen)


def _clicked(properties: int, button: int, handle: Optional[int]) -> bool:
    code = serving.code
    return code is not None and code.clicked(properties, button, served_by(handle))


def _modified(handle: Optional[int], properties: int, changed: int, settings: int) -> bool:
    code = serving.code
    return code is not None and code.modified(properties, settings)


_on_destroy = keep(libobs.VoidFn2, _destroyed)
on_clicked = keep(libobs.ButtonFn, _clicked, False)
"""The callback for every button of a property panel; the panel passes the handle along."""
on_modified = keep(libobs.ModifiedFn, _modified, False)
"""The callback for every property whose value shows or hides others."""


def _file_found(handle: int, path: Optional[bytes], key: int) -> None:
    """Handle the user's choice of where a missing file is; `key` is the address of the setting's key."""
    with lock:
        record = records.get(handle)
        if record is None:
            return
        data = libobs.data_create()
        try:
            libobs.data_set_string(data, C.string_at(key), path)
            libobs.source_update(record.source, data)
        finally:
            libobs.data_release(data)


on_file_found = keep(libobs.MissingFileFn, _file_found)


# ---- for the script ---------------------------------------------------------------------------------------------------

def attach(code: Any) -> None:
    """Let `code` serve all sources from now on, including those that already exist. Called by script_load."""
    _register()
    serving.code = code
    for kind in (SOURCE_ID, FILTER_ID):
        libobs.enable_source_type(kind, True)
    with lock:
        for handle, record in records.items():
            settings = libobs.source_get_settings(record.source)
            try:
                guarded(None)(_serve)(handle, record, settings)
            finally:
                libobs.data_release(settings)


def detach() -> None:
    """Stop serving: workers end, and the source disappears from the menus. Called by script_unload, also when OBS ends."""
    with lock:
        served = [record.served_by for record in records.values() if record.served_by is not None]
        for record in records.values():
            record.served_by = None
        # All workers are told before any is waited for, so that several end as fast as one.
        for source in served:
            source.retire()
        for source in served:
            source.close()
    for kind in (SOURCE_ID, FILTER_ID):
        libobs.enable_source_type(kind, False)
    serving.code = None


def live_sources() -> List[Tuple[str, Any]]:
    """Return [(name, object that serves it)] of everything served now. A filter's name is like "Camera: Avatar"."""
    with lock:
        return [(name(record), record.served_by) for record in records.values() if record.served_by is not None]


def _serve(handle: int, record: Record, settings: int) -> None:
    if record.served_by is not None:
        record.served_by.close()
        record.served_by = None
    if serving.code is not None and record.screen is not None:
        record.served_by = serving.code.Filter(record.source, serving.code.read(settings), record.screen)
    elif serving.code is not None:
        record.served_by = serving.code.Source(record.source, serving.code.read(settings))
        record.served_by.set_shown(libobs.source_showing(record.source))


def _register() -> None:
    global _registered
    if _registered:
        return
    common = {
        "get_name": keep(libobs.PointerFn, _get_name, C.addressof(NAME)), "destroy": C.cast(libobs.bfree, libobs.VoidFn),
        "get_defaults": keep(libobs.VoidFn, _get_defaults), "update": keep(libobs.VoidFn2, _update),
        "missing_files": keep(libobs.PointerFn, _missing_files)}
    for info in (
            screen.source_info(keep),
            libobs.SourceInfo(
                id=SOURCE_ID, type=libobs.SOURCE_TYPE_INPUT, icon_type=libobs.ICON_TYPE_CAMERA,
                output_flags=libobs.OUTPUT_VIDEO | libobs.OUTPUT_ASYNC | libobs.OUTPUT_DO_NOT_DUPLICATE,
                create=keep(libobs.PointerFn2, _create),
                get_properties=keep(libobs.PointerFn, _get_properties),
                show=keep(libobs.VoidFn, _show), hide=keep(libobs.VoidFn, _hide), **common),
            libobs.SourceInfo(
                id=FILTER_ID, type=libobs.SOURCE_TYPE_FILTER,
                output_flags=libobs.OUTPUT_VIDEO | libobs.OUTPUT_CUSTOM_DRAW | libobs.OUTPUT_SRGB,
                create=keep(libobs.PointerFn2, _create_filter),
                get_properties=keep(libobs.PointerFn, _get_filter_properties),
                video_render=keep(libobs.VoidFn2, _render_filter), **common)):
        kept.append(info)
        libobs.register_source(C.byref(info), C.sizeof(info))
        if libobs.module_add_source is not None and libobs.get_module(b"frontend-tools"):
            libobs.module_add_source(libobs.get_module(b"frontend-tools"), info.id)
    _registered = True


@atexit.register
def _python_ends() -> None:
    with lock:
        remaining = list(records.items())
        records.clear()
    for handle, record in remaining:
        libobs.signal_disconnect(record.signals, b"destroy", _on_destroy, handle)
        _end(record)

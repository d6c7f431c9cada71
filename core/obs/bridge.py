"""Between OBS and the code that a script reload replaces. Imported once and kept until OBS ends.

OBS keeps the addresses of our callbacks for as long as it runs, so they live here for ever and look up the current code at
every call. Three things make a crash at exit impossible: what OBS calls to destroy a source is libobs' own bfree, we hear of
it through the source's "destroy" signal, and that signal is disconnected before Python ends.

A source is known by its handle: the address of a small block that libobs allocated, which OBS passes to every callback.
"""

import atexit
import ctypes as C
import itertools
import threading
import traceback

from . import libobs, screen

SOURCE_ID = b"obs_avatar_source"
FILTER_ID = b"obs_avatar_filter"
NAME = C.create_string_buffer(b"Avatar")
HANDLE_BYTES = 16
HOTKEY_PREFIX = b"obs_avatar."


class Record:
    """A live source or filter: OBS's pointers, and the object of the current code that serves it (None while there is none).

    screen: what a filter shows; None for a source, which shows its pictures itself.
    """

    def __init__(self, source, signals, screen=None):
        self.source = source
        self.signals = signals
        self.screen = screen
        self.served_by = None
        self.hotkeys = None
        """The ids of a filter's hotkeys, once they were asked for. OBS frees those of a source with it."""


_records = {}  # handle -> Record
_lock = threading.RLock()
"""Held while a record's source is touched, so that it is not destroyed meanwhile. Nothing inside may wait for OBS's threads."""
_code = None
"""What serves sources now: the module script.py, with `Source`, `Filter`, `read`, `defaults`, `clicked` and more."""
_hotkey_callbacks = {}  # action -> callback
kept = []
"""ctypes objects whose addresses OBS holds."""
_registered = False


def _guarded(fallback):
    """Decorates a callback: an exception becomes a line in the log, never OBS's problem."""
    def decorate(function):
        def guarded(*arguments):
            try:
                return function(*arguments)
            except BaseException:
                libobs.log(libobs.LOG_WARNING, traceback.format_exc())
                return fallback
        guarded.__name__ = function.__name__
        return guarded
    return decorate


def keep(callback_type, function, fallback=None):
    """`function` as a callback that OBS may call for ever."""
    callback = callback_type(_guarded(fallback)(function))
    kept.append(callback)
    return callback


# ---- callbacks of OBS, in the order of obs_source_info ---------------------------------------------------------------

def _get_name(type_data):
    return C.addressof(NAME)


def _create(settings, source):
    return _recorded(settings, source, None)


def _create_filter(settings, source):
    return _recorded(settings, source, screen.make())


def _recorded(settings, source, shown_on):
    handle = libobs.bmalloc(HANDLE_BYTES)
    record = Record(source, libobs.source_get_signal_handler(source), shown_on)
    with _lock:
        _records[handle] = record
    libobs.signal_connect(record.signals, b"destroy", _on_destroy, handle)
    # A handle is returned whatever happens: a source that was refused can never come back to life.
    _guarded(None)(_serve)(handle, record, settings)
    if shown_on is None:
        name = (libobs.source_get_name(source) or b"").decode("utf-8", "replace")
        _guarded(None)(_register_hotkeys)(handle, source, name)
    return handle


def _get_defaults(settings):
    code = _code
    if code is not None:
        code.defaults(settings)


def _get_properties(handle):
    code = _code
    return code.properties(handle, _served_by(handle), False) if code is not None else libobs.properties_create()


def _get_filter_properties(handle):
    code = _code
    return code.properties(handle, _served_by(handle), True) if code is not None else libobs.properties_create()


def _update(handle, settings):
    code, served_by = _code, _served_by(handle)
    if code is not None and served_by is not None:
        served_by.update(code.read(settings))


def _show(handle):
    served_by = _served_by(handle)
    if served_by is not None:
        served_by.set_shown(True)


def _hide(handle):
    served_by = _served_by(handle)
    if served_by is not None:
        served_by.set_shown(False)


def _render_filter(handle, effect):
    """Draws the screen, whoever serves the filter; the source itself is never drawn here."""
    record = _records.get(handle)
    if record is None:
        return
    if record.hotkeys is None and _code is not None:
        record.hotkeys = []
        on_ui_thread(lambda: _register_filter_hotkeys(handle))
    target = libobs.filter_get_target(record.source)
    width, height = libobs.source_get_base_width(target), libobs.source_get_base_height(target)
    if record.served_by is not None:
        _guarded(None)(record.served_by.turn)(target, width, height)
    if width and height:
        screen.draw(record.screen, width, height)


def _missing_files(handle):
    """OBS does not survive a NULL here, so a list is returned whatever happens."""
    code, record, found = _code, _records.get(handle), libobs.missing_files_create()
    if code is not None and record is not None:
        _guarded(None)(code.add_missing_files)(found, record.source)
    return found


def _destroyed(handle, calldata):
    with _lock:
        record = _records.pop(handle, None)
    if record is not None:
        _end(record)


def _end(record):
    _end_hotkeys(record)
    if record.served_by is not None:
        record.served_by.close()
    if record.screen is not None:
        libobs.source_release(record.screen)


def _end_hotkeys(record):
    for hotkey in record.hotkeys or ():
        libobs.hotkey_unregister(hotkey)


def _clicked(properties, button, handle):
    code = _code
    return code is not None and code.clicked(properties, button, _served_by(handle))


def _modified(handle, properties, changed, settings):
    code = _code
    return code is not None and code.modified(properties, settings)


def _register_hotkeys(handle, source, name):
    """Once a source or filter; libobs saves what the user binds to them with `source`. Returns their ids."""
    ids = []
    for action, description in (_code.hotkeys(name).items() if _code is not None else ()):
        if action not in _hotkey_callbacks:
            _hotkey_callbacks[action] = keep(libobs.HotkeyFn, _hotkey(action))
        ids.append(libobs.hotkey_register_source(source, HOTKEY_PREFIX + action.encode(), description.encode(),
                                                 _hotkey_callbacks[action], handle))
    return ids


def _register_filter_hotkeys(handle):
    """OBS gives filters no hotkeys of their own: they belong to the source that the filter is on.

    Without the lock while OBS registers them: whoever presses a hotkey holds OBS's lock of hotkeys and waits for ours.
    """
    with _lock:
        record = _records.get(handle)
        parent = record and libobs.filter_get_parent(record.source)
        parent = parent and libobs.source_get_ref(parent)
        name = _name(record) if parent else ""
    if parent:
        record.hotkeys = _register_hotkeys(handle, parent, name)
        libobs.source_release(parent)
        if handle not in _records:
            _end_hotkeys(record)


def _hotkey(action):
    def act(handle, hotkey_id, hotkey, pressed):
        if not pressed:
            return
        with _lock:
            code, record = _code, _records.get(handle)
            if code is not None and record is not None and record.served_by is not None:
                code.pressed(action, record.source, record.served_by)
    return act


def _tick(number, seconds):
    function = _ticking.get(number)
    if function is not None:
        function()


_on_destroy = keep(libobs.VoidFn2, _destroyed)
_ticking = {}  # number -> function
_numbers = itertools.count(1)
_on_tick = keep(libobs.TickFn, _tick)
on_clicked = keep(libobs.ButtonFn, _clicked, False)
"""For every button of a property panel; the panel passes the handle along."""
on_modified = keep(libobs.ModifiedFn, _modified, False)
"""For every property whose value shows or hides others."""


def _file_found(handle, path, key):
    """The user told OBS where a missing file is. key: the address of the setting's key."""
    with _lock:
        record = _records.get(handle)
        if record is None:
            return
        data = libobs.data_create()
        try:
            libobs.data_set_string(data, C.string_at(key), path)
            libobs.source_update(record.source, data)
        finally:
            libobs.data_release(data)


on_file_found = keep(libobs.MissingFileFn, _file_found)
_lasting = {}


def lasting(text):
    """The address of `text` in memory that stays for ever."""
    return C.addressof(_lasting.setdefault(text, C.create_string_buffer(text.encode())))


def _run_on_ui(nothing):
    while _for_ui:
        _guarded(None)(_for_ui.pop(0))()


_for_ui = []
_on_ui = keep(libobs.VoidFn, _run_on_ui)


def on_ui_thread(function):
    """Runs `function` soon, in the thread of OBS's windows."""
    _for_ui.append(function)
    libobs.queue_task(libobs.TASK_UI, _on_ui, None, False)


def start_ticking(function):
    """Has `function` called at every turn of OBS's graphics thread. Returns a number for `stop_ticking`."""
    number = next(_numbers)
    _ticking[number] = function
    libobs.add_tick_callback(_on_tick, number)
    return number


def stop_ticking(number):
    """When this returns the function is not running and is not called again."""
    libobs.remove_tick_callback(_on_tick, number)
    _ticking.pop(number, None)


# ---- for the script ---------------------------------------------------------------------------------------------------

def attach(code):
    """The code that serves all sources from now on, those that live already too. Called by script_load."""
    global _code
    _register()
    _code = code
    for kind in (SOURCE_ID, FILTER_ID):
        libobs.enable_source_type(kind, True)
    with _lock:
        for handle, record in _records.items():
            settings = libobs.source_get_settings(record.source)
            try:
                _guarded(None)(_serve)(handle, record, settings)
            finally:
                libobs.data_release(settings)


def detach():
    """No code serves any more: workers end, the source leaves the menus. Called by script_unload, also when OBS ends."""
    global _code
    with _lock:
        served = [record.served_by for record in _records.values() if record.served_by is not None]
        for record in _records.values():
            record.served_by = None
        # All workers are told before any is waited for: several end as fast as one.
        for source in served:
            source.retire()
        for source in served:
            source.close()
    for kind in (SOURCE_ID, FILTER_ID):
        libobs.enable_source_type(kind, False)
    _code = None


def live_sources():
    """[(name, object that serves it)] of all that is served now. A filter's name is "Camera: Avatar", its source's first."""
    with _lock:
        return [(_name(record), record.served_by) for record in _records.values() if record.served_by is not None]


def _name(record):
    name = (libobs.source_get_name(record.source) or b"").decode("utf-8", "replace")
    if record.screen is None:
        return name
    parent = libobs.filter_get_parent(record.source)
    return "%s: %s" % ((parent and libobs.source_get_name(parent) or b"").decode("utf-8", "replace"), name)


def _serve(handle, record, settings):
    if record.served_by is not None:
        record.served_by.close()
        record.served_by = None
    if _code is not None and record.screen is not None:
        record.served_by = _code.Filter(record.source, _code.read(settings), record.screen)
    elif _code is not None:
        record.served_by = _code.Source(record.source, _code.read(settings))
        record.served_by.set_shown(libobs.source_showing(record.source))


def _served_by(handle):
    record = _records.get(handle)
    return record.served_by if record is not None else None


def _register():
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
def _python_ends():
    with _lock:
        remaining = list(_records.items())
        _records.clear()
    for handle, record in remaining:
        libobs.signal_disconnect(record.signals, b"destroy", _on_destroy, handle)
        _end(record)

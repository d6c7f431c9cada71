"""Between OBS and the code that a script reload replaces. Imported once and kept until OBS ends.

OBS keeps the addresses of our callbacks for as long as it runs, so they live here for ever and look up the current code at
every call. Three things make a crash at exit impossible: what OBS calls to destroy a source is libobs' own bfree, we hear of
it through the source's "destroy" signal, and that signal is disconnected before Python ends.

A source is known by its handle: the address of a small block that libobs allocated, which OBS passes to every callback.
"""

import atexit
import ctypes as C
import threading
import traceback

from . import libobs

SOURCE_ID = b"obs_avatar_source"
SOURCE_NAME = C.create_string_buffer(b"Avatar")
HANDLE_BYTES = 16
HOTKEY_PREFIX = b"obs_avatar."


class Record:
    """A live source: OBS's pointers, and the object of the current code that serves it (None while there is no code)."""

    def __init__(self, source, signals):
        self.source = source
        self.signals = signals
        self.served_by = None


_records = {}  # handle -> Record
_lock = threading.RLock()
"""Held while a record's source is touched, so that it is not destroyed meanwhile. Nothing inside may wait for OBS's threads."""
_code = None
"""What serves sources now: the module script.py, with `Source`, `read`, `defaults`, `properties`, `clicked`, `modified`."""
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
    return C.addressof(SOURCE_NAME)


def _create(settings, source):
    handle = libobs.bmalloc(HANDLE_BYTES)
    record = Record(source, libobs.source_get_signal_handler(source))
    with _lock:
        _records[handle] = record
    libobs.signal_connect(record.signals, b"destroy", _on_destroy, handle)
    # A handle is returned whatever happens: a source that was refused can never come back to life.
    _guarded(None)(_serve)(handle, record, settings)
    _guarded(None)(_register_hotkeys)(handle, source)
    return handle


def _get_defaults(settings):
    code = _code
    if code is not None:
        code.defaults(settings)


def _get_properties(handle):
    code = _code
    return code.properties(handle, _served_by(handle)) if code is not None else libobs.properties_create()


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


def _destroyed(handle, calldata):
    with _lock:
        record = _records.pop(handle, None)
    if record is not None and record.served_by is not None:
        record.served_by.close()


def _clicked(properties, button, handle):
    code = _code
    return code is not None and code.clicked(properties, button, _served_by(handle))


def _modified(handle, properties, changed, settings):
    code = _code
    return code is not None and code.modified(properties, settings)


def _register_hotkeys(handle, source):
    """Once a source; libobs saves what the user binds to them, and frees them with the source."""
    name = (libobs.source_get_name(source) or b"").decode("utf-8", "replace")
    for action, description in (_code.hotkeys(name).items() if _code is not None else ()):
        if action not in _hotkey_callbacks:
            _hotkey_callbacks[action] = keep(libobs.HotkeyFn, _hotkey(action))
        libobs.hotkey_register_source(source, HOTKEY_PREFIX + action.encode(), description.encode(),
                                      _hotkey_callbacks[action], handle)


def _hotkey(action):
    def act(handle, hotkey_id, hotkey, pressed):
        if not pressed:
            return
        with _lock:
            code, record = _code, _records.get(handle)
            if code is not None and record is not None and record.served_by is not None:
                code.pressed(action, record.source, record.served_by)
    return act


_on_destroy = keep(libobs.VoidFn2, _destroyed)
on_clicked = keep(libobs.ButtonFn, _clicked, False)
"""For every button of a property panel; the panel passes the handle along."""
on_modified = keep(libobs.ModifiedFn, _modified, False)
"""For every property whose value shows or hides others."""


def _run_on_ui(nothing):
    while _for_ui:
        _guarded(None)(_for_ui.pop(0))()


_for_ui = []
_on_ui = keep(libobs.VoidFn, _run_on_ui)


def on_ui_thread(function):
    """Runs `function` soon, in the thread of OBS's windows."""
    _for_ui.append(function)
    libobs.queue_task(libobs.TASK_UI, _on_ui, None, False)


# ---- for the script ---------------------------------------------------------------------------------------------------

def attach(code):
    """The code that serves all sources from now on, those that live already too. Called by script_load."""
    global _code
    _register()
    _code = code
    libobs.enable_source_type(SOURCE_ID, True)
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
    libobs.enable_source_type(SOURCE_ID, False)
    _code = None


def live_sources():
    """[(name, object that serves it)] of all sources that are served now."""
    with _lock:
        return [((libobs.source_get_name(record.source) or b"").decode("utf-8", "replace"), record.served_by)
                for record in _records.values() if record.served_by is not None]


def _serve(handle, record, settings):
    if record.served_by is not None:
        record.served_by.close()
        record.served_by = None
    if _code is not None:
        record.served_by = _code.Source(record.source, _code.read(settings))
        record.served_by.set_shown(libobs.source_showing(record.source))


def _served_by(handle):
    record = _records.get(handle)
    return record.served_by if record is not None else None


def _register():
    global _registered
    if _registered:
        return
    info = libobs.SourceInfo(
        id=SOURCE_ID, type=libobs.SOURCE_TYPE_INPUT, icon_type=libobs.ICON_TYPE_CAMERA,
        output_flags=libobs.OUTPUT_VIDEO | libobs.OUTPUT_ASYNC | libobs.OUTPUT_DO_NOT_DUPLICATE,
        get_name=keep(libobs.PointerFn, _get_name, C.addressof(SOURCE_NAME)),
        create=keep(libobs.PointerFn2, _create),
        destroy=C.cast(libobs.bfree, libobs.VoidFn),
        get_defaults=keep(libobs.VoidFn, _get_defaults),
        get_properties=keep(libobs.PointerFn, _get_properties),
        update=keep(libobs.VoidFn2, _update),
        show=keep(libobs.VoidFn, _show),
        hide=keep(libobs.VoidFn, _hide))
    kept.append(info)
    libobs.register_source(C.byref(info), C.sizeof(info))
    if libobs.module_add_source is not None and libobs.get_module(b"frontend-tools"):
        libobs.module_add_source(libobs.get_module(b"frontend-tools"), SOURCE_ID)
    _registered = True


@atexit.register
def _python_ends():
    with _lock:
        remaining = list(_records.items())
        _records.clear()
    for handle, record in remaining:
        libobs.signal_disconnect(record.signals, b"destroy", _on_destroy, handle)
        if record.served_by is not None:
            record.served_by.close()

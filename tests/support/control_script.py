"""A script for OBS, used by the tests only: does inside OBS what obs-websocket has no request for.

It listens on a Unix socket (its setting `socket`) for one JSON object a connection, {"do": name, ...arguments}, and
answers with {"result": ...} or {"error": traceback}. OBS's Python runs it, so the standard library has to do.

All calls into libobs go through ctypes.CDLL, which lets go of Python's lock: the obspython functions keep it, and
called from a thread they deadlock OBS.
"""

import contextlib
import ctypes as C
import json
import os
import socket
import sys
import threading
import traceback

import obspython

_UI = 0  # OBS_TASK_UI
_V, _S = C.c_void_p, C.c_char_p
_lib = C.CDLL(None)
_Task = C.CFUNCTYPE(None, _V)


def _function(library, name, result, *arguments):
    function = getattr(library, name)
    function.restype, function.argtypes = result, list(arguments)
    return function


def _scripting_library():
    """OBS loads it as part of a plugin, so that only its path leads to it."""
    with open("/proc/self/maps") as maps:
        return C.CDLL(next(line.split(None, 5)[5].strip() for line in maps if "libobs-scripting" in line))


_queue_task = _function(_lib, "obs_queue_task", None, C.c_int, _V, _V, C.c_bool)
_get_source = _function(_lib, "obs_get_source_by_name", _V, _S)
_release_source = _function(_lib, "obs_source_release", None, _V)
_duplicate_source = _function(_lib, "obs_source_duplicate", _V, _V, _S, C.c_bool)
_scene_from_source = _function(_lib, "obs_scene_from_source", _V, _V)
_scene_add = _function(_lib, "obs_scene_add", _V, _V, _V)
_missing_of = _function(_lib, "obs_source_get_missing_files", _V, _V)
_missing_count = _function(_lib, "obs_missing_files_count", C.c_size_t, _V)
_missing_file = _function(_lib, "obs_missing_files_get_file", _V, _V, C.c_int)
_missing_path = _function(_lib, "obs_missing_file_get_path", _S, _V)
_missing_found = _function(_lib, "obs_missing_file_issue_callback", None, _V, _S)
_missing_destroy = _function(_lib, "obs_missing_files_destroy", None, _V)
_properties_of = _function(_lib, "obs_source_properties", _V, _V)
_property_in = _function(_lib, "obs_properties_get", _V, _V, _S)
_property_text = _function(_lib, "obs_property_description", _S, _V)
_properties_destroy = _function(_lib, "obs_properties_destroy", None, _V)
_main_window = _function(_lib, "obs_frontend_get_main_window", _V)


def _on_ui_thread(work):
    """Does `work` on OBS's main thread, where OBS itself adds and removes scripts, and returns its result."""
    box = {}

    @_Task
    def task(_):
        try:
            box["result"] = work()
        except BaseException:
            box["error"] = traceback.format_exc()

    _queue_task(_UI, C.cast(task, _V), None, True)
    if "error" in box:
        raise RuntimeError(box["error"])
    return box["result"]


_added = {}
"""The scripts that `add_script` loaded: path -> what libobs-scripting knows them by."""


def reload_script(module):
    """What the reload button does for a script of the collection."""
    get_pointer = C.pythonapi.PyCapsule_GetPointer
    get_pointer.restype, get_pointer.argtypes = _V, [C.py_object, _S]
    handle = get_pointer(sys.modules[module].__script_data__, None)
    reload = C.cast(_scripting_library().obs_script_reload, _V)
    _queue_task(_UI, reload, handle, True)  # natively: no Python of ours is on the stack while it reloads


def add_script(path):
    """What the file dialog behind the + button does; the script is not in the collection's own list, though."""
    create = _function(_scripting_library(), "obs_script_create", _V, _S, _V)
    handle = _on_ui_thread(lambda: create(path.encode(), None))
    if not handle:
        raise RuntimeError(f"OBS could not make a script of {path}")
    _added[path] = handle


def remove_script(path):
    """What the - button does, for a script from `add_script`."""
    destroy = _function(_scripting_library(), "obs_script_destroy", None, _V)
    handle = _added.pop(path)
    _on_ui_thread(lambda: destroy(handle))


def duplicate_source(source, name, scene):
    """What "Paste (Duplicate)" does. Returns whether the duplicate is a source of its own."""
    original, scene_source = _get_source(source.encode()), _get_source(scene.encode())
    if not original or not scene_source:
        raise RuntimeError(f"no source {source!r} or no scene {scene!r}")
    duplicate = _duplicate_source(original, name.encode(), False)
    _scene_add(_scene_from_source(scene_source), duplicate)
    for reference in (original, scene_source, duplicate):
        _release_source(reference)
    return duplicate != original


def missing_files(source):
    """The paths in OBS's "Missing files" dialog that are of that source."""
    return [path for path, _ in _missing(source, None)]


def find_missing_file(source, path, new_path):
    """What the user does there: shows where that file is now."""
    _missing(source, (path, new_path))


def _missing(source, found):
    original = _get_source(source.encode())
    files = _missing_of(original)
    try:
        listed = [(_missing_path(_missing_file(files, index)).decode(), index) for index in range(_missing_count(files))]
        for path, index in listed:
            if found and path == found[0]:
                _missing_found(_missing_file(files, index), found[1].encode())
        return listed
    finally:
        _missing_destroy(files)
        _release_source(original)


def property_text(source, name):
    """What the user reads in that row of the source's properties."""
    original = _get_source(source.encode())
    properties = _properties_of(original)
    try:
        return _property_text(_property_in(properties, name.encode())).decode()
    finally:
        _properties_destroy(properties)
        _release_source(original)


def worker_says(source, message):
    """Lets the script take this message for one of the source's worker."""
    bridge = sys.modules["obs_avatar_core.obs.kept.bridge"]
    dict(bridge.live_sources())[source].hear(None, message)


def close_window():
    """Closes the main window and so ends OBS: on OBS 29 the only safe way from outside.

    SIGINT makes OBS 29 close its window inside the signal handler, which crashes now and then without any script.
    """
    _queue_task(_UI, C.cast(_lib._ZN7QWidget5closeEv, _V), _main_window(), False)


_COMMANDS = {function.__name__: function
             for function in (reload_script, add_script, remove_script, duplicate_source, missing_files, find_missing_file,
                              property_text, worker_says, close_window)}


def _answer(line):
    try:
        request = json.loads(line.decode())
        return {"result": _COMMANDS[request.pop("do")](**request)}
    except BaseException:
        return {"error": traceback.format_exc()}


def _serve(server):
    while True:
        connection, _ = server.accept()
        with connection, contextlib.suppress(OSError):  # of a test that has gone away
            connection.sendall(json.dumps(_answer(connection.makefile("rb").readline())).encode() + b"\n")


_server = None


def script_load(settings):
    global _server
    if _server is not None:
        return  # a change of collection loads the script again in the same process: the first server goes on
    path = obspython.obs_data_get_string(settings, "socket")
    if os.path.exists(path):
        os.unlink(path)
    _server = socket.socket(socket.AF_UNIX)
    _server.bind(path)
    _server.listen()
    # A daemon thread that waits in accept() does no harm when OBS ends its Python.
    threading.Thread(target=_serve, args=(_server,), name="test control", daemon=True).start()


def script_description():
    return "Controls this OBS for the automated tests."

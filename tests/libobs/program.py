"""An OBS made of libobs alone, in plain Python: lets a source live, and prints as JSON what it saw.

    program.py FOLDER_OF_LIBOBS PROJECT CLIP

A program of its own, since libobs cannot be started twice in one process. LD_LIBRARY_PATH has to name the libraries.
"""

import ctypes as C
import json
import os
import signal
import sys
import time
from pathlib import Path

LIBRARIES, PROJECT, CLIP = sys.argv[1:4]
V, S = C.c_void_p, C.c_char_p
PATIENCE = 90
FORMAT_BGRA = 7


class VideoInfo(C.Structure):
    _fields_ = [("graphics_module", S), ("fps_num", C.c_uint32), ("fps_den", C.c_uint32), ("base_width", C.c_uint32),
                ("base_height", C.c_uint32), ("output_width", C.c_uint32), ("output_height", C.c_uint32), ("format", C.c_int),
                ("adapter", C.c_uint32), ("gpu_conversion", C.c_bool), ("colorspace", C.c_int), ("range", C.c_int),
                ("scale_type", C.c_int)]


class AudioInfo(C.Structure):
    _fields_ = [("samples_per_second", C.c_uint32), ("speakers", C.c_int)]


obs = C.CDLL(os.path.join(LIBRARIES, "libobs.so.30"), mode=C.RTLD_GLOBAL)


def function(name, result, *arguments):
    made = getattr(obs, name)
    made.restype, made.argtypes = result, list(arguments)
    return made


def start():
    x11 = C.CDLL("libX11.so.6")
    x11.XOpenDisplay.restype, x11.XOpenDisplay.argtypes = V, [S]
    function("obs_set_nix_platform", None, C.c_int)(1)  # X11 with EGL
    function("obs_set_nix_platform_display", None, V)(x11.XOpenDisplay(None))
    assert function("obs_startup", C.c_bool, S, S, V)(b"en-US", None, None)
    function("obs_add_data_path", None, S)(os.path.join(LIBRARIES, "data", "libobs", "").encode())
    graphics = os.path.join(LIBRARIES, "libobs-opengl.so").encode()
    info = VideoInfo(graphics, 30, 1, 320, 240, 320, 240, FORMAT_BGRA, 0, True, 2, 1, 2)
    code = function("obs_reset_video", C.c_int, V)(C.byref(info))
    assert code == 0, f"no picture: {code}"
    assert function("obs_reset_audio", C.c_bool, V)(C.byref(AudioInfo(48000, 2)))


def wait_for(condition, what):
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, f"not in time: {what}; {report()}"
        time.sleep(0.05)


def report():
    return bridge.live_sources()[0][1].report() if bridge.live_sources() else {}


def moves(what):
    before = report().get("frames", 0)
    wait_for(lambda: report().get("state") == "live" and report()["frames"] > before + 20, what)


def settings(**values):
    return function("obs_data_create_from_json", V, S)(json.dumps(values).encode())


allocations = function("bnum_allocs", C.c_long)
start()
sys.path.insert(0, PROJECT)
from core.obs import script  # noqa: E402
from core.obs.kept import bridge  # noqa: E402

script.load()
seen = {"libobs": function("obs_get_version_string", S)().decode(), "description": script.description()}
release_data, release = function("obs_data_release", None, V), function("obs_source_release", None, V)
data = settings(avatar="nora", driver="file", driver_file=CLIP, size="256")
source = function("obs_source_create", V, S, S, V, V)(b"obs_avatar_source", b"Avatar", data, None)
release_data(data)
function("obs_source_inc_showing", None, V)(source)
moves("the first pictures")
wait_for(lambda: function("obs_source_get_width", C.c_uint32, V)(source) == 256, "libobs has the picture")

panel = function("obs_source_properties", V, V)(source)
seen["has_properties"] = bool(function("obs_properties_get", V, V, S)(panel, b"avatar"))
function("obs_properties_destroy", None, V)(panel)

data = settings(avatar="marcus", size="512")
function("obs_source_update", None, V, V)(source, data)
release_data(data)
wait_for(lambda: function("obs_source_get_width", C.c_uint32, V)(source) == 512, "the new size")

os.kill(report()["worker_pid"], signal.SIGKILL)
wait_for(lambda: report().get("restarts") == 1, "the death is noticed")
moves("pictures after a death")

script.unload()
script.load()
moves("pictures after a reload")
last = report()["worker_pid"]

function("obs_source_dec_showing", None, V)(source)
release(source)
wait_for(lambda: not bridge.live_sources(), "the source is destroyed")
script.unload()
wait_for(lambda: not Path(f"/proc/{last}").exists(), "the worker is gone")
function("obs_shutdown", None)()
seen["allocations_left"] = allocations()
print(json.dumps(seen))

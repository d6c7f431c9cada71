"""The part of libobs that is used, through ctypes. OBS 28 to 32; the layouts are the same in all of them.

ctypes.CDLL releases Python's lock during a call. The functions of obspython keep it, and OBS freezes when one of them waits
for a libobs lock whose holder waits for Python. So everything outside of script_load and similar functions goes through here.
"""

import ctypes as C
import sys
from typing import Any, Tuple

Pointer, Text = C.c_void_p, C.c_char_p

# Callbacks, by their C types. Returned text and pointers are plain addresses, because ctypes would turn char* into bytes.
VoidFn = C.CFUNCTYPE(None, Pointer)
VoidFn2 = C.CFUNCTYPE(None, Pointer, Pointer)
VoidFn3 = C.CFUNCTYPE(None, Pointer, Pointer, Pointer)
PointerFn = C.CFUNCTYPE(Pointer, Pointer)
PointerFn2 = C.CFUNCTYPE(Pointer, Pointer, Pointer)
ButtonFn = C.CFUNCTYPE(C.c_bool, Pointer, Pointer, Pointer)
HotkeyFn = C.CFUNCTYPE(None, Pointer, C.c_size_t, Pointer, C.c_bool)
ModifiedFn = C.CFUNCTYPE(C.c_bool, Pointer, Pointer, Pointer, Pointer)
TickFn = C.CFUNCTYPE(None, Pointer, C.c_float)
MissingFileFn = C.CFUNCTYPE(None, Pointer, Text, Pointer)

SOURCE_TYPE_INPUT, SOURCE_TYPE_FILTER = 0, 1
OUTPUT_VIDEO, OUTPUT_ASYNC, OUTPUT_CUSTOM_DRAW, OUTPUT_DO_NOT_DUPLICATE = 1 << 0, 1 << 2, 1 << 3, 1 << 7
OUTPUT_CAP_DISABLED, OUTPUT_SRGB = 1 << 10, 1 << 15
ICON_TYPE_CAMERA = 9
VIDEO_FORMAT_BGRA = 7
FRAME_LINEAR_ALPHA = 1
GS_BGRA, GS_ZS_NONE, GS_CLEAR_COLOR = 5, 0, 1
GS_BLEND_ZERO, GS_BLEND_ONE = 0, 1
MOVE_UP = 0
MISSING_FILE_SOURCE = 0
GROUP_NORMAL = 1
LOG_ERROR, LOG_WARNING, LOG_INFO = 100, 200, 300
TASK_UI = 0
COMBO_TYPE_LIST, COMBO_FORMAT_STRING = 2, 3
TEXT_DEFAULT, TEXT_INFO = 0, 3
TEXT_INFO_NORMAL, TEXT_INFO_WARNING, TEXT_INFO_ERROR = 0, 1, 2
PATH_FILE = 0


class SourceInfo(C.Structure):
    """obs_source_info up to missing_files (obs-source.h). libobs fills the rest with zeros and refuses more than it knows."""

    _fields_ = [
        ("id", Text), ("type", C.c_int), ("output_flags", C.c_uint32), ("get_name", PointerFn), ("create", PointerFn2),
        ("destroy", VoidFn), ("get_width", Pointer), ("get_height", Pointer), ("get_defaults", VoidFn),
        ("get_properties", PointerFn), ("update", VoidFn2), ("activate", Pointer), ("deactivate", Pointer),
        ("show", VoidFn), ("hide", VoidFn), ("video_tick", Pointer), ("video_render", VoidFn2),
        ("filter_video", Pointer), ("filter_audio", Pointer), ("enum_active_sources", Pointer), ("save", Pointer),
        ("load", Pointer), ("mouse_click", Pointer), ("mouse_move", Pointer), ("mouse_wheel", Pointer),
        ("focus", Pointer), ("key_click", Pointer), ("filter_remove", Pointer), ("type_data", Pointer),
        ("free_type_data", Pointer), ("audio_render", Pointer), ("enum_all_sources", Pointer),
        ("transition_start", Pointer), ("transition_stop", Pointer), ("get_defaults2", Pointer),
        ("get_properties2", Pointer), ("audio_mix", Pointer), ("icon_type", C.c_int),
        ("media", Pointer * 9), ("version", C.c_uint32), ("unversioned_id", Text), ("missing_files", PointerFn)]


class SourceFrame(C.Structure):
    """obs_source_frame (obs.h)."""

    _fields_ = [
        ("data", Pointer * 8), ("linesize", C.c_uint32 * 8), ("width", C.c_uint32), ("height", C.c_uint32),
        ("timestamp", C.c_uint64), ("format", C.c_int), ("color_matrix", C.c_float * 16), ("full_range", C.c_bool),
        ("max_luminance", C.c_uint16), ("color_range_min", C.c_float * 3), ("color_range_max", C.c_float * 3),
        ("flip", C.c_bool), ("flags", C.c_uint8), ("trc", C.c_uint8), ("refs", C.c_long), ("prev_frame", C.c_bool)]


class Calldata(C.Structure):
    """calldata (callback/calldata.h), the arguments of a procedure: all zero when empty; `stack` is freed with bfree."""

    _fields_ = [("stack", Pointer), ("size", C.c_size_t), ("capacity", C.c_size_t), ("fixed", C.c_bool)]


class Vec2(C.Structure):
    _fields_ = [("x", C.c_float), ("y", C.c_float)]


class TransformInfo(C.Structure):
    """obs_transform_info (obs.h), with the member that 30.1 appended."""

    _fields_ = [("pos", Vec2), ("rot", C.c_float), ("scale", Vec2), ("alignment", C.c_uint32), ("bounds_type", C.c_int),
                ("bounds_alignment", C.c_uint32), ("bounds", Vec2), ("crop_to_bounds", C.c_bool)]


class Crop(C.Structure):
    """obs_sceneitem_crop (obs.h)."""

    _fields_ = [("left", C.c_int), ("top", C.c_int), ("right", C.c_int), ("bottom", C.c_int)]


def _open(windows_library: str) -> C.CDLL:
    """Return the library that OBS has already loaded, since a second copy would be another OBS."""
    if sys.platform == "win32":
        kernel32 = C.WinDLL("kernel32")
        kernel32.GetModuleHandleW.restype, kernel32.GetModuleHandleW.argtypes = Pointer, [C.c_wchar_p]
        return C.CDLL(windows_library, handle=kernel32.GetModuleHandleW(windows_library))
    # The executable is linked to libobs and to the frontend, whose file names differ by version and packager.
    return C.CDLL(None)


_library = _open("obs.dll")
_frontend = _open("obs-frontend-api.dll")


def _function(name: str, result: Any, *arguments: Any, library: C.CDLL = _library) -> Any:
    function = getattr(library, name)
    function.restype, function.argtypes = result, list(arguments)
    return function


def optional(name: str, result: Any, *arguments: Any, library: C.CDLL = _library) -> Any:
    """Return a function that not every version of OBS has, or None."""
    try:
        return _function(name, result, *arguments, library=library)
    except AttributeError:
        return None


bmalloc = _function("bmalloc", Pointer, C.c_size_t)
bfree = _function("bfree", None, Pointer)
_blog = _function("blog", None, C.c_int, Text)
os_gettime_ns = _function("os_gettime_ns", C.c_uint64)
queue_task = _function("obs_queue_task", None, C.c_int, VoidFn, Pointer, C.c_bool)

register_source = _function("obs_register_source_s", None, C.POINTER(SourceInfo), C.c_size_t)
enable_source_type = _function("obs_enable_source_type", None, Text, C.c_bool)
source_get_signal_handler = _function("obs_source_get_signal_handler", Pointer, Pointer)
signal_connect = _function("signal_handler_connect", None, Pointer, Text, VoidFn2, Pointer)
signal_disconnect = _function("signal_handler_disconnect", None, Pointer, Text, VoidFn2, Pointer)
source_get_name = _function("obs_source_get_name", Text, Pointer)
source_get_id = _function("obs_source_get_id", Text, Pointer)
source_get_settings = _function("obs_source_get_settings", Pointer, Pointer)
source_update = _function("obs_source_update", None, Pointer, Pointer)
hotkey_register_source = _function("obs_hotkey_register_source", C.c_size_t, Pointer, Text, Text, HotkeyFn, Pointer)
hotkey_unregister = _function("obs_hotkey_unregister", None, C.c_size_t)
source_get_ref = _function("obs_source_get_ref", Pointer, Pointer)
source_removed = _function("obs_source_removed", C.c_bool, Pointer)
source_showing = _function("obs_source_showing", C.c_bool, Pointer)
source_set_async_unbuffered = _function("obs_source_set_async_unbuffered", None, Pointer, C.c_bool)
source_output_video = _function("obs_source_output_video", None, Pointer, C.POINTER(SourceFrame))
source_set_video_frame = _function("obs_source_set_video_frame", None, Pointer, C.POINTER(SourceFrame))
source_create_private = _function("obs_source_create_private", Pointer, Text, Text, Pointer)
source_get_base_width = _function("obs_source_get_base_width", C.c_uint32, Pointer)
source_get_base_height = _function("obs_source_get_base_height", C.c_uint32, Pointer)
source_get_width = _function("obs_source_get_width", C.c_uint32, Pointer)
source_get_height = _function("obs_source_get_height", C.c_uint32, Pointer)
source_video_render = _function("obs_source_video_render", None, Pointer)
source_default_render = _function("obs_source_default_render", None, Pointer)
source_inc_showing = _function("obs_source_inc_showing", None, Pointer)
source_dec_showing = _function("obs_source_dec_showing", None, Pointer)
source_get_weak_source = _function("obs_source_get_weak_source", Pointer, Pointer)
weak_source_get_source = _function("obs_weak_source_get_source", Pointer, Pointer)
weak_source_release = _function("obs_weak_source_release", None, Pointer)
filter_get_parent = _function("obs_filter_get_parent", Pointer, Pointer)
filter_get_target = _function("obs_filter_get_target", Pointer, Pointer)
add_tick_callback = _function("obs_add_tick_callback", None, TickFn, Pointer)
remove_tick_callback = _function("obs_remove_tick_callback", None, TickFn, Pointer)
source_update_properties = _function("obs_source_update_properties", None, Pointer)

data_create = _function("obs_data_create", Pointer)
data_release = _function("obs_data_release", None, Pointer)
data_get_string = _function("obs_data_get_string", Text, Pointer, Text)
data_get_int = _function("obs_data_get_int", C.c_longlong, Pointer, Text)
data_get_bool = _function("obs_data_get_bool", C.c_bool, Pointer, Text)
data_set_string = _function("obs_data_set_string", None, Pointer, Text, Text)
data_set_default_string = _function("obs_data_set_default_string", None, Pointer, Text, Text)
data_set_default_int = _function("obs_data_set_default_int", None, Pointer, Text, C.c_longlong)
data_set_default_bool = _function("obs_data_set_default_bool", None, Pointer, Text, C.c_bool)
data_set_int = _function("obs_data_set_int", None, Pointer, Text, C.c_longlong)
data_set_bool = _function("obs_data_set_bool", None, Pointer, Text, C.c_bool)
data_set_double = _function("obs_data_set_double", None, Pointer, Text, C.c_double)

# For tap.py and filter.py: only to be called in the graphics thread, or between enter and leave.
enter_graphics = _function("obs_enter_graphics", None)
leave_graphics = _function("obs_leave_graphics", None)
gs_texrender_create = _function("gs_texrender_create", Pointer, C.c_int, C.c_int)
gs_texrender_destroy = _function("gs_texrender_destroy", None, Pointer)
gs_texrender_reset = _function("gs_texrender_reset", None, Pointer)
gs_texrender_begin = _function("gs_texrender_begin", C.c_bool, Pointer, C.c_uint32, C.c_uint32)
gs_texrender_end = _function("gs_texrender_end", None, Pointer)
gs_texrender_get_texture = _function("gs_texrender_get_texture", Pointer, Pointer)
gs_stagesurface_create = _function("gs_stagesurface_create", Pointer, C.c_uint32, C.c_uint32, C.c_int)
gs_stagesurface_destroy = _function("gs_stagesurface_destroy", None, Pointer)
gs_stage_texture = _function("gs_stage_texture", None, Pointer, Pointer)
gs_stagesurface_map = _function("gs_stagesurface_map", C.c_bool, Pointer, C.POINTER(Pointer), C.POINTER(C.c_uint32))
gs_stagesurface_unmap = _function("gs_stagesurface_unmap", None, Pointer)
gs_clear = _function("gs_clear", None, C.c_uint32, Pointer, C.c_float, C.c_uint8)
gs_ortho = _function("gs_ortho", None, *[C.c_float] * 6)
gs_blend_state_push = _function("gs_blend_state_push", None)
gs_blend_state_pop = _function("gs_blend_state_pop", None)
gs_blend_function = _function("gs_blend_function", None, C.c_int, C.c_int)
gs_matrix_push = _function("gs_matrix_push", None)
gs_matrix_pop = _function("gs_matrix_pop", None)
gs_matrix_translate = _function("gs_matrix_translate3f", None, C.c_float, C.c_float, C.c_float)
gs_matrix_scale = _function("gs_matrix_scale3f", None, C.c_float, C.c_float, C.c_float)

get_proc_handler = _function("obs_get_proc_handler", Pointer)
proc_handler_call = _function("proc_handler_call", C.c_bool, Pointer, Text, C.POINTER(Calldata))
calldata_get_data = _function("calldata_get_data", C.c_bool, C.POINTER(Calldata), Text, Pointer, C.c_size_t)
calldata_set_data = _function("calldata_set_data", None, C.POINTER(Calldata), Text, Pointer, C.c_size_t)

properties_create = _function("obs_properties_create", Pointer)
properties_get = _function("obs_properties_get", Pointer, Pointer, Text)
properties_add_bool = _function("obs_properties_add_bool", Pointer, Pointer, Text, Text)
properties_add_int = _function("obs_properties_add_int", Pointer, Pointer, Text, Text, C.c_int, C.c_int, C.c_int)
properties_add_slider = _function("obs_properties_add_int_slider", Pointer, Pointer, Text, Text, C.c_int, C.c_int, C.c_int)
properties_add_colour = _function("obs_properties_add_color", Pointer, Pointer, Text, Text)
properties_add_text = _function("obs_properties_add_text", Pointer, Pointer, Text, Text, C.c_int)
properties_add_path = _function("obs_properties_add_path", Pointer, Pointer, Text, Text, C.c_int, Text, Text)
properties_add_list = _function("obs_properties_add_list", Pointer, Pointer, Text, Text, C.c_int, C.c_int)
properties_add_group = _function("obs_properties_add_group", Pointer, Pointer, Text, Text, C.c_int, Pointer)
missing_files_create = _function("obs_missing_files_create", Pointer)
missing_files_add_file = _function("obs_missing_files_add_file", None, Pointer, Pointer)
missing_file_create = _function("obs_missing_file_create", Pointer, Text, MissingFileFn, C.c_int, Pointer, Pointer)
properties_add_button = _function("obs_properties_add_button2", Pointer, Pointer, Text, Text, ButtonFn, Pointer)
property_name = _function("obs_property_name", Text, Pointer)
property_list_add_string = _function("obs_property_list_add_string", C.c_size_t, Pointer, Text, Text)
property_set_long_description = _function("obs_property_set_long_description", None, Pointer, Text)
property_set_visible = _function("obs_property_set_visible", None, Pointer, C.c_bool)
property_set_description = _function("obs_property_set_description", None, Pointer, Text)
property_set_modified_callback = _function("obs_property_set_modified_callback2", None, Pointer, ModifiedFn, Pointer)
property_text_set_info_type = _function("obs_property_text_set_info_type", None, Pointer, C.c_int)

get_locale = _function("obs_get_locale", Text)
get_module = optional("obs_get_module", Pointer, Text)
module_add_source = optional("obs_module_add_source", None, Pointer, Text)
"""Tells OBS, from 32.1 on, which module a source belongs to; the name of one that belongs to none is painted red."""

output_get_display_name = _function("obs_output_get_display_name", Text, Text)
frontend_virtualcam_active = optional("obs_frontend_virtualcam_active", C.c_bool, library=_frontend)
frontend_start_virtualcam = optional("obs_frontend_start_virtualcam", None, library=_frontend)
frontend_stop_virtualcam = optional("obs_frontend_stop_virtualcam", None, library=_frontend)
"""The frontend's function, or None in a program that uses libobs without OBS Studio's windows."""

# For revive.py, which takes sources and scenes apart and puts them together again.
get_source_by_name = _function("obs_get_source_by_name", Pointer, Text)
save_sources = _function("obs_save_sources", Pointer)
save_source = _function("obs_save_source", Pointer, Pointer)
load_source = _function("obs_load_source", Pointer, Pointer)
source_load2 = _function("obs_source_load2", None, Pointer)
source_release = _function("obs_source_release", None, Pointer)
source_remove = _function("obs_source_remove", None, Pointer)
source_set_name = _function("obs_source_set_name", None, Pointer, Text)
source_get_output_flags = _function("obs_source_get_output_flags", C.c_uint32, Pointer)
source_get_filter_by_name = _function("obs_source_get_filter_by_name", Pointer, Pointer, Text)
source_filter_add = _function("obs_source_filter_add", None, Pointer, Pointer)
source_filter_remove = _function("obs_source_filter_remove", None, Pointer, Pointer)
source_filter_set_order = _function("obs_source_filter_set_order", None, Pointer, Pointer, C.c_int)
data_array_count = _function("obs_data_array_count", C.c_size_t, Pointer)
data_array_item = _function("obs_data_array_item", Pointer, Pointer, C.c_size_t)
data_array_release = _function("obs_data_array_release", None, Pointer)
data_get_json = _function("obs_data_get_json", Text, Pointer)
data_erase = _function("obs_data_erase", None, Pointer, Text)
scene_from_source = _function("obs_scene_from_source", Pointer, Pointer)
group_from_source = _function("obs_group_from_source", Pointer, Pointer)
scene_find_item = _function("obs_scene_find_sceneitem_by_id", Pointer, Pointer, C.c_int64)
scene_add = _function("obs_scene_add", Pointer, Pointer, Pointer)
item_get_source = _function("obs_sceneitem_get_source", Pointer, Pointer)
item_remove = _function("obs_sceneitem_remove", None, Pointer)
item_addref = _function("obs_sceneitem_addref", None, Pointer)
item_release = _function("obs_sceneitem_release", None, Pointer)
item_set_id = optional("obs_sceneitem_set_id", None, Pointer, C.c_int64)
item_get_order_position = _function("obs_sceneitem_get_order_position", C.c_int, Pointer)
item_set_order_position = _function("obs_sceneitem_set_order_position", None, Pointer, C.c_int)
item_get_transition = _function("obs_sceneitem_get_transition", Pointer, Pointer, C.c_bool)
item_set_transition = _function("obs_sceneitem_set_transition", None, Pointer, C.c_bool, Pointer)
item_get_transition_duration = _function("obs_sceneitem_get_transition_duration", C.c_uint32, Pointer, C.c_bool)
item_set_transition_duration = _function("obs_sceneitem_set_transition_duration", None, Pointer, C.c_bool, C.c_uint32)


def _item_property(name: Tuple[str, str], kind: Any) -> Tuple[Any, Any]:
    """Return the getter and the setter of a scene item's simple property."""
    return (_function("obs_sceneitem_" + name[0], kind, Pointer), _function("obs_sceneitem_" + name[1], None, Pointer, kind))


ITEM_PROPERTIES = (
    _item_property(("visible", "set_visible"), C.c_bool),
    _item_property(("locked", "set_locked"), C.c_bool),
    _item_property(("get_scale_filter", "set_scale_filter"), C.c_int),
    _item_property(("get_blending_method", "set_blending_method"), C.c_int),
    _item_property(("get_blending_mode", "set_blending_mode"), C.c_int),
)
"""The (getter, setter) pairs of everything that makes up a scene item besides its transform and crop."""


def _item_structure(names: Tuple[Tuple[str, str], ...], structure: Any) -> Tuple[Any, ...]:
    """Return getter and setter for the first pair of names that this OBS has: 30.1 added new ones, 32 dropped the old."""
    pairs = (tuple(optional("obs_sceneitem_" + name, None, Pointer, C.POINTER(structure)) for name in pair) for pair in names)
    return next(pair for pair in pairs if all(pair))


item_get_transform, item_set_transform = _item_structure((("get_info2", "set_info2"), ("get_info", "set_info")), TransformInfo)
item_get_crop, item_set_crop = _item_structure((("get_crop", "set_crop"),), Crop)


def log(level: int, message: str) -> None:
    """Write a line to OBS's log."""
    _blog(level, ("[obs-avatar] " + message).replace("%", "%%").encode())

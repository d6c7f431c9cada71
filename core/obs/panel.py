"""The source's property panel, made from the table of settings, and the conversion between OBS's data and our settings."""

from typing import Any, Dict, Mapping, Optional

from ..link import protocol
from ..shared import avatars
from ..shared.setting import Setting
from ..shared.settings import ADVANCED, BY_KEY, DEFAULTS, NEURAL_ENGINE, SETTINGS, SHOWN, Settings
from ..shared.texts import text
from . import dock_row, saved, virtual_camera
from .kept import bridge, libobs

STATUS, CALIBRATE, REFRESH, VIRTUAL_CAMERA, FETCH = b"status", b"calibrate", b"refresh", b"virtual_camera_button", b"fetch"
SCENES = ("scene", "group")
PICTURE_PATTERN = "*.png *.jpg *.jpeg *.webp *.bmp *.tif *.tiff"
VIDEO_PATTERN = "*.mp4 *.mkv *.mov *.webm *.avi *.m4v *.flv *.ts"


def read(data: int) -> Settings:
    """Return the settings in an obs_data_t, cleaned, with defaults for what the user has not set."""
    values = {}
    for setting in SETTINGS:
        key = setting.key.encode()
        if setting.kind == "bool":
            values[setting.key] = libobs.data_get_bool(data, key)
        elif setting.kind in ("int", "slider", "colour"):
            values[setting.key] = libobs.data_get_int(data, key)
        else:
            values[setting.key] = (libobs.data_get_string(data, key) or b"").decode("utf-8", "replace")
    return Settings.of(values)


def defaults(data: int) -> None:
    """Put the defaults into an obs_data_t."""
    dock_row.defaults(data)
    for setting in SETTINGS:
        key = setting.key.encode()
        if setting.kind == "bool":
            libobs.data_set_default_bool(data, key, setting.default)
        elif setting.kind in ("int", "slider", "colour"):
            libobs.data_set_default_int(data, key, setting.default)
        else:
            libobs.data_set_default_string(data, key, setting.default.encode())


def properties(handle: Optional[int], source: Any, of_filter: bool) -> int:
    """Return the panel, an obs_properties_t, for that handle. `source` serves it; None for both makes a bare form."""
    panel = libobs.properties_create()
    status = libobs.properties_add_text(panel, STATUS, b"", libobs.TEXT_INFO)
    _describe(status, source)
    _add_button(panel, CALIBRATE, "Panel.Calibrate", handle)
    groups = {}
    for setting in SHOWN:
        if of_filter and setting.of_source:
            continue
        if setting.group not in groups:
            groups[setting.group] = libobs.properties_create() if setting.group else panel
            if setting.group:
                libobs.properties_add_group(panel, _group_name(setting.group), text("Group." + setting.group).encode(),
                                            libobs.GROUP_NORMAL, groups[setting.group])
        prop = _ADDERS[setting.kind](groups[setting.group], setting, source)
        libobs.property_set_long_description(prop, setting.help.encode())
        if setting.key == dock_row.SETTING:
            dock_row.add(panel, prop, handle)
        if any(other.shown_when and other.shown_when[0] == setting.key for other in SETTINGS):
            libobs.property_set_modified_callback(prop, bridge.on_modified, handle)
    _add_button(groups[ADVANCED[0]], FETCH, "Panel.Fetch", handle)
    if virtual_camera.installed():
        _add_button(panel, VIRTUAL_CAMERA, "Panel.VirtualCamera", handle)
        _describe_virtual_camera(panel)
    else:
        libobs.properties_add_text(panel, VIRTUAL_CAMERA, text("Panel.VirtualCamera.Missing").encode(), libobs.TEXT_INFO)
    _add_button(panel, REFRESH, "Panel.Refresh", handle)
    _show_what_applies(panel, source.settings if source is not None else DEFAULTS)
    return panel


def clicked(panel: int, button: int, source: Any) -> bool:
    """Handle a click on a button of the panel. Return True, so that OBS draws the panel again."""
    name = libobs.property_name(button)
    if name == VIRTUAL_CAMERA:
        virtual_camera.toggle()
        _describe_virtual_camera(panel)
    elif name == CALIBRATE and source is not None:
        source.calibrate()
    elif name == FETCH and source is not None:
        source.fetch_weights()
    _describe(libobs.properties_get(panel, STATUS), source)
    return True


def modified(panel: int, data: int) -> bool:
    """Handle a change of a setting on which others depend. Return True, so that OBS draws the panel again."""
    _show_what_applies(panel, read(data))
    return True


def _show_what_applies(panel: int, settings: Settings) -> None:
    dock_row.show(panel, settings.dock)
    for setting in SHOWN:
        if setting.shown_when is not None:
            key, value = setting.shown_when
            libobs.property_set_visible(libobs.properties_get(panel, setting.key.encode()), getattr(settings, key) == value)
    libobs.property_set_visible(libobs.properties_get(panel, _group_name(ADVANCED[0])), settings.advanced)
    libobs.property_set_visible(libobs.properties_get(panel, FETCH), settings.engine == NEURAL_ENGINE)


def _group_name(group: str) -> bytes:
    return b"group_" + group.encode()


def _describe(prop: int, source: Any) -> None:
    """Write the state of the source into the information row."""
    if source is None:
        sentence, kind = text("Status.NotLoaded"), libobs.TEXT_INFO_WARNING
    else:
        sentence = status_text(source.status) + restarts_text(source.restarts)
        kind = _INFO_TYPES.get(source.status["state"], libobs.TEXT_INFO_NORMAL)
    libobs.property_set_description(prop, sentence.encode())
    libobs.property_text_set_info_type(prop, kind)


_INFO_TYPES = {protocol.ERROR: libobs.TEXT_INFO_ERROR, protocol.NO_FACE: libobs.TEXT_INFO_WARNING}


def status_text(status: Mapping[str, Any]) -> str:
    """Return a status as the information row shows it."""
    sentence = status["message"]
    if status["state"] not in (protocol.LIVE, protocol.NO_FACE):
        return sentence
    figures = text("Status.Figures", fps=status["fps"], delay=status["delay_ms"], engine=_engine_label(status["engine"]),
                   face=text("Status.Found" if status["face"] else "Status.NotFound"))
    if status["drawn"]:
        figures = text("Status.Drawn", drawn=status["drawn"]) + figures
    return figures + ("\n" + sentence if sentence else "")


def restarts_text(count: int) -> str:
    """Return how often the worker was restarted, for the end of the information row; empty if it never was."""
    return "\n" + (text("Status.RestartedOnce") if count == 1 else text("Status.Restarted", count=count)) if count else ""


def _engine_label(engine: str) -> str:
    return next((choice.label for choice in BY_KEY["engine"].choices if choice.id == engine), engine)


def _describe_virtual_camera(panel: int) -> None:
    key = "Panel.VirtualCamera.Stop" if virtual_camera.active() else "Panel.VirtualCamera"
    libobs.property_set_description(libobs.properties_get(panel, VIRTUAL_CAMERA), text(key).encode())


def _add_button(panel: int, name: bytes, key: str, handle: Optional[int]) -> None:
    button = libobs.properties_add_button(panel, name, text(key).encode(), bridge.on_clicked, handle)
    libobs.property_set_long_description(button, text(key + ".Help").encode())


# ---- one function a kind of setting -----------------------------------------------------------------------------------

def _add_list(panel: int, setting: Setting, source: Any) -> int:
    prop = libobs.properties_add_list(panel, setting.key.encode(), setting.label.encode(), libobs.COMBO_TYPE_LIST,
                                      libobs.COMBO_FORMAT_STRING)
    for value, label in _choices(setting, source).items():
        libobs.property_list_add_string(prop, label.encode(), value.encode())
    return prop


def _choices(setting: Setting, source: Any) -> Dict[str, str]:
    """Return {value: label} of the fixed choices, those found now, and the stored one, which is kept even if it is missing."""
    fixed = {choice.id: choice.label for choice in setting.choices}
    if setting.listed_by is None:
        return fixed
    found = _found(setting.listed_by, source)
    # "Picture file…" comes last; the choice for the first device comes first, under the device's own name if that is known.
    choices = dict(found, **fixed) if setting.listed_by == "avatars" else dict(fixed, **found)
    stored = getattr(source.settings, setting.key) if source is not None else setting.default
    choices.setdefault(stored, text("Choice.NotFound", name=stored))
    return choices


def _found(listed_by: str, source: Any) -> Dict[str, str]:
    """Return {value: label} of what is available now."""
    if listed_by == "avatars":
        return {entry.id: entry.title for entry in avatars.available()}
    if listed_by == "sources":
        return _driving_sources()
    if source is None:
        return {}
    if listed_by == "devices":
        return {id: str(name) for id, name in source.devices.items()}
    if listed_by == "cameras":
        return {name: name for name in source.cameras}
    return {str(number): name for number, name in enumerate(source.monitors, 1)}


def _driving_sources() -> Dict[str, str]:
    """Return the sources that may drive an avatar: those with a picture, except scenes (they may show the avatar) and ours."""
    names = [entry["name"] for entry in saved.sources() if entry.get("id") not in (*SCENES, bridge.SOURCE_ID.decode())]
    return {name: name for name in sorted(names, key=str.casefold) if _has_picture(name)}


def _has_picture(name: str) -> bool:
    source = libobs.get_source_by_name(name.encode())
    if not source:
        return False
    try:
        return bool(libobs.source_get_output_flags(source) & libobs.OUTPUT_VIDEO)
    finally:
        libobs.source_release(source)


def _add_bool(panel: int, setting: Setting, source: Any) -> int:
    return libobs.properties_add_bool(panel, setting.key.encode(), setting.label.encode())


def _add_int(panel: int, setting: Setting, source: Any) -> int:
    return libobs.properties_add_int(panel, setting.key.encode(), setting.label.encode(), setting.minimum,
                                     setting.maximum, 1)


def _add_slider(panel: int, setting: Setting, source: Any) -> int:
    return libobs.properties_add_slider(panel, setting.key.encode(), setting.label.encode(), setting.minimum,
                                        setting.maximum, 1)


def _add_colour(panel: int, setting: Setting, source: Any) -> int:
    return libobs.properties_add_colour(panel, setting.key.encode(), setting.label.encode())


def _add_text(panel: int, setting: Setting, source: Any) -> int:
    return libobs.properties_add_text(panel, setting.key.encode(), setting.label.encode(), libobs.TEXT_DEFAULT)


def _add_path(panel: int, setting: Setting, source: Any) -> int:
    kind = ("Panel.Pictures", PICTURE_PATTERN) if setting.kind == "picture" else ("Panel.Videos", VIDEO_PATTERN)
    pattern = "%s (%s);;%s (*.*)" % (text(kind[0]), kind[1], text("Panel.AllFiles"))
    return libobs.properties_add_path(panel, setting.key.encode(), setting.label.encode(), libobs.PATH_FILE,
                                      pattern.encode(), None)


_ADDERS = {"list": _add_list, "bool": _add_bool, "int": _add_int, "slider": _add_slider, "colour": _add_colour,
           "text": _add_text, "picture": _add_path, "video": _add_path}

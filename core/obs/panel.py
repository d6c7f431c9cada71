"""The source's property panel, made from the settings table, and the way from OBS's data to our settings and back."""

from .. import avatars, protocol
from ..settings import SETTINGS, Choice, cleaned
from . import bridge, libobs

STATUS, CALIBRATE, REFRESH = b"status", b"calibrate", b"refresh"
PICTURE_FILTER = b"Pictures (*.png *.jpg *.jpeg *.webp *.bmp *.tif *.tiff);;All files (*.*)"
VIDEO_FILTER = b"Videos (*.mp4 *.mkv *.mov *.webm *.avi *.m4v *.flv *.ts);;All files (*.*)"
CALIBRATE_HELP = ("Look straight at the camera with a relaxed face and click: this pose becomes the one in which the avatar "
                  "looks as in its picture.")


def read(data):
    """The settings in an obs_data_t, cleaned; defaults where the user has set nothing."""
    values = {}
    for setting in SETTINGS:
        key = setting.key.encode()
        if setting.kind == "bool":
            values[setting.key] = libobs.data_get_bool(data, key)
        elif setting.kind == "int":
            values[setting.key] = libobs.data_get_int(data, key)
        else:
            values[setting.key] = (libobs.data_get_string(data, key) or b"").decode("utf-8", "replace")
    return cleaned(values)


def defaults(data):
    """Puts the defaults into an obs_data_t."""
    for setting in SETTINGS:
        key = setting.key.encode()
        if setting.kind == "bool":
            libobs.data_set_default_bool(data, key, setting.default)
        elif setting.kind == "int":
            libobs.data_set_default_int(data, key, setting.default)
        else:
            libobs.data_set_default_string(data, key, setting.default.encode())


def properties(handle, source):
    """The panel of the source with that handle, an obs_properties_t. `source` serves it, or is None: then it is a bare form."""
    panel = libobs.properties_create()
    status = libobs.properties_add_text(panel, STATUS, b"", libobs.TEXT_INFO)
    _describe(status, source)
    libobs.property_set_long_description(
        libobs.properties_add_button(panel, CALIBRATE, b"Calibrate", bridge.on_clicked, handle), CALIBRATE_HELP.encode())
    for setting in SETTINGS:
        prop = _ADDERS[setting.kind](panel, setting, source)
        libobs.property_set_long_description(prop, setting.help.encode())
        if any(other.shown_when and other.shown_when[0] == setting.key for other in SETTINGS):
            libobs.property_set_modified_callback(prop, bridge.on_modified, handle)
    libobs.properties_add_button(panel, REFRESH, b"Refresh status", bridge.on_clicked, handle)
    if source is not None:
        _show_what_applies(panel, source.values)
    return panel


def clicked(panel, button, source):
    """A button of the panel. True: the panel is drawn again."""
    if source is None:
        return False
    if libobs.property_name(button) == CALIBRATE:
        source.calibrate()
    _describe(libobs.properties_get(panel, STATUS), source)
    return True


def modified(panel, data):
    """A list on which other settings depend was changed. True: the panel is drawn again."""
    _show_what_applies(panel, read(data))
    return True


def _show_what_applies(panel, values):
    for setting in SETTINGS:
        if setting.shown_when is not None:
            key, value = setting.shown_when
            libobs.property_set_visible(libobs.properties_get(panel, setting.key.encode()), values[key] == value)


def _describe(prop, source):
    """Puts the state of the source into the information row."""
    if source is None:
        text, kind = "The script is not loaded: see Tools > Scripts.", libobs.TEXT_INFO_WARNING
    else:
        text, kind = status_text(source.status), _INFO_TYPES.get(source.status["state"], libobs.TEXT_INFO_NORMAL)
    libobs.property_set_description(prop, text.encode())
    libobs.property_text_set_info_type(prop, kind)


_INFO_TYPES = {protocol.ERROR: libobs.TEXT_INFO_ERROR, protocol.NO_FACE: libobs.TEXT_INFO_WARNING}


def status_text(status):
    """A status as the information row shows it."""
    sentence = status["message"]
    if status["state"] not in (protocol.LIVE, protocol.NO_FACE):
        return sentence
    figures = "%.0f fps, %.0f ms delay, %s, face %s" % (
        status["fps"], status["delay_ms"], _engine_label(status["engine"]), "found" if status["face"] else "not found")
    return figures + ("\n" + sentence if sentence else "")


def _engine_label(engine):
    choices = next(setting.choices for setting in SETTINGS if setting.key == "engine")
    return next((choice.label for choice in choices if choice.id == engine), engine)


# ---- one function a kind of setting -----------------------------------------------------------------------------------

def _add_list(panel, setting, source):
    prop = libobs.properties_add_list(panel, setting.key.encode(), setting.label.encode(), libobs.COMBO_TYPE_LIST,
                                      libobs.COMBO_FORMAT_STRING)
    for choice in _choices(setting, source):
        libobs.property_list_add_string(prop, choice.label.encode(), choice.id.encode())
    return prop


def _choices(setting, source):
    """The fixed choices with those found now, and the stored one even where it is missing: it is shown, never lost."""
    if setting.listed_by is None:
        return setting.choices
    choices = _found(setting.listed_by, source)
    if setting.listed_by == "avatars":
        choices = choices + list(setting.choices)
    else:
        choices = [fixed for fixed in setting.choices if fixed.id not in {choice.id for choice in choices}] + choices
    stored = source.values[setting.key] if source is not None else setting.default
    if stored not in {choice.id for choice in choices}:
        choices.append(Choice(stored, "%s (not found)" % stored))
    return choices


def _found(listed_by, source):
    if listed_by == "avatars":
        return [Choice(entry.id, entry.title) for entry in avatars.available()]
    if source is None:
        return []
    if listed_by == "cameras":
        return [Choice(name, name) for name in source.cameras]
    return [Choice(str(number), name) for number, name in enumerate(source.monitors, 1)]


def _add_bool(panel, setting, source):
    return libobs.properties_add_bool(panel, setting.key.encode(), setting.label.encode())


def _add_int(panel, setting, source):
    return libobs.properties_add_int(panel, setting.key.encode(), setting.label.encode(), setting.minimum,
                                     setting.maximum, 1)


def _add_text(panel, setting, source):
    return libobs.properties_add_text(panel, setting.key.encode(), setting.label.encode(), libobs.TEXT_DEFAULT)


def _add_path(panel, setting, source):
    pattern = PICTURE_FILTER if setting.kind == "picture" else VIDEO_FILTER
    return libobs.properties_add_path(panel, setting.key.encode(), setting.label.encode(), libobs.PATH_FILE, pattern, None)


_ADDERS = {"list": _add_list, "bool": _add_bool, "int": _add_int, "text": _add_text, "picture": _add_path,
           "video": _add_path}

"""OBS's own files: writes a scene collection and a profile of ours next to the user's, which are left as they are.

Everything here takes OBS's configuration folder as an argument and uses the standard library only.
"""

from __future__ import annotations

import configparser
import io
import json
import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from ..shared import places

NAME = "OBS Avatar"
FILE_NAME = "OBS_Avatar"
"""The file name, without extension, that OBS makes of NAME."""

SOURCE_ID = "obs_avatar_source"
"""The same id as in core/obs/kept/bridge.py, which can only be imported inside OBS; a test keeps the two equal."""

WIDTH, HEIGHT, FRAMES_A_SECOND = 1280, 720, 30

WRITTEN_BY = 29 << 24 | 2
"""The version of OBS whose file format is written, 29.0.2, as OBS encodes it. Later versions update the files."""

MICROPHONE = {"win32": "wasapi_input_capture", "darwin": "coreaudio_input_capture"}
"""The id of OBS's microphone source by sys.platform."""

BOUNDS_SCALE_INNER = 2
ALIGN_TOP_LEFT, ALIGN_CENTRE = 5, 0


class Collection(NamedTuple):
    path: Path
    name: str
    scripts: list[str]
    """The paths of the scripts that the collection loads, as they are written in it."""


def folder() -> Path:
    """Return the folder in which OBS keeps its configuration on this system."""
    if sys.platform == "win32":
        base = Path(os.environ.get("APPDATA") or Path.home() / "AppData" / "Roaming")
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Application Support"
    else:
        base = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")
    return base / "obs-studio"


def script() -> Path:
    """Return the path of the script that OBS loads."""
    return places.ROOT / "obs_avatar.py"


def collections(config: Path) -> Iterator[Collection]:
    """Yield OBS's scene collections; files that are not scene collections are skipped."""
    for path in sorted((config / "basic" / "scenes").glob("*.json")):
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
            scripts = content.get("modules", {}).get("scripts-tool", [])
            yield Collection(path, str(content.get("name", path.stem)), [entry["path"] for entry in scripts])
        except (OSError, ValueError, AttributeError, KeyError, TypeError):
            continue


def write_collection(config: Path, settings: Mapping[str, Any]) -> bool:
    """Write our scene collection, with an avatar that has these settings. Return False if one of that name exists."""
    path = config / "basic" / "scenes" / (FILE_NAME + ".json")
    if any(collection.name == NAME for collection in collections(config)):
        return False
    return _write_new(path, json.dumps(scene_collection(settings), indent=4, ensure_ascii=False) + "\n")


def write_profile(config: Path) -> bool:
    """Write our profile. Return False if it already exists."""
    path = config / "basic" / "profiles" / FILE_NAME / "basic.ini"
    return _write_new(path, _ini({
        "General": {"Name": NAME},
        "Video": {"BaseCX": WIDTH, "BaseCY": HEIGHT, "OutputCX": WIDTH, "OutputCY": HEIGHT, "FPSType": 0,
                  "FPSCommon": FRAMES_A_SECOND}}))


def write_first_start(config: Path, python_folder: str = "") -> bool:
    """Keep the first-run wizard of an OBS that was never started from covering the picture.

    `python_folder` is the Python that OBS should use for scripts, on systems where it has to be told. Return False, and
    change nothing, if OBS already has settings.
    """
    if (config / "global.ini").exists() or (config / "user.ini").exists():
        return False
    content: dict[str, dict[str, Any]] = {
        "General": {"FirstRun": "true", "LastVersion": WRITTEN_BY},
        "Basic": {"Profile": NAME, "ProfileDir": FILE_NAME, "SceneCollection": NAME, "SceneCollectionFile": FILE_NAME}}
    if python_folder:
        content["Python"] = {"Path64bit": Path(python_folder).as_posix()}
    return _write_new(config / "global.ini", _ini(content))


def scene_collection(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return a scene collection with one scene and one avatar, centred and as high as the canvas."""
    item = {"id": 1, "name": "Avatar", "visible": True, "locked": False, "rot": 0.0, "align": ALIGN_TOP_LEFT,
            "pos": {"x": 0.0, "y": 0.0}, "scale": {"x": 1.0, "y": 1.0},
            "bounds_type": BOUNDS_SCALE_INNER, "bounds_align": ALIGN_CENTRE,
            "bounds": {"x": float(WIDTH), "y": float(HEIGHT)},
            "crop_left": 0, "crop_top": 0, "crop_right": 0, "crop_bottom": 0}
    return {
        "name": NAME, "current_scene": "Scene", "current_program_scene": "Scene", "scene_order": [{"name": "Scene"}],
        "modules": {"scripts-tool": [{"path": script().as_posix(), "settings": {}}]},
        "sources": [
            _source(SOURCE_ID, "Avatar", settings),
            _source("scene", "Scene", {"custom_size": False, "id_counter": 1, "items": [item]})],
        # A collection that OBS makes itself has a microphone too: people who record or stream want to be heard.
        "AuxAudioDevice1": _source(MICROPHONE.get(sys.platform, "pulse_input_capture"), "Mic/Aux", {"device_id": "default"}),
        "groups": [], "transitions": [], "transition_duration": 300}


def _source(kind: str, name: str, settings: Mapping[str, Any]) -> dict[str, Any]:
    return {"id": kind, "versioned_id": kind, "name": name, "settings": dict(settings), "filters": [], "enabled": True,
            "prev_ver": WRITTEN_BY}


def _ini(sections: Mapping[str, Mapping[str, Any]]) -> str:
    # A path may contain a percent sign, hence interpolation=None. OBS's keys are case-sensitive, hence optionxform.
    parser = configparser.ConfigParser(interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]  # as its documentation has it
    parser.read_dict(sections)
    text = io.StringIO()
    parser.write(text, space_around_delimiters=False)
    return text.getvalue()


def _write_new(path: Path, text: str) -> bool:
    """Write a new file; return False if it exists. Mode "x" never overwrites one, even if it appears at the same time."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError:
        return False
    return True

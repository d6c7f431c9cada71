"""The folder that OBS takes for the user's home: its settings, a profile and scene collections, made afresh a test."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

SOURCE_ID = "obs_avatar_source"
FILTER_ID = "obs_avatar_filter"
SCENE = "Scene"
COLLECTION = "Untitled"
CANVAS = (640, 360)
"""Small, since OBS draws on the processor here."""

_VERSION = 486539266  # 29.0.2: newer versions migrate the files

_GLOBAL = """\
[General]
Language={language}
FirstRun=true
LastVersion={version}
Pre19Defaults=false
Pre21Defaults=false
Pre23Defaults=false
Pre24.1Defaults=false
EnableAutoUpdates=false
[Basic]
Profile=Untitled
ProfileDir=Untitled
SceneCollection={collection}
SceneCollectionFile={collection}
[BasicWindow]
PreviewEnabled=false
[OBSWebSocket]
FirstLoad=false
ServerEnabled=true
ServerPort={port}
AlertsEnabled=false
AuthRequired=false
"""

_PROFILE = """\
[General]
Name=Untitled
[Video]
BaseCX={width}
BaseCY={height}
OutputCX={width}
OutputCY={height}
FPSCommon=30
[Output]
Mode=Simple
[SimpleOutput]
FilePath={recordings}
RecFormat=mkv
VBitrate=2500
StreamEncoder=x264
RecQuality=Stream
"""


def collection(name: str, scripts: Sequence[tuple[Path, Mapping[str, Any]]],
               sources: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """A scene collection as OBS saves it: scripts with their settings, and one scene with Avatar sources."""
    items = [_item(number, source) for number, source in enumerate(sources, 1)]
    scene = _source("scene", SCENE, {"custom_size": False, "id_counter": len(items), "items": items})
    return {
        "name": name, "current_scene": SCENE, "current_program_scene": SCENE, "scene_order": [{"name": SCENE}],
        "modules": {"scripts-tool": [{"path": str(path), "settings": dict(values)} for path, values in scripts]},
        "sources": [_source(SOURCE_ID, source, values) for source, values in sources.items()] + [scene],
        "groups": [], "transitions": [], "transition_duration": 300, "current_transition": "Cut",
    }


def _source(kind: str, name: str, settings: Mapping[str, Any]) -> dict[str, Any]:
    return {"id": kind, "versioned_id": kind, "name": name, "settings": dict(settings), "filters": [],
            "enabled": True, "prev_ver": _VERSION}


def _item(number: int, name: str) -> dict[str, Any]:
    corner, zero, one = {"x": 0.0, "y": 0.0}, 0, {"x": 1.0, "y": 1.0}
    return {"id": number, "name": name, "visible": True, "locked": False, "align": 5, "pos": corner, "scale": one,
            "rot": 0.0, "crop_left": zero, "crop_top": zero, "crop_right": zero, "crop_bottom": zero,
            "bounds_type": 0, "bounds_align": 0, "bounds": corner, "scale_filter": "disable"}


def config(home: Path) -> Path:
    return home / ".config" / "obs-studio"


def collection_file(home: Path, name: str) -> Path:
    return config(home) / "basic" / "scenes" / f"{name}.json"


def recordings(home: Path) -> Path:
    return home / "recordings"


def write(home: Path, port: int, collections: Sequence[Mapping[str, Any]]) -> None:
    """All files. The first collection is the one OBS starts with; files of a previous run are written over."""
    for folder in (recordings(home), home / "run"):
        folder.mkdir(parents=True, exist_ok=True)
    (home / "run").chmod(0o700)  # XDG_RUNTIME_DIR has to be the user's alone
    _write_text(config(home) / "basic" / "profiles" / "Untitled" / "basic.ini",
                _PROFILE.format(width=CANVAS[0], height=CANVAS[1], recordings=recordings(home)))
    for made in collections:
        _write_text(collection_file(home, made["name"]), json.dumps(made, indent=1))
    select(home, port, collections[0]["name"])


def select(home: Path, port: int, name: str, language: str = "en-US") -> None:
    """Lets the next start use this collection, this websocket port and this language; everything else stays as OBS saved it."""
    _write_text(config(home) / "global.ini", _GLOBAL.format(version=_VERSION, port=port, collection=name,
                                                               language=language))
    (config(home) / "user.ini").unlink(missing_ok=True)  # 31 and newer make it again from global.ini
    # From obs-websocket 5.5 (OBS 30.2) on its settings are in a file of their own.
    _write_text(config(home) / "plugin_config" / "obs-websocket" / "config.json", json.dumps({
        "alerts_enabled": False, "auth_required": False, "first_load": False, "server_enabled": True,
        "server_password": "", "server_port": port}))


def _write_text(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)

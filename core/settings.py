"""Every setting a user can see, once. Standard library only: both processes and the command line use it.

The property panel, its defaults, the command line, the worker's checks and the table in the README are all made from
SETTINGS. Keys and choice ids are stored in scene collections: they stay as they are for ever; texts may change.
"""

from dataclasses import dataclass
from typing import Any, Dict, Mapping, Optional, Tuple


@dataclass(frozen=True)
class Choice:
    id: str
    label: str


@dataclass(frozen=True)
class Setting:
    key: str
    kind: str
    """"list", "bool", "int", "text", "picture" or "video" (the last two are paths of a file)."""
    default: Any
    label: str
    help: str
    """One or two sentences for the tooltip and the docs: what it does and what follows from it."""
    choices: Tuple[Choice, ...] = ()
    listed_by: Optional[str] = None
    """Where further choices come from while the program runs: "avatars", "cameras" or "monitors"."""
    minimum: int = 0
    maximum: int = 0
    shown_when: Optional[Tuple[str, str]] = None
    """(key, value): the panel shows this setting only while that list setting has that value."""


SETTINGS: Tuple[Setting, ...] = (
    Setting("avatar", "list", "nora", "Avatar",
            "The picture that moves with your face. Pictures in your own avatar folder are listed too.",
            choices=(Choice("file", "Picture file…"),), listed_by="avatars"),
    Setting("avatar_file", "picture", "", "Picture file",
            "A picture of one face, seen from the front, head and shoulders. Use pictures of people only with their consent.",
            shown_when=("avatar", "file")),
    Setting("driver", "list", "camera", "Driver",
            "Where the moving face comes from. It is open only while the avatar is shown somewhere.",
            choices=(Choice("camera", "Camera"), Choice("file", "Video file"), Choice("stream", "Stream address"),
                     Choice("screen", "Part of the screen"))),
    Setting("camera", "list", "", "Camera",
            "The camera to use, remembered by its name.",
            choices=(Choice("", "First camera found"),), listed_by="cameras", shown_when=("driver", "camera")),
    Setting("driver_file", "video", "", "Video file",
            "A video with one face. It plays at its own speed, over and over.", shown_when=("driver", "file")),
    Setting("driver_url", "text", "", "Stream address",
            "The address of a video stream, such as rtsp://… or http://…. This is the only setting that uses the network.",
            shown_when=("driver", "stream")),
    Setting("monitor", "list", "1", "Screen",
            "The screen to watch, for example for a face in a video call.",
            choices=(Choice("1", "First screen"),), listed_by="monitors", shown_when=("driver", "screen")),
    Setting("region_left", "int", 0, "Left", "Left edge of the watched part of the screen, in pixels.",
            maximum=32767, shown_when=("driver", "screen")),
    Setting("region_top", "int", 0, "Top", "Upper edge of the watched part of the screen, in pixels.",
            maximum=32767, shown_when=("driver", "screen")),
    Setting("region_width", "int", 0, "Width", "Width of the watched part of the screen in pixels; 0 is all to the right.",
            maximum=32767, shown_when=("driver", "screen")),
    Setting("region_height", "int", 0, "Height", "Height of the watched part of the screen in pixels; 0 is all below.",
            maximum=32767, shown_when=("driver", "screen")),
    Setting("motion", "list", "relative", "Motion",
            "Relative: the avatar keeps its own face and takes over your changes from a neutral pose (see Calibrate). "
            "Absolute: your face's own place and shape are taken over as they are.",
            choices=(Choice("relative", "Relative to a neutral pose"), Choice("absolute", "Absolute"))),
    Setting("mirror", "bool", False, "Mirror", "Flips the picture left to right, so that it moves like a mirror."),
    Setting("engine", "list", "landmark", "Engine", "What moves the picture. The built-in engine needs no graphics card.",
            choices=(Choice("landmark", "Built-in (face landmarks)"),)),
    Setting("size", "list", "512", "Size",
            "Width and height of the picture in pixels. Larger is sharper and costs more processor time.",
            choices=(Choice("256", "256 x 256"), Choice("512", "512 x 512"), Choice("768", "768 x 768"),
                     Choice("1024", "1024 x 1024"))),
    Setting("badge", "bool", True, "Show the “AI avatar” badge",
            "A small label that tells viewers that they see an avatar. People deserve to know, and in many places the "
            "law asks for it: turn it off only if you tell them in another way."),
)

BY_KEY: Mapping[str, Setting] = {s.key: s for s in SETTINGS}

DEFAULTS: Mapping[str, Any] = {s.key: s.default for s in SETTINGS}


def cleaned(values: Mapping[str, Any]) -> Dict[str, Any]:
    """All settings, with whatever `values` holds in the right form, and the default for what is missing or is not.

    Unknown keys (a newer version's settings) are left out. Ids of lists that are filled while the program runs are kept
    as they are, since a camera or a picture that is missing now may come back.
    """
    return {s.key: _fits(s, values.get(s.key, s.default)) for s in SETTINGS}


def _fits(setting: Setting, value: Any) -> Any:
    if setting.kind == "bool":
        return value if isinstance(value, bool) else setting.default
    if setting.kind == "int":
        is_number = isinstance(value, int) and not isinstance(value, bool)
        return min(max(value, setting.minimum), setting.maximum) if is_number else setting.default
    if not isinstance(value, str):
        return setting.default
    if setting.kind == "list" and not setting.listed_by and value not in {c.id for c in setting.choices}:
        return setting.default
    return value

"""What stands in the tests' scene: one avatar that a video moves. Tests that share an OBS find it so."""

from __future__ import annotations

from pathlib import Path

from . import pictures
from .home import SCENE
from .remote import Remote
from .waiting import PATIENCE

CLIP = Path(__file__).resolve().parent.parent / "data" / "short_drive" / "drive.mp4"
"""Five seconds, 256 x 256, rendered as the clip that ships was; its script lies beside it."""
AVATAR = "Avatar"
"""The name of the source."""

DRIVEN = {"avatar": "nora", "driver": "file", "driver_file": str(CLIP), "size": "256"}
"""Its settings: a size small enough for a test machine."""
SIZE = 256

LIVE_SECONDS = PATIENCE
"""Until the first moving picture: the worker imports its libraries, on a machine that also draws OBS."""

_NOTHING = "Between two modules"


def put_right(obs: Remote) -> None:
    """Takes away what tests have put into this OBS, and gives it its avatar, live."""
    obs.show_scene(SCENE)
    for name in obs.source_names():
        if name != AVATAR:
            obs.remove_source(name)
    for name in obs.scene_names():
        if name != SCENE:
            obs.remove_scene(name)
    if AVATAR in obs.source_names():
        obs.replace_settings(AVATAR, DRIVEN)
    else:
        obs.add_source(AVATAR, DRIVEN)
    obs.wait_for(lambda: obs.source_names() == [AVATAR] and obs.scene_names() == [SCENE], PATIENCE, "all else is gone")
    obs.wait_for_state(AVATAR, "live", LIVE_SECONDS)
    obs.wait_for(lambda: pictures.shows_avatar(obs.screenshot(AVATAR), DRIVEN["avatar"]), PATIENCE, "the avatar is as it was")


def leave(obs: Remote) -> None:
    """Shows an empty scene, so that no avatar takes the time of what runs meanwhile."""
    if _NOTHING not in obs.scene_names():
        obs.make_scene(_NOTHING)
    obs.show_scene(_NOTHING)

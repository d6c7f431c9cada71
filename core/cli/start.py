"""`start`: goes from nothing to OBS with the avatar on or, without a display, to a rendered file."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from ..shared import places
from ..shared.errors import UserError
from . import obs_config, obs_program, obs_python, system_packages
from .checks import cameras
from .options import given_settings

SHIPPED_CLIP = places.SHIPPED_AVATARS / "driving" / "drive.mp4"
DEMO = Path("obs-avatar-demo.mp4")


def run(arguments: argparse.Namespace) -> int:
    settings = given_settings(arguments)
    if not obs_program.has_display():
        print("There is no display here (neither DISPLAY nor WAYLAND_DISPLAY is set), so OBS cannot be shown.\n"
              "The clip that comes with OBS Avatar is rendered instead.")
        return _demo(settings)
    program = obs_program.find() or _installed(arguments.yes)
    if obs_program.is_running():
        raise UserError("OBS is already running. Close it and run this command again, or add the avatar yourself: "
                        f"add “{places.ROOT / 'obs_avatar.py'}” in Tools > Scripts, then choose Sources > + > Avatar.")
    settings.update(_driver(settings))
    _write(obs_config.folder(), settings)
    obs_program.launch(program, ["--collection", obs_config.NAME, "--profile", obs_config.NAME])
    print("OBS is open with the avatar on. To change the picture or camera, or calibrate, double-click “Avatar” in Sources.\n"
          f"Your own scenes have not changed. The menus Scene Collection and Profile lead back from “{obs_config.NAME}”.")
    return 0


def _installed(yes: bool) -> Path:
    """Install OBS and return its path. Raises UserError if that is not possible or not wanted."""
    print("OBS Studio is not installed. It can be installed with:")
    by_hand = "Install it from your system's software centre or from obsproject.com, then run this command again."
    try:
        system_packages.install(system_packages.OBS_BY_MANAGER.get(system_packages.manager() or "", []), yes)
    except system_packages.NotInstalled as reason:
        raise UserError(f"OBS Studio is not installed: {reason}. {by_hand}") from reason
    program = obs_program.find()
    if program is None:
        raise UserError(f"OBS Studio was installed but could not be found. {by_hand}")
    return program


def _driver(settings: dict[str, Any]) -> dict[str, Any]:
    """Return settings for a driver if none was chosen: a camera if there is one, else the clip that ships."""
    if "driver" in settings:
        return {}
    if cameras.found():
        return {"driver": "camera"}
    print("No camera was found, so the avatar follows the clip that comes with OBS Avatar. "
          "To use something else, choose another driver in the avatar's properties.")
    return {"driver": "file", "driver_file": str(SHIPPED_CLIP)}


def _write(config: Path, settings: dict[str, Any]) -> None:
    try:
        fresh = obs_config.write_first_start(config, obs_python.folder())
        obs_config.write_profile(config)
        if not obs_config.write_collection(config, settings):
            _tell_of_existing(config)
    except OSError as error:
        raise UserError(f"OBS's folder {config} cannot be written to ({error.strerror}). Check its permissions.") from error
    if sys.platform in obs_python.CHOSEN_BY_USER and not (fresh and obs_python.folder()):
        print(f"If OBS does not know which Python to use yet: {obs_python.advice()}.")


def _tell_of_existing(config: Path) -> None:
    print(f"The scene collection “{obs_config.NAME}” already exists and stays as it is: the settings of this command are "
          "not applied to it. Change them in the avatar's properties.")
    ours = next(c for c in obs_config.collections(config) if c.name == obs_config.NAME)
    if not any(Path(path) == obs_config.script() for path in ours.scripts):
        print(f"It does not load {obs_config.script()}. Add that in Tools > Scripts, or remove the scene collection in OBS "
              "(Scene Collection > Remove) and run this command again.")


def _demo(settings: dict[str, Any]) -> int:
    from . import contact_sheet, render
    clip = Path(settings.pop("driver_file", SHIPPED_CLIP))
    render.render(clip, DEMO, settings)
    sheet = DEMO.with_suffix(".png")
    contact_sheet.write(DEMO, sheet)
    print(f"{DEMO.resolve()}\n{sheet.resolve()}")
    return 0

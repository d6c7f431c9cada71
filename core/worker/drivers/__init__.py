"""Drivers: where the moving face comes from. `for_settings` makes the one that the settings name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..obs_pictures import ObsPictures
from .base import Driver, DriverError, DrivingFrame

__all__ = ["SETTINGS_USED", "Driver", "DriverError", "DrivingFrame", "for_settings"]

SETTINGS_USED = ("driver", "camera", "driver_source", "driver_file", "driver_url", "monitor",
                 "region_left", "region_top", "region_width", "region_height")
"""The settings that, when they change, mean another driver."""


def for_settings(values: Mapping[str, Any], feed: ObsPictures) -> Driver:
    """The driver that `values` (cleaned settings) name, not open yet. Each is imported only when it is used.

    feed: where the pictures of OBS's own sources come from.
    """
    if values["driver"] == "obs_source":
        from .obs_source import ObsSource
        return ObsSource(values["driver_source"], feed)
    if values["driver"] == "camera":
        from .camera import Camera
        return Camera(values["camera"])
    if values["driver"] == "screen":
        from .screen import Region, Screen
        return Screen(int(values["monitor"]), Region(values["region_left"], values["region_top"],
                                                     values["region_width"], values["region_height"]))
    from .video import VideoFile, VideoStream
    return VideoFile(values["driver_file"]) if values["driver"] == "file" else VideoStream(values["driver_url"])

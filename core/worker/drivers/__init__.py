"""Drivers deliver the moving face. `for_settings` makes the one that the settings choose."""

from __future__ import annotations

from ...shared.settings import OBS_SOURCE, Settings
from ..obs_pictures import ObsPictures
from .base import Driver, DriverError

__all__ = ["Driver", "DriverError", "for_settings"]


def for_settings(settings: Settings, feed: ObsPictures) -> Driver:
    """Return the driver that `settings` choose, not yet open. Each driver is imported only when it is used.

    `feed` delivers the pictures of OBS's own sources. Raises LookupError for an unknown driver.
    """
    if settings.driver == OBS_SOURCE:
        from .obs_source import ObsSource
        return ObsSource(settings.driver_source, feed)
    if settings.driver == "camera":
        from .camera import Camera
        return Camera(settings.camera)
    if settings.driver == "screen":
        from .screen import Region, Screen
        return Screen(int(settings.monitor), Region(settings.region_left, settings.region_top,
                                                     settings.region_width, settings.region_height))
    from .video import VideoFile, VideoStream
    if settings.driver == "file":
        return VideoFile(settings.driver_file)
    if settings.driver == "stream":
        return VideoStream(settings.driver_url)
    raise LookupError(f"drivers.for_settings has no line for {settings.driver!r}")

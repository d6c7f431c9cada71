"""OBS's Virtual Camera, which carries the picture to Zoom, Skype, Teams and other programs."""

from .kept import libobs

OUTPUT_ID = b"virtualcam_output"


def installed() -> bool:
    """Return whether this OBS has a Virtual Camera; on Linux, that takes a kernel module."""
    return libobs.frontend_start_virtualcam is not None and libobs.output_get_display_name(OUTPUT_ID) is not None


def active() -> bool:
    return libobs.frontend_virtualcam_active()


def start() -> None:
    if installed() and not active():
        libobs.frontend_start_virtualcam()


def toggle() -> None:
    if active():
        libobs.frontend_stop_virtualcam()
    else:
        libobs.frontend_start_virtualcam()

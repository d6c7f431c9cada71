"""OBS's virtual camera, which carries the picture to Zoom, Skype, Teams and others."""

from .kept import libobs

OUTPUT_ID = b"virtualcam_output"


def installed():
    """Whether this OBS can have one; on Linux the kernel needs a module for it."""
    return libobs.frontend_start_virtualcam is not None and libobs.output_get_display_name(OUTPUT_ID) is not None


def active():
    return libobs.frontend_virtualcam_active()


def start():
    if installed() and not active():
        libobs.frontend_start_virtualcam()


def toggle():
    if active():
        libobs.frontend_stop_virtualcam()
    else:
        libobs.frontend_start_virtualcam()

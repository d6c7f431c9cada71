"""The bridge against a bare libobs, newer than that of the system's OBS. See core/cli/bare_libobs.py."""

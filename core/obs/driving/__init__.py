"""Delivers frames of another source in OBS, which drives the avatar, to a worker."""

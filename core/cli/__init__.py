"""The commands outside OBS: `python3 obs_avatar.py --help`."""

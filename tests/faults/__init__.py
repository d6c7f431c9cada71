"""The fault campaign: what breaks on purpose in a real OBS, and whether the viewers notice. See docs/reliability.md."""

"""Helpers of tests in several rooms: a real OBS and what is in it, clips, pictures and processes."""

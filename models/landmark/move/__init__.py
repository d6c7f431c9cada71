"""Measuring a driver's motion, and retargeting it to the avatar's own face."""

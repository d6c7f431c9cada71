"""Tests that drive a real OBS Studio: what a user sees in OBS, and what OBS's own log says about us."""

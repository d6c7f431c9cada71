"""Reads pictures from files, decodes and encodes them, and frames faces in them."""

"""Mattes, which separate a person from the background, for every engine."""

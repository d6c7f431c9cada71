"""Follows the driver: smoothing, the reference, idle motion, expressions and motion files."""

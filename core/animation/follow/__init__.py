"""Following the driver: smoothing, the reference, what the avatar does alone, expressions, motion files."""

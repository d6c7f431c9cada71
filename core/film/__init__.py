"""A clip in, a film out, without a terminal."""

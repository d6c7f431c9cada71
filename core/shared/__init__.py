"""What both sides of the product know: settings, texts, places, avatars on disk, limits, errors.

Standard library and 3.8 syntax only: OBS loads it, too.
"""

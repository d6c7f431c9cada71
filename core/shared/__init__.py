"""What both sides of the product share: settings, texts, places, avatars on disk, limits, errors.

Standard library and Python 3.8 syntax only, because OBS loads it too.
"""

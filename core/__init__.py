"""OBS Avatar: everything but the engines.

Inside OBS this package is loaded under a private name (see obs_avatar.py), because all OBS scripts share one
interpreter and "core" is a common word: modules in here import each other relatively.
"""

__version__ = "0.1.0"

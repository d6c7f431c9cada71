"""Manages weights that others have published: lists them, downloads or imports them, and checks those that are here.

Importing this package and looking at what is here uses neither the network nor PyTorch; only `fetch` downloads, and only
what the user has asked for.
"""

from .download import Patience
from .errors import WeightsError
from .install import fetch, import_file
from .registry import KNOWN, MIRRORS_VARIABLE, KnownFile, downloadable, find
from .store import State, Status, everything, folder, look, path

__all__ = ["KNOWN", "MIRRORS_VARIABLE", "KnownFile", "Patience", "State", "Status", "WeightsError", "downloadable",
           "everything", "fetch", "find", "folder", "import_file", "look", "path"]

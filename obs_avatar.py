#!/usr/bin/env python3
"""OBS Avatar: a picture that moves with your face, inside OBS Studio.

In OBS: Tools > Scripts > +, choose this file, then add the source "Avatar" to a scene.
In a terminal: python3 obs_avatar.py --help
"""

import importlib.util
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent
PRIVATE_NAME = "obs_avatar_core"
"""The name of core/ inside OBS, where all scripts share one interpreter and another script may have a "core", too."""
KEPT = ".obs.kept"
"""The package whose modules stay for the life of the process: OBS holds addresses of what is in them."""
KEPT_BY_0_1 = (".obs.libobs", ".obs.calls", ".obs.records", ".obs.screen", ".obs.hotkey_binding", ".obs.bridge", ".obs.remote")
"""The names that the kept modules had in version 0.1; they are in memory if that version was updated while OBS ran."""


def _core() -> Any:
    """Load core/ under its private name, all modules anew but the kept ones and their packages; return what serves OBS."""
    for name in [name for name in sys.modules if name.startswith(PRIVATE_NAME + ".")]:
        inside = name[len(PRIVATE_NAME):]
        if inside != ".obs" and not (inside + ".").startswith(KEPT + ".") and inside not in KEPT_BY_0_1:
            package, _, module = name.rpartition(".")
            if package in sys.modules:  # else "from . import module" would find the old one
                vars(sys.modules[package]).pop(module, None)
            del sys.modules[name]
    core = sys.modules.get(PRIVATE_NAME)
    if core is None:
        spec = importlib.util.spec_from_file_location(PRIVATE_NAME, str(ROOT / "core" / "__init__.py"),
                                                      submodule_search_locations=[str(ROOT / "core")])
        assert spec is not None
        core = sys.modules[PRIVATE_NAME] = importlib.util.module_from_spec(spec)
    assert core.__spec__ is not None and core.__spec__.loader is not None
    core.__spec__.loader.exec_module(core)  # each time, because an update changes the version in it
    return importlib.import_module(PRIVATE_NAME + (".obs.outdated" if _is_outdated() else ".obs.script"))


def _is_outdated() -> bool:
    """Return whether the kept modules in memory are of a version other than that of the files."""
    kept = sys.modules.get(PRIVATE_NAME + KEPT)
    return PRIVATE_NAME + KEPT_BY_0_1[0] in sys.modules or (kept is not None and kept.outdated())


def _loaded() -> Any:
    """Return the module that serves OBS now, or None while the script is not loaded."""
    return sys.modules.get(PRIVATE_NAME + ".obs.script") or sys.modules.get(PRIVATE_NAME + ".obs.outdated")


def script_description() -> str:
    return (_loaded() or _core()).description()


def script_load(settings: Any) -> None:
    _core().load()


def script_unload() -> None:
    loaded = _loaded()
    del sys.modules[loaded.__name__]  # so that the next description is the new code's: OBS asks for it before it loads again
    loaded.unload()


if __name__ == "__main__":
    if sys.version_info < (3, 9):
        sys.exit("OBS Avatar needs Python 3.9 or newer; this is Python %d.%d." % sys.version_info[:2])
    sys.path.insert(0, str(ROOT))
    from core.cli.main import main
    sys.exit(main(sys.argv[1:]))

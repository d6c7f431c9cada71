"""A copy of the product whose workers can be made to fail from outside. The product itself has no door for that.

The copy's `.venv` holds one file, an interpreter that runs `hook.py` before the worker; all else is the product as it is.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from pathlib import Path
from typing import Any

from core.shared import places

HOOK = Path(__file__).with_name("hook.py")
LEFT_OUT = shutil.ignore_patterns("__pycache__")


class Product:
    def __init__(self, root: Path) -> None:
        self.root, self.script = root, root / "obs_avatar.py"
        root.mkdir(parents=True, exist_ok=True)
        shutil.copy(places.ROOT / "obs_avatar.py", self.script)
        shutil.copytree(places.ROOT / "core", root / "core", ignore=LEFT_OUT)
        for folder in ("models", "avatars"):
            (root / folder).symlink_to(places.ROOT / folder)
        python = root / ".venv" / "bin" / "python"
        python.parent.mkdir(parents=True)
        python.write_text(f'#!/bin/sh\nexec "{sys.executable}" -u -I "{HOOK}" "{root}" "$@"\n')
        python.chmod(0o755)

    def edit(self, file: str, old: str, new: str) -> None:
        """Another text in a file of the copy."""
        path = self.root / file
        text = path.read_text("utf-8")
        assert old in text, f"{file} has no {old}"
        later = path.stat().st_mtime + 2  # Python takes a file of the same second and size for the one that it compiled
        path.write_text(text.replace(old, new, 1), "utf-8")
        os.utime(path, (later, later))

    def once(self, do: str, **how: Any) -> None:
        """The worker that sees it first does it, once."""
        self._write("once.json", do, how)

    def always(self, do: str, **how: Any) -> None:
        """Every worker does it, from its start on, until `calm`."""
        self._write("always.json", do, how)

    def calm(self) -> None:
        for file in [self.root / "always.json", *self.root.glob("once.*")]:
            file.unlink(missing_ok=True)

    def hits(self) -> int:
        """How often a fault has really happened."""
        return len(self._hits.read_text().splitlines()) if self._hits.exists() else 0

    @property
    def _hits(self) -> Path:
        return self.root / "hits.txt"

    def _write(self, name: str, do: str, how: dict[str, Any]) -> None:
        unfinished = self.root / (name + ".new")
        unfinished.write_text(json.dumps({"do": do, **how}))
        os.replace(unfinished, self.root / name)

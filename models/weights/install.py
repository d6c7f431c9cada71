"""Installs a model: downloads it or takes it from a file, checks it, and converts it once."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path

from core.shared.texts import text

from . import files, registry, store
from .download import PATIENT, NoMirror, Patience, Progress, Say, download
from .errors import WeightsError

_CONVERTED = 1.5
"""The size of the converted weights, in full and half precision together, as a multiple of the checkpoint's."""


def fetch(name: str, progress: Progress = lambda here, total: None, say: Say = lambda sentence: None,
          patience: Patience = PATIENT) -> None:
    """Download a known model and convert it, continuing where an earlier attempt stopped. Raises UserError."""
    known = registry.downloadable(name)
    with _at_work():
        state = store.look(name, thoroughly=True).state
        if state is store.State.READY:
            return
        file, part = store.published_file(known), store.part_file(known)
        files.make_room(file.parent, int(known.size * (1 + _CONVERTED)) - files.size(part) - files.size(file))
        if state is not store.State.UNCONVERTED:
            try:
                download(known, part, progress, say, patience)
            except NoMirror as error:
                raise WeightsError(_not_downloaded(known, error.reasons, part.is_file())) from error
            os.replace(part, file)
        _convert(file, known.name, str(known.md5), say)
        file.unlink()  # the converted files contain all that is used of it, without loss


def _not_downloaded(known: registry.KnownFile, reasons: Sequence[str], begun: bool) -> str:
    """Return what the user can do if no mirror delivered the file; `begun` is whether a part of it has arrived."""
    lines = [f"  - {reason}" for reason in reasons] + ([text("Weights.Kept")] if begun else [])
    return text("Weights.NoMirror", file=known.file_name, reasons="\n".join(lines), page=known.page,
                command=f"{registry.COMMAND} import {known.file_name}")


def import_file(path: Path, name: str | None = None, say: Say = lambda sentence: None) -> str:
    """Import a checkpoint that the user has, without changing the file, and return the model's name.

    name: the name for it, or None for its known name or, failing that, one made from the file's. Raises UserError.
    """
    try:
        with open(path, "rb") as file:
            if files.is_web_page(file.read(1024)):
                raise WeightsError(text("Weights.WebPage", name=path.name))
        md5 = files.digest(path, "md5")
    except OSError as error:
        raise WeightsError(text("Weights.NoFile", file=path, error=error.strerror)) from error
    name = _name_for(path, md5, name)
    with _at_work():
        if store.look(name, thoroughly=True).state is store.State.READY:
            if store.source_md5(name) == md5:
                return name
            raise WeightsError(text("Weights.NameTaken", name=name, folder=store.folder() / name))
        files.make_room(store.folder(), int(files.size(path) * _CONVERTED))
        _convert(path, name, md5, say)
    return name


def _at_work() -> AbstractContextManager[None]:
    files.make_room(store.folder(), 0)
    return files.alone(store.folder() / ".lock")


def _name_for(path: Path, md5: str, wanted: str | None) -> str:
    """Return the name for a file with that hash. Raises WeightsError if the name is invalid or that of a different file."""
    alike = ([known for known in registry.KNOWN if known.md5 == md5]
             + [known for known in registry.KNOWN if known.file_name == path.name])
    name = wanted or (alike[0].name if alike else _name_from(path.name))
    if not re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,63}", name):
        raise WeightsError(text("Weights.BadName", name=name))
    known = registry.find(name)
    if known and known.md5 not in (None, md5):
        raise WeightsError(text("Weights.OtherFile", name=path.name, file=known.file_name, md5=md5, published=known.md5))
    return name


def _name_from(file_name: str) -> str:
    return re.sub(r"[^a-z0-9_-]+", "-", file_name.lower().split(".")[0]).strip("-_")[:64] or "model"


def _convert(file: Path, name: str, md5: str, say: Say) -> None:
    """Convert a checkpoint to the files that `store.path` returns. Raises WeightsError, checkpoint.CheckpointError."""
    try:
        from safetensors import SafetensorError

        from models.fomm import checkpoint
    except (ImportError, OSError) as error:  # on Windows, a missing library of PyTorch's is an OSError
        raise WeightsError(text("Weights.NoPyTorch", file=file.name, error=error)) from error
    say(text("Weights.Converting", file=file.name))
    try:
        store.write_about(name, file, md5, checkpoint.convert(file, store.folder() / name, name))
    except (OSError, SafetensorError) as error:
        raise WeightsError(text("Weights.CannotConvert", folder=store.folder() / name, error=error)) from error

"""Describes the user's folder of models: where the files are, their state, and whether they are still unchanged.

Each model has a folder of its own name. It contains the published file (with the suffix `.part` until it is complete) and
later the converted weights and about.json, which is written last and describes them. No network, no PyTorch.
"""

from __future__ import annotations

import enum
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

from core.shared import places
from core.shared.files import write_whole
from core.shared.texts import text

from . import files, registry
from .errors import WeightsError
from .registry import COMMAND, KnownFile


class State(enum.Enum):
    ABSENT = "not here"
    PARTIAL = "partial"
    UNCONVERTED = "not converted"
    READY = "ready"
    DAMAGED = "damaged"


class Status(NamedTuple):
    name: str
    title: str
    state: State
    text: str
    """A sentence for the user: what there is and, if that is not everything, what to do."""


def folder() -> Path:
    """Return the path of the folder of all models, which may not exist yet."""
    return places.user_data() / "models"


def published_file(known: KnownFile) -> Path:
    """Return the path of the published file between its download and its conversion."""
    return folder() / known.name / known.file_name


def part_file(known: KnownFile) -> Path:
    """Return the path of the published file while it is being downloaded."""
    return folder() / known.name / (known.file_name + ".part")


def path(name: str, precision: str = "fp32") -> Path:
    """Return the path of a model's converted weights; `precision` is "fp32" or "fp16". Raises WeightsError."""
    status = look(name)
    if status.state is not State.READY:
        raise WeightsError(status.text)
    return folder() / name / f"{name}-{precision}.safetensors"


def everything(thoroughly: bool = False) -> list[Status]:
    """Return the status of all models that are known or here, the known ones first; see `look`."""
    names = [known.name for known in registry.KNOWN]
    names += sorted(about.parent.name for about in folder().glob("*/about.json") if about.parent.name not in names)
    return [look(name, thoroughly) for name in names]


def look(name: str, thoroughly: bool = False) -> Status:
    """Return the status of a model. `thoroughly` hashes its files, which takes a second, instead of only comparing sizes."""
    known = registry.find(name)
    try:
        state, sentence = _look(name, known, thoroughly)
    except OSError as error:
        state, sentence = State.DAMAGED, text("Weights.Unreadable", file=error.filename, error=error.strerror)
    return Status(name, known.title if known else "Imported", state, sentence)


def source_md5(name: str) -> str | None:
    """Return the MD5 of the checkpoint from which a model was made, or None if there is no such model."""
    about = _read_about(name)
    return str(about["source"]["md5"]) if about is not None else None


def _look(name: str, known: KnownFile | None, thoroughly: bool) -> tuple[State, str]:
    again = f"{COMMAND} fetch {name}" if known and known.md5 else f"{COMMAND} import FILE --as {name}"
    about = _read_about(name)
    if about is not None:
        damage = _damage(folder() / name, about, thoroughly, again)
        if damage:
            return State.DAMAGED, damage
        return State.READY, text("Weights.Ready", file=about["source"]["file"], md5=about["source"]["md5"])
    if known and published_file(known).is_file():
        if thoroughly and known.md5 != files.digest(published_file(known), "md5"):
            return State.DAMAGED, text("Weights.NotPublished", file=known.file_name, command=again)
        return State.UNCONVERTED, text("Weights.Unconverted", file=known.file_name, command=again)
    if known and part_file(known).is_file():
        here, whole = files.megabytes(files.size(part_file(known))), files.megabytes(known.size)
        return State.PARTIAL, text("Weights.Partial", here=here, whole=whole, command=again)
    if known and not known.md5:
        command = f"{COMMAND} import {known.file_name}"
        return State.ABSENT, text("Weights.AbsentByHand", file=known.file_name, page=known.page, command=command)
    return State.ABSENT, text("Weights.Absent", command=again)


def _damage(place: Path, about: dict[str, Any], thoroughly: bool, again: str) -> str:
    """Return what is wrong with the converted files, as a sentence for the user; empty if they are unchanged.

    again: the command that installs them again.
    """
    for name, was in about["files"].items():
        if not (place / name).is_file():
            return text("Weights.FileMissing", file=name, command=again)
        same_size = files.size(place / name) == was["size"]
        if not same_size or (thoroughly and files.digest(place / name, "sha256") != was["sha256"]):
            return text("Weights.FileChanged", file=name, command=again)
    return ""


def _read_about(name: str) -> dict[str, Any] | None:
    """Return the contents of a model's about.json, or None if there is none or it cannot be read."""
    try:
        about = json.loads((folder() / name / "about.json").read_text(encoding="utf-8"))
        _ = about["source"]["file"], about["source"]["md5"], [(f["size"], f["sha256"]) for f in about["files"].values()]
        return about
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def write_about(name: str, source: Path, md5: str, converted: Iterable[Path]) -> None:
    """Write about.json, which makes a model ready and records the size and hash of its files as they are now."""
    sums = {file.name: {"size": files.size(file), "sha256": files.digest(file, "sha256")} for file in converted}
    about = {"source": {"file": source.name, "md5": md5}, "files": sums}
    content = json.dumps(about, indent=2, ensure_ascii=False) + "\n"
    write_whole(folder() / name / "about.json", content.encode("utf-8"))

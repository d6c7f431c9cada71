"""`models`: the weights of the neural engine, which the user downloads or imports."""

from __future__ import annotations

import argparse
import sys
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING

from ..shared.errors import UserError

if TYPE_CHECKING:  # what it imports is not there before the environment is
    from models.weights import Status

BAD = 1
"""The exit code of `models verify` when a model is damaged or incomplete."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)

    def action(name: str, text: str) -> argparse.ArgumentParser:
        return actions.add_parser(name, help=text, description=text)

    action("list", "Lists the models and the state they are in. Uses no network.")
    fetch = action("fetch", "Downloads a model and prepares it. Continues where an earlier attempt stopped.")
    fetch.add_argument("name", metavar="NAME", help="The model, such as vox-adv-256. “models list” shows all of them.")
    fetch.add_argument("--yes", action="store_true", help="Download without asking about the licence first.")
    bring = action("import", "Prepares a checkpoint that is already on this computer. The file itself is not changed.")
    bring.add_argument("file", metavar="FILE", help="A .pth.tar, .pth or .safetensors file.")
    bring.add_argument("--as", dest="name", metavar="NAME", help="The name to give it. Default: its known name, or the file's.")
    action("verify", "Reads the models on this computer and compares their hashes. Uses no network.")


def run(arguments: argparse.Namespace) -> int:
    if arguments.action == "list":
        return _list()
    if arguments.action == "verify":
        return _verify()
    if arguments.action == "fetch":
        return _fetch(arguments.name, arguments.yes)
    return _import(arguments.file, arguments.name)


def _list() -> int:
    from models import weights
    for status in weights.everything():
        _show(status)
    print(f"They are kept in {weights.folder()}")
    return 0


def _verify() -> int:
    from models import weights
    begun = [status for status in weights.everything(thoroughly=True) if status.state is not weights.State.ABSENT]
    for status in begun:
        _show(status)
    if not begun:
        print("There are no models on this computer. To see which ones exist, run: python3 obs_avatar.py models list")
    return 0 if all(status.state is weights.State.READY for status in begun) else BAD


def _show(status: Status) -> None:
    print(f"{status.name}: {status.state.value}  ({status.title})\n    {status.text}")


def _fetch(name: str, yes: bool) -> int:
    from models import weights
    known = weights.downloadable(name)
    state = weights.look(name, thoroughly=True).state
    if state is weights.State.READY:
        print(f"{name} is already on this computer, complete and undamaged.")
        return 0
    if state is not weights.State.UNCONVERTED:
        print(textwrap.fill(known.licence, 100))
        if not (yes or _agreed(f"Download {known.file_name}, {known.size / 1e6:.0f} MB?")):
            raise UserError("Nothing was downloaded, because nobody agreed to it. Add --yes to agree.")
    _with_bar(name)
    print(f"{name} is ready.")
    return 0


def _with_bar(name: str) -> None:
    from rich.progress import BarColumn, DownloadColumn, Progress, TimeRemainingColumn, TransferSpeedColumn

    from models import weights
    bar = Progress(BarColumn(), DownloadColumn(), TransferSpeedColumn(), TimeRemainingColumn())
    task = bar.add_task(name, total=None)

    def say(sentence: str) -> None:
        bar.console.print(sentence, markup=False, highlight=False, soft_wrap=True)

    try:
        with bar:
            weights.fetch(name, lambda here, total: bar.update(task, completed=here, total=total), say)
    except KeyboardInterrupt:
        print("The part that was downloaded is kept. Run the same command to continue from there.", file=sys.stderr)
        raise


def _import(file: str, name: str) -> int:
    from models import weights
    name = weights.import_file(Path(file).expanduser(), name, print)
    print(f"{name} is ready.")
    return 0


def _agreed(question: str) -> bool:
    if not sys.stdin.isatty():
        return False
    try:
        return input(f"{question} [y/N] ").strip().lower() in ("y", "yes")
    except EOFError:
        return False
